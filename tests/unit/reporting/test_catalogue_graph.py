"""Who calls whom, as a drawing."""

from __future__ import annotations

from xml.etree.ElementTree import tostring

from hypothesis import given
from hypothesis import strategies as st

from taskcontract.reporting.catalogue.graph import draw_graph, place_nodes

CALLS = st.dictionaries(
    st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdefg"), max_size=4), max_size=6
)


def test_a_service_stands_to_the_right_of_its_callers() -> None:
    places = place_nodes({"web": ["orders"], "orders": ["billing", "mail"], "billing": ["mail"], "mail": []})
    assert [places[name].column for name in ("web", "orders", "billing", "mail")] == [0, 1, 2, 3]


def test_a_circle_is_drawn_too() -> None:
    places = place_nodes({"a": ["b"], "b": ["a", "b"]})
    assert (places["a"].column, places["b"].column) == (0, 1)


@given(CALLS)
def test_every_service_has_a_box_of_its_own_and_every_call_a_line(calls: dict[str, list[str]]) -> None:
    places = place_nodes(calls)
    named = {*calls, *(each for others in calls.values() for each in others)}
    assert set(places) == named
    assert len(set(places.values())) == len(named)
    drawn = draw_graph(calls, lambda name: f"{name}.html" if name != "g" else None)
    assert len(drawn.findall(".//rect")) == len(named)
    assert len(drawn.findall("path")) == len(
        {(name, each) for name, others in calls.items() for each in others}
    )
    width, height = int(drawn.get("width") or 0), int(drawn.get("height") or 0)
    for place in places.values():
        assert 0 <= place.left <= width
        assert 0 <= place.middle <= height
    assert draw_graph(calls, lambda name: None) is not None
    assert tostring(drawn) == tostring(
        draw_graph(calls, lambda name: f"{name}.html" if name != "g" else None)
    )
