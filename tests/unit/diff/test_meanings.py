"""Pairs of bindings whose meaning is known by hand: how grave, which bump, which order to deploy in.

Judged from what Celery and a worker do, never from what the diff says: a row that disagrees is a fault of the
diff until somebody shows by experiment that it is one of the row.
"""

from __future__ import annotations

import pytest

from taskcontract.diff import Policy, find_changes
from taskcontract.diff.bump import find_deploy_order, find_required_bump
from taskcontract.model.finding import SEVERITIES
from tests.support.bindings_pairs import spec_of

POLICY = Policy(today="2026-11-27")

BREAKS = ("breaking", "major", "new-major")
READERS = ("breaking", "major", "callers-first")
NEWER = ("safe", "minor", "workers-first")
SILENT = ("dangerous", "minor", "any")
TUNED = ("safe", "patch", "any")
NOTHING = ("nothing", "none", "any")

Meaning = tuple[str, str, str]

SIGNATURES: dict[str, tuple[str, str, Meaning]] = {
    "nothing": ("f(a: str) -> str", "f(a: str) -> str", NOTHING),
    "another order of the file": ("f(a: str) -> str; g() -> None", "g() -> None; f(a: str) -> str", NOTHING),
    "a required one more": ("f(a: str) -> str", "f(a: str, b: str) -> str", BREAKS),
    "an optional one more": ("f(a: str) -> str", "f(a: str, b: str = '') -> str", NEWER),
    "an optional one between": (
        "f(a: str, c: str = '') -> str",
        "f(a: str, b: str = '', c: str = '') -> str",
        BREAKS,
    ),
    "an optional one in front": ("f(a: str = '') -> str", "f(b: str = '', a: str = '') -> str", BREAKS),
    "a named optional one more": ("f(a: str) -> str", "f(a: str, *, b: str = '') -> str", NEWER),
    "a named required one more": ("f(a: str) -> str", "f(a: str, *, b: str) -> str", BREAKS),
    "a required one less": ("f(a: str, b: str) -> str", "f(a: str) -> str", BREAKS),
    "an optional one less": ("f(a: str, b: str = '') -> str", "f(a: str) -> str", BREAKS),
    "one less, into the extras": (
        "f(a: str, b: str = '', **m: str) -> str",
        "f(a: str, **m: str) -> str",
        BREAKS,
    ),
    "renamed": ("f(a: str) -> str", "f(b: str) -> str", BREAKS),
    "renamed, into the extras": (
        "f(a: str = '', **m: str) -> str",
        "f(b: str = '', **m: str) -> str",
        BREAKS,
    ),
    "renamed where no message names it": ("f(a: str, /) -> str", "f(b: str, /) -> str", TUNED),
    "swapped": ("f(a: str, b: str) -> str", "f(b: str, a: str) -> str", BREAKS),
    "swapped, of two types": ("f(a: str, b: int) -> str", "f(b: int, a: str) -> str", BREAKS),
    "swapped where each is named": ("f(*, a: str, b: str) -> str", "f(*, b: str, a: str) -> str", NOTHING),
    "by name only": ("f(a: str) -> str", "f(*, a: str) -> str", BREAKS),
    "by position only": ("f(a: str) -> str", "f(a: str, /) -> str", BREAKS),
    "by position as well": ("f(*, a: str) -> str", "f(a: str) -> str", NEWER),
    "by name as well": ("f(a: str, /) -> str", "f(a: str) -> str", NEWER),
    "no default any more": ("f(a: str = '') -> str", "f(a: str) -> str", BREAKS),
    "a default now": ("f(a: str) -> str", "f(a: str = '') -> str", NEWER),
    "another default": ("f(a: str = 'x') -> str", "f(a: str = 'y') -> str", SILENT),
    "further arguments": ("f(a: str) -> str", "f(a: str, *b: str) -> str", NEWER),
    "no further arguments": ("f(a: str, *b: str) -> str", "f(a: str) -> str", BREAKS),
    "further keywords": ("f(a: str) -> str", "f(a: str, **b: str) -> str", NEWER),
    "no further keywords": ("f(a: str, **b: str) -> str", "f(a: str) -> str", BREAKS),
    "the rest renamed": ("f(*a: str, **b: str) -> str", "f(*c: str, **d: str) -> str", TUNED),
    "an extra key taken": ("f(**m: str) -> str", "f(*, a: str = '', **m: str) -> str", BREAKS),
    "a further argument taken": (
        "f(a: str, *b: str) -> str",
        "f(a: str, c: str = '', *b: str) -> str",
        BREAKS,
    ),
    "a secret shown": ("f(a: Annotated[str, Secret]) -> str", "f(a: str) -> str", SILENT),
    "a secret hidden": ("f(a: str) -> str", "f(a: Annotated[str, Secret]) -> str", TUNED),
    "a secret renamed and shown": ("f(a: Annotated[str, Secret]) -> str", "f(b: str) -> str", BREAKS),
}

