"""Changes of types that people make, from declared bindings to the verdict."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, NamedTuple
from uuid import UUID

import pytest
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, NaiveDatetime

from taskcontract import Service
from taskcontract.diff import find_changes
from taskcontract.diff.bump import find_required_bump
from taskcontract.errors import ResultValueError

Price = Annotated[Decimal, Field(max_digits=5, decimal_places=2)]
Named = Annotated[str, Field(min_length=1)]

BREAKING = [
    (str, datetime),
    (datetime, date),
    (NaiveDatetime, AwareDatetime),
    (datetime, AwareDatetime),
    (str, Decimal),
    (Decimal, Price),
    (float, Price),
    (dict[str, int], dict[UUID, int]),
    (date | str, date),
    (str, UUID),
    (str, bytes),
]
SAFE = [
    (date, Named),
    (UUID, str),
    (AwareDatetime, datetime),
    (Price, Decimal),
    (int, Decimal),
    (date, date | str),
    (dict[UUID, int], dict[str, int]),
    (set[int], list[int]),
]


class Declared(NamedTuple):
    task: Any
    service: Service


def declare(*, value: Any = None, returns: Any = None) -> Declared:
    service = Service("shop", version="1.0.0")

    def pay(value: Any) -> Any: ...

    pay.__annotations__.update({"value": value, "return": returns})
    return Declared(service.task(version="1.0.0")(pay), service)


def changes(old: Declared, new: Declared) -> list[Any]:
    return list(find_changes(old.service.spec(), new.service.spec()))


@pytest.mark.parametrize(("old", "new"), BREAKING)
def test_a_parameter_that_narrows(old: Any, new: Any) -> None:
    before, after = declare(value=old), declare(value=new)
    findings = changes(before, after)
    assert find_required_bump(findings) == "major"
    broken = [finding.witness for finding in findings if finding.severity == "breaking"]
    assert broken
    for witness in broken:
        typed = before.task.binder.decode_call(witness.args, witness.kwargs)
        sent = before.task.binder.encode_call(*typed)  # as a typed caller sends it, perhaps in another form
        for args, kwargs in ((witness.args, witness.kwargs), sent):
            with pytest.raises(ValueError, match="parameter 'value'"):
                after.task.binder.decode_call(args, kwargs)


@pytest.mark.parametrize(("old", "new"), SAFE)
def test_a_parameter_that_widens(old: Any, new: Any) -> None:
    findings = changes(declare(value=old), declare(value=new))
    assert {finding.severity for finding in findings} <= {"safe"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (datetime, str),
        (date, datetime),
        (AwareDatetime, NaiveDatetime),
        (Decimal, str),
        (Price, Decimal),
        (Price, float),
        (dict[UUID, int], dict[str, int]),
        (date, date | str),
        (UUID, str),
    ],
)
def test_a_result_that_widens(old: Any, new: Any) -> None:
    before, after = declare(returns=old), declare(returns=new)
    findings = changes(before, after)
    assert find_required_bump(findings) == "major"
    broken = [finding.witness for finding in findings if finding.severity == "breaking"]
    assert broken
    for witness in broken:
        with pytest.raises(ResultValueError, match="returned"):
            before.task.decode_result(witness.value)


def at_least(least: int) -> Any:
    def check(value: int) -> int:
        if value < least:
            raise ValueError("too small")
        return value

    return check


def strip(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        (int, Annotated[int, AfterValidator(at_least(3))], "check"),
        (Annotated[int, AfterValidator(at_least(3))], Annotated[int, AfterValidator(at_least(5))], "check"),
        (str, Annotated[str, BeforeValidator(strip)], "strip"),
        (list[int], list[Annotated[int, AfterValidator(at_least(3))]], "check"),
    ],
)
def test_a_check_that_is_new_or_has_changed(old: Any, new: Any, named: str) -> None:
    (finding,) = (each for each in changes(declare(value=old), declare(value=new)) if each.severity != "safe")
    assert (finding.severity, finding.known) == ("dangerous", "undecided")
    assert f"`{named}` is a check that no schema shows" in finding.consequence


def test_a_check_that_is_the_same_is_no_change() -> None:
    checked = Annotated[int, AfterValidator(at_least(3))]
    again = Annotated[int, AfterValidator(at_least(3))]
    assert changes(declare(value=checked), declare(value=again)) == []
