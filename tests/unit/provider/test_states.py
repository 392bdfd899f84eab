"""Provider states are set up by name and torn down in reverse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from taskcontract.errors import ProviderError
from taskcontract.provider.states import StateTable

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def log() -> list[str]:
    return []


@pytest.fixture
def states(log: list[str]) -> StateTable:
    table = StateTable()

    def bucket(name: str) -> Iterator[None]:
        log.append(f"make {name}")
        yield
        log.append(f"drop {name}")

    def failing() -> Iterator[None]:
        yield
        raise OSError("disk")

    table.add("a bucket", bucket)
    table.add("a failing end", failing)
    table.add("nothing", lambda: log.append("nothing"))
    return table


def test_what_is_set_up_is_torn_down_in_reverse(states: StateTable, log: list[str]) -> None:
    states.set_up("a bucket", {"name": "x"})
    states.set_up("nothing", {})
    states.set_up("a bucket", {"name": "y"})
    states.tear_down()
    states.tear_down()
    assert log == ["make x", "nothing", "make y", "drop y", "drop x"]


def test_every_state_is_torn_down_even_after_an_error(states: StateTable, log: list[str]) -> None:
    states.set_up("a bucket", {"name": "x"})
    states.set_up("a failing end", {})
    with pytest.raises(OSError, match="disk"):
        states.tear_down()
    assert log == ["make x", "drop x"]


def test_an_unknown_state_lists_the_known_ones(states: StateTable) -> None:
    with pytest.raises(ProviderError, match="no state 'a bukcet'") as caught:
        states.set_up("a bukcet", {})
    assert "'a bucket', 'a failing end', 'nothing'" in caught.value.do


def test_a_state_is_declared_once(states: StateTable) -> None:
    with pytest.raises(ProviderError, match="'nothing' is declared twice"):
        states.add("nothing", lambda: None)