VALUES: dict[str, tuple[str, str, Meaning]] = {
    "another type": ("f(a: int) -> str", "f(a: list[int]) -> str", BREAKS),
    "or null": ("f(a: int) -> str", "f(a: int | None) -> str", NEWER),
    "no null": ("f(a: int | None) -> str", "f(a: int) -> str", BREAKS),
    "one more of a list": ("f(a: Literal['x']) -> str", "f(a: Literal['x', 'y']) -> str", NEWER),
    "one less of a list": ("f(a: Literal['x', 'y']) -> str", "f(a: Literal['x']) -> str", BREAKS),
    "shorter": ("f(a: str) -> str", "f(a: Annotated[str, MaxLen(5)]) -> str", BREAKS),
    "longer": ("f(a: Annotated[str, MaxLen(5)]) -> str", "f(a: Annotated[str, MaxLen(9)]) -> str", NEWER),
    "shifted": (
        "f(a: Annotated[int, Ge(0), Le(9)]) -> str",
        "f(a: Annotated[int, Ge(1), Le(10)]) -> str",
        BREAKS,
    ),
    "a required key more": ("f(a: Plain) -> str", "f(a: Tagged) -> str", BREAKS),
    "a key that must be there now": ("f(a: Note) -> str", "f(a: Tagged) -> str", BREAKS),
    "a key that may be left out": ("f(a: Tagged) -> str", "f(a: Note) -> str", NEWER),
    "an optional key more": (
        "f(a: Plain) -> str",
        "f(a: Note) -> str",
        ("dangerous", "minor", "workers-first"),
    ),
    "a key less": ("f(a: Note) -> str", "f(a: Plain) -> str", SILENT),
    "a required key less": (
        "f(a: Tagged) -> str",
        "f(a: Plain) -> str",
        ("dangerous", "minor", "workers-first"),
    ),
    "another result": ("f() -> str", "f() -> list[str]", BREAKS),
    "a result or null": ("f() -> str", "f() -> str | None", READERS),
    "a result, never null": ("f() -> str | None", "f() -> str", NEWER),
    "one result more": ("f() -> Literal['x']", "f() -> Literal['x', 'y']", READERS),
    "one result less": ("f() -> Literal['x', 'y']", "f() -> Literal['x']", NEWER),
    "a larger result": ("f() -> Url", "f() -> Sized", NEWER),
    "a smaller result": ("f() -> Sized", "f() -> Url", READERS),
    "a key of a result may be missing": ("f() -> Tagged", "f() -> Note", READERS),
    "a key of a result is always there": ("f() -> Note", "f() -> Tagged", NEWER),
    "a parameter and a result": ("f() -> str", "f(a: str = '') -> str | None", BREAKS),
}

