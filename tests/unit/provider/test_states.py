"""Provider states are set up by name and torn down in reverse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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


def test_what_is_set_up_is_torn_down(states: StateTable, log: list[str]) -> None:
    opened = [
        states.open("a bucket", {"name": "x"}),
        states.open("nothing", {}),
        states.open("a bucket", {"name": "y"}),
    ]
    for each in reversed(opened):
        each.tear_down()
    assert log == ["make x", "nothing", "make y", "drop y", "drop x"]


def test_an_error_of_the_end_passes_through(states: StateTable) -> None:
    opened = states.open("a failing end", {})
    with pytest.raises(OSError, match="disk"):
        opened.tear_down()


def test_a_function_that_is_yielded_is_the_check(states: StateTable, log: list[str]) -> None:
    def audited() -> Iterator[object]:
        yield lambda: log.append("looked")
        log.append("ended")

    states.add("audited", audited)
    opened = states.open("audited", {})
    opened.check()
    opened.tear_down()
    states.open("a bucket", {"name": "x"}).check()
    assert log == ["looked", "ended", "make x"]


def test_a_state_ends_once(states: StateTable) -> None:
    def twice() -> Iterator[None]:
        yield
        yield

    states.add("twice", twice)
    with pytest.raises(ProviderError, match="'twice' yields twice"):
        states.open("twice", {}).tear_down()


def test_an_unknown_state_lists_the_known_ones(states: StateTable) -> None:
    with pytest.raises(ProviderError, match="no state 'a bukcet'") as caught:
        states.open("a bukcet", {})
    assert "'a bucket', 'a failing end', 'nothing'" in caught.value.do


def test_a_state_is_declared_once(states: StateTable) -> None:
    with pytest.raises(ProviderError, match="'nothing' is declared twice"):
        states.add("nothing", lambda: None)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"where": "moon"}, "cannot be brought about in 'moon'"),
        ({"touches": "bucket:{nmae}"}, "has no parameter 'nmae'"),
        ({"touches": ("bucket:{name}", "{")}, "is no name of something"),
        ({"touches": "{}"}, "is no name of something"),
        ({"touches": [7]}, "is no name of something"),
    ],
)
def test_wrong_declarations_are_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ProviderError, match=said):
        StateTable().add("a bucket", lambda name: None, **options)


def test_what_is_touched_has_places_for_parameters() -> None:
    table = StateTable()
    table.add("a bucket", lambda name, region="north": None, touches="bucket:{region}/{name}")
    table.add("any", lambda **params: None, touches=("{anything}",))
    table.add("unknown", lambda: None)
    assert [state.touches for state in table.declared] == [
        ("bucket:{region}/{name}",),
        ("{anything}",),
        None,
    ]
    assert table.declared[0].defaults == {"region": "north"}
