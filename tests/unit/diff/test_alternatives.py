"""What a union no longer takes, or takes as well, is told truly: its texts are told apart by their form."""

from __future__ import annotations

import re
from datetime import date
from itertools import permutations
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from taskcontract import Service
from taskcontract.diff import find_changes
from taskcontract.errors import ArgumentValueError

if TYPE_CHECKING:
    from taskcontract.declare.task import Task

TYPES: dict[str, Any] = {
    "uuid": UUID,
    "str": str,
    "date": date,
    "uuid or str": UUID | str,
    "str or uuid": str | UUID,
    "date or uuid": date | UUID,
    "bytes or uuid": bytes | UUID,
    "all": date | UUID | str,
    "int or uuid": int | UUID,
}
SAMPLES: dict[str, Any] = {
    "uuid text": str(UUID(int=1)),
    "date text": "2027-01-31",
    "base64 text": "AAE=",
    "other text": "?",
    "string": "?",
    "integer": 1,
}


def declare(kind: Any) -> tuple[Service, Task[..., Any]]:
    def take(value): ...

    take.__annotations__ = {"value": kind, "return": None}
    service = Service("texts")
    return service, service.task(version="1.0.0")(take)


def takes(task: Task[..., Any], value: Any) -> bool:
    try:
        task.binder.decode_call([value], {})
    except ArgumentValueError:
        return False
    return True


@pytest.mark.parametrize(("one", "other"), [*permutations(TYPES, 2)])
def test_what_is_said_of_texts_is_so(one: str, other: str) -> None:
    (old, before), (new, now) = declare(TYPES[one]), declare(TYPES[other])
    for finding in find_changes(old.spec(), new.spec()):
        said = finding.consequence
        assert "#" not in said
        for pattern, refusing in (("no longer takes (.*): ", now), ("also takes (.*), which", before)):
            for named in re.findall(pattern, said):
                for form in named.split(" or "):
                    assert not takes(refusing, SAMPLES[form]), said