DELIVERY: dict[str, tuple[str, str, Meaning]] = {
    "another queue": ("f() -> str", "[queue='slow'] f() -> str", BREAKS),
    "another queue for all": (
        "f() -> str; g() -> str",
        "Service(queue='other'); f() -> str; g() -> str",
        BREAKS,
    ),
    "another queue beside the old": (
        "f() -> str; g() -> str",
        "f() -> str; [queue='slow'] g() -> str",
        NEWER,
    ),
    "between two queues": (
        "f() -> str; [queue='slow'] g() -> str; h() -> str; [queue='slow'] i() -> str",
        "[queue='slow'] f() -> str; g() -> str; h() -> str; [queue='slow'] i() -> str",
        ("safe", "minor", "any"),
    ),
    "the default queue by its name": (
        "Service(queue=None); f() -> str",
        "Service(queue='celery'); f() -> str",
        NOTHING,
    ),
    "no name for the default queue": (
        "Service(queue='celery'); f() -> str",
        "Service(); f() -> str",
        NOTHING,
    ),
    "away from the default queue": ("Service(); f() -> str", "Service(queue='shop'); f() -> str", BREAKS),
    "to the default queue": ("f() -> str", "Service(); f() -> str", BREAKS),
    "a default queue in both": (
        "Service(); f() -> str; [queue='celery'] g() -> str; [queue='shop'] h() -> str",
        "Service(); f() -> str; g() -> str; [queue='shop'] h() -> str",
        NOTHING,
    ),
    "another serializer": ("f() -> str", "[serializer='msgpack'] f() -> str", BREAKS),
    "another serializer for all": (
        "f() -> str",
        "Service(queue='shop', serializer='yaml'); f() -> str",
        BREAKS,
    ),
    "acknowledged late": ("f() -> str", "[acks_late=True] f() -> str", SILENT),
    "acknowledged early": ("[acks_late=True] f() -> str", "[acks_late=False] f() -> str", SILENT),
    "acknowledged as ever": ("f() -> str", "[acks_late=False] f() -> str", NOTHING),
    "expires": ("f() -> str", "[expires=60] f() -> str", SILENT),
    "expires sooner": ("[expires=60] f() -> str", "[expires=6] f() -> str", SILENT),
    "expires later": ("[expires=60] f() -> str", "[expires=600] f() -> str", TUNED),
    "never expires": ("[expires=60] f() -> str", "f() -> str", SILENT),
    "a time limit": ("f() -> str", "[time_limit=60] f() -> str", SILENT),
    "a shorter soft limit": ("[soft_time_limit=60] f() -> str", "[soft_time_limit=6] f() -> str", SILENT),
    "no time limit": ("[time_limit=60] f() -> str", "f() -> str", TUNED),
    "fewer retries": ("f() -> str", "[max_retries=0] f() -> str", SILENT),
    "retries without end": ("f() -> str", "[max_retries=None] f() -> str", TUNED),
    "a lower rate": ("f() -> str", "[rate_limit='10/m'] f() -> str", ("dangerous", "patch", "any")),
    "a higher rate": ("[rate_limit='10/m'] f() -> str", "[rate_limit='10/s'] f() -> str", TUNED),
    "another priority": ("[priority=1] f() -> str", "[priority=9] f() -> str", TUNED),
    "no result any more": ("f() -> str", "[ignore_result=True] f() -> str", READERS),
    "a result again": ("[ignore_result=True] f() -> str", "f() -> str", NEWER),
    "an error more": (
        "f() -> str",
        "[errors=(BusyError,)] f() -> str",
        ("dangerous", "major", "callers-first"),
    ),
    "an error less": (
        "[errors=(BusyError,)] f() -> str",
        "f() -> str",
        ("dangerous", "major", "workers-first"),
    ),
    "another error": (
        "[errors=(BusyError,)] f() -> str",
        "[errors=(GoneError,)] f() -> str",
        ("dangerous", "major", "new-major"),
    ),
    "an option and an error": (
        "f(a: str) -> str",
        "[errors=(BusyError,)] f(a: str, b: str = '') -> str",
        ("dangerous", "major", "new-major"),
    ),
}

