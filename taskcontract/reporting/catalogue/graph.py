"""Who calls whom, drawn: callers left, the services that they call to their right."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from taskcontract.reporting.contracts.markup import element

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from xml.etree.ElementTree import Element

__all__ = ["draw_graph", "place_nodes"]

WIDTH, HEIGHT = 170, 34
"""Of a service's box."""
ACROSS, DOWN = 270, 56
"""From one box to the next."""
MARGIN = 14
MOST_LETTERS = 19


class Place(NamedTuple):
    """The column and the row of a service."""

    column: int
    row: int

    @property
    def left(self) -> int:
        """Where its box begins."""
        return MARGIN + self.column * ACROSS

    @property
    def middle(self) -> int:
        """Half its box's height."""
        return MARGIN + self.row * DOWN + HEIGHT // 2


def place_nodes(calls: Mapping[str, Iterable[str]]) -> dict[str, Place]:
    """Return the place of each service of `calls`, which says whom each of them calls.

    A service stands to the right of all that call it, but for calls in a circle.
    """
    called = {name: sorted(set(others)) for name, others in sorted(calls.items())}
    columns = dict.fromkeys(sorted({*called, *(each for others in called.values() for each in others)}), 0)
    forward = [pair for name in columns for pair in _find_forward(name, called)]
    for _ in columns:  # no way is longer than there are services
        moved = False
        for caller, callee in forward:
            if columns[callee] <= columns[caller]:
                columns[callee], moved = columns[caller] + 1, True
        if not moved:
            break
    rows: dict[int, int] = {}
    places = {}
    for name, column in columns.items():
        places[name] = Place(column, rows.get(column, 0))
        rows[column] = rows.get(column, 0) + 1
    return places


def _find_forward(name: str, called: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    """Return the calls of a service, but for those of a circle that lead back to a name before its own."""
    return [
        (name, other) for other in called.get(name, ()) if not (other <= name and _leads(other, name, called))
    ]


def _leads(start: str, end: str, called: Mapping[str, list[str]]) -> bool:
    seen, waiting = {start}, [start]
    while waiting:
        for other in called.get(waiting.pop(), ()):
            if other == end:
                return True
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return start == end


def draw_graph(calls: Mapping[str, Iterable[str]], link: Callable[[str], str | None]) -> Element:
    """Return the drawing as SVG; `link` gives the address of a service's page, None where it has none."""
    places = place_nodes(calls)
    columns = max((each.column for each in places.values()), default=0)
    rows = max((each.row for each in places.values()), default=0)
    width = 2 * MARGIN + columns * ACROSS + WIDTH
    height = 2 * MARGIN + rows * DOWN + HEIGHT
    lines = [
        _draw_call(caller, callee, places)
        for caller, others in sorted(calls.items())
        for callee in sorted(set(others))
    ]
    boxes = [_draw_service(name, place, link(name)) for name, place in places.items()]
    tip = element("path", d="M0 0 L8 4 L0 8 z")
    marker = element(
        "marker", tip, id="tip", markerWidth="8", markerHeight="8", refX="8", refY="4", orient="auto"
    )
    return element(
        "svg",
        element("title", "Who calls whom"),
        element("defs", marker),
        *lines,
        *boxes,
        viewBox=f"0 0 {width} {height}",
        width=str(width),
        height=str(height),
        role="img",
        class_="graph",
    )


def _draw_call(caller: str, callee: str, places: Mapping[str, Place]) -> Element:
    start, end = places[caller], places[callee]
    if end.column > start.column:
        left, right = start.left + WIDTH, end.left
        bend = (right - left) // 2
        turns = f"{left + bend} {start.middle} {right - bend} {end.middle}"
        way = f"M{left} {start.middle} C{turns} {right} {end.middle}"
    else:  # back, or to itself: around
        left, right = start.left + WIDTH // 2, end.left + WIDTH // 2
        low = max(start.middle, end.middle) + HEIGHT // 2 + 14
        half = HEIGHT // 2
        way = f"M{left} {start.middle + half} C{left} {low} {right} {low} {right} {end.middle + half}"
    title = element("title", f"{caller} calls {callee}")
    return element("path", title, d=way, class_="call", **{"marker-end": "url(#tip)"})


def _draw_service(name: str, place: Place, address: str | None) -> Element:
    shown = name if len(name) <= MOST_LETTERS else f"{name[: MOST_LETTERS - 1]}…"
    box = element(
        "rect",
        x=str(place.left),
        y=str(place.middle - HEIGHT // 2),
        width=str(WIDTH),
        height=str(HEIGHT),
        rx="5",
    )
    text = element(
        "text", shown, x=str(place.left + WIDTH // 2), y=str(place.middle + 5), **{"text-anchor": "middle"}
    )
    if address is None:
        return element("g", element("title", name), box, text, class_="elsewhere")
    return element("a", element("title", name), box, text, href=address)
