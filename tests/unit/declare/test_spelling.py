"""Values as source: evaluating it gives the value again, whatever stands in it."""

from __future__ import annotations

import enum
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from ipaddress import IPv6Network
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from pydantic import AnyUrl, BaseModel, ConfigDict, Field

from taskcontract.declare.spelling import spell_value
from taskcontract.model.python_text import spell_json, spell_keywords
from tests.support.stable_ids import stable_id


class Rights(enum.Flag):
    READ = 1
    WRITE = 2


class Pair(NamedTuple):
    x: int
    y: set[str]


class Aliased(BaseModel):
    number: int = Field(alias="no")
    note: str = "x"


class Either(BaseModel):
    model_config = ConfigDict(populate_by_name=True)
    number: int = Field(alias="no")


VALUES: list[Any] = [
    None,
    -0.5,
    "quotes \" and ' and \\ and\n\t\x00\x7f\u202e\u2028\U000e0001 é",
    b"\x00'\"",
    UUID(int=7),
    Decimal("1E+3"),
    datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
    date(2026, 1, 2),
    time(3, 4, 5, 6),
    -timedelta(days=1, microseconds=5),
    Path("/tmp/a b"),
    IPv6Network("2001:db8::/32"),
    AnyUrl("https://example.org/"),
    Rights.READ,
    Rights.READ | Rights.WRITE,
    Rights(0),
    Pair(1, {"b", "a"}),
    Aliased(no=1),
    Either.model_validate({"number": 2}),
    [(), (1,), {1: {2}}, frozenset(), frozenset({3}), set()],
]


@pytest.mark.parametrize("value", VALUES, ids=stable_id)
def test_source_gives_the_value_again(value: Any) -> None:
    source = spell_value(value)
    assert source.isprintable()
    assert eval(source, {**globals()}) == value


@pytest.mark.parametrize(
    "kwargs", [{}, {"a": 1}, {"a": 1, "class": 2, "not a name": {"x": [None, True]}}, {'"}': "\u202e"}]
)
def test_every_keyword_can_be_sent(kwargs: dict[str, Any]) -> None:
    given = ", ".join(spell_keywords({name: spell_json(value) for name, value in kwargs.items()}))
    assert eval(f"dict({given})") == kwargs