LIVES: dict[str, tuple[str, str, Meaning]] = {
    "a new task": ("f() -> str", "f() -> str; g() -> str", NEWER),
    "a task less": ("f() -> str; g() -> str", "f() -> str", BREAKS),
    "renamed": ("f(a: str) -> str", "g(a: str) -> str", BREAKS),
    "renamed, the wire name kept": (
        "f(a: str) -> str",
        "[name='shop.f'] g(a: str) -> str",
        ("dangerous", "major", "any"),
    ),
    "renamed, the old wire name served": (
        "f(a: str) -> str",
        "[aliases=('shop.f',)] g(a: str) -> str",
        ("dangerous", "major", "workers-first"),
    ),
    "an alias less": ("[aliases=('shop.e',)] f() -> str", "f() -> str", BREAKS),
    "another wire name": ("f(a: str) -> str", "[name='shop.other'] f(a: str) -> str", BREAKS),
    "the same wire name, said": ("f(a: str) -> str", "[name='shop.f'] f(a: str) -> str", NOTHING),
    "a new version": ("f() -> str", "f() -> str; [version='2.0.0', supersedes=f] f_v2(a: str) -> int", NEWER),
    "a new version in place of the old": (
        "f() -> str",
        "[version='2.0.0'] f_v2(a: str) -> int",
        BREAKS,
    ),
    "a new version, the old one deprecated": (
        "f() -> str",
        "[deprecated='2026-12-01', sunset='2099-01-01'] f() -> str; "
        "[version='2.0.0', supersedes=f] f_v2() -> int",
        NEWER,
    ),
    "a third version": (
        "f() -> str; [version='2.0.0', supersedes=f] g() -> int",
        "f() -> str; [version='2.0.0', supersedes=f] g() -> int; [version='3.0.0', supersedes=g] h() -> int",
        NEWER,
    ),
    "the first version less": (
        "f() -> str; [version='2.0.0', supersedes=f] f_v2() -> int",
        "[version='2.0.0'] f_v2() -> int",
        BREAKS,
    ),
    "a version less, past its sunset": (
        "[sunset='2026-11-26'] f() -> str; [version='2.0.0', supersedes=f] f_v2() -> int",
        "[version='2.0.0'] f_v2() -> int",
        ("safe", "minor", "any"),
    ),
    "a version less, on its last day": (
        "[sunset='2026-11-27'] f() -> str; [version='2.0.0', supersedes=f] f_v2() -> int",
        "[version='2.0.0'] f_v2() -> int",
        BREAKS,
    ),
    "two versions change names": (
        "f() -> str; [version='2.0.0', supersedes=f] f_v2() -> str",
        "[version='2.0.0', name='shop.f'] f_v2() -> str; [name='shop.f_v2'] f() -> str",
        BREAKS,
    ),
    "a higher minor version": ("f() -> str", "[version='1.1.0'] f() -> str", NOTHING),
    "deprecated": ("f() -> str", "[deprecated='2026-12-01'] f() -> str", ("safe", "minor", "any")),
    "a sunset": ("f() -> str", "[sunset='2027-06-30'] f() -> str", ("safe", "minor", "any")),
    "a sunset today": ("f() -> str", "[sunset='2026-11-27'] f() -> str", ("safe", "minor", "any")),
    "a sunset yesterday": ("f() -> str", "[sunset='2026-11-26'] f() -> str", BREAKS),
    "a sunset sooner": ("[sunset='2027-06-30'] f() -> str", "[sunset='2027-01-31'] f() -> str", BREAKS),
    "a sunset moved into the past": (
        "[sunset='2027-06-30'] f() -> str",
        "[sunset='2026-01-31'] f() -> str",
        BREAKS,
    ),
    "a sunset later": ("[sunset='2027-06-30'] f() -> str", "[sunset='2028-06-30'] f() -> str", NOTHING),
    "a sunset that was over, and is": (
        "[sunset='2026-06-30'] f() -> str",
        "[sunset='2026-05-30'] f() -> str",
        NOTHING,
    ),
    "a sunset that was over, and is not": (
        "[sunset='2026-06-30'] f() -> str",
        "[sunset='2027-06-30'] f() -> str",
        ("safe", "patch", "workers-first"),
    ),
    "a sunset withdrawn": ("[sunset='2027-06-30'] f() -> str", "f() -> str", TUNED),
    "a deprecation withdrawn": ("[deprecated='2026-01-01'] f() -> str", "f() -> str", TUNED),
    "a new version past its sunset": (
        "f() -> str",
        "f() -> str; [version='2.0.0', sunset='2026-01-01', supersedes=f] f_v2() -> str",
        BREAKS,
    ),
    "a higher version of the service": (
        "f() -> str",
        "Service(queue='shop', version='1.2.0'); f() -> str",
        NOTHING,
    ),
}

PAIRS = {
    f"{group}: {name}": row
    for group, rows in {
        "signature": SIGNATURES,
        "value": VALUES,
        "delivery": DELIVERY,
        "life": LIVES,
    }.items()
    for name, row in rows.items()
}


@pytest.mark.parametrize(("old", "new", "meaning"), PAIRS.values(), ids=PAIRS)
def test_a_pair_means_what_is_known_of_it(old: str, new: str, meaning: Meaning) -> None:
    findings = list(find_changes(spec_of(old), spec_of(new), policy=POLICY))
    severities = {finding.severity for finding in findings}
    worst = next((severity for severity in SEVERITIES if severity in severities), "nothing")
    assert (worst, find_required_bump(findings), find_deploy_order(findings)) == meaning
