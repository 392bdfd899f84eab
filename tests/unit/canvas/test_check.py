"""What `canvas.check` says of links, in each form that a canvas has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import pydantic
import pytest
from celery import Celery, chain, chord, group, signature

from taskcontract import Carried, Service, canvas
from taskcontract.errors import CanvasError, UndecidedLinkWarning

if TYPE_CHECKING:
    from collections.abc import Callable

app = Celery("tests", broker="memory://", set_as_current=False)
stock = Service("stock")
tenant = Carried("tenant", str, keyword="_tenant")
rooms = Service("rooms", carries=(tenant,))
tenant.fill(lambda: "acme")
stock.use(app)
rooms.use(app)


@dataclass
class Note:
    item: str
    count: int


def is_short(text: str) -> str:
    if len(text) > 3_000:
        raise ValueError("long")
    return text


@stock.task(version="1.0.0")
def reserve(item: str, count: int = 1) -> Note: ...


@stock.task(version="2.0.0", supersedes=reserve)
def reserve_v2(item: str, count: int = 1) -> list[Note]: ...


@stock.task(version="1.0.0")
def confirm(note: Note, day: date = date(2027, 1, 31)) -> str: ...


@stock.task(version="1.0.0")
def count(notes: list[Note]) -> int: ...


@stock.task(version="1.0.0")
def add(*numbers: int) -> int: ...


@stock.task(version="1.0.0")
def named(*, note: Note) -> None: ...


@stock.task(version="1.0.0")
def maybe(item: str) -> Note | None: ...


@stock.task(version="1.0.0")
def short(text: Annotated[str, pydantic.AfterValidator(is_short)]) -> str: ...


@stock.task(version="1.0.0")
def pair(both: tuple[Note, str]) -> None: ...


@stock.task(version="1.0.0")
def failed(task_id: str) -> None: ...


@rooms.task(version="1.0.0")
def book(note: Note) -> Note: ...


plain: Any = signature("other.task")

FITTING: dict[str, Callable[[], dict[str, Any]]] = {
    "a chain": lambda: chain(reserve.s("pen"), confirm.s()),
    "a chain by |": lambda: reserve.s("pen") | confirm.s(),
    "arguments behind the result": lambda: reserve.s("pen") | confirm.s(date(2027, 1, 1)),
    "keywords beside the result": lambda: reserve.s("pen") | confirm.s(day=date(2027, 1, 1)),
    "an immutable link": lambda: reserve.s("pen") | add.si(1, 2),
    "a chord": lambda: chord([reserve.s("pen"), reserve.s("cup")], count.s()),
    "a group upgraded to a chord": lambda: chain(group(reserve.s("pen"), reserve.s("cup")), count.s()),
    "a group of one": lambda: chain(group(reserve.s("pen")), confirm.s()),
    "a group behind a task": lambda: chain(reserve.s("pen"), group(confirm.s(), confirm.s())),
    "different results": lambda: chord([reserve.s("pen"), reserve.s("x") | confirm.s()], pair.s()),
    "chains in a chain": lambda: chain(chain(reserve.s("pen"), confirm.s()), reserve.s()),
    "a chain in a header": lambda: chord([reserve.s("a"), confirm.s(Note("a", 1)) | reserve.s()], count.s()),
    "a map": lambda: reserve.map(["pen", "cup"]) | count.s(),
    "a starmap": lambda: reserve.starmap([("pen", 1), ("cup", 2)]) | count.s(),
    "a link": lambda: reserve.s("pen").set(link=confirm.s()),
    "an errback": lambda: reserve.s("pen").set(link_error=failed.s()),
    "*args": lambda: count.s([]) | add.s(1),
    "another version": lambda: reserve_v2.s("pen") | count.s(),
    "what is carried": lambda: reserve.s("pen") | book.s() | book.s(),
    "one task": lambda: reserve.s("pen"),
}
MISFITS: dict[str, tuple[Callable[[], dict[str, Any]], str]] = {
    "another type": (lambda: reserve.s("pen") | reserve.s(), "'item' refuses the result"),
    "None may come": (lambda: maybe.s("pen") | confirm.s(), "refuses the result null"),
    "a list for one": (lambda: chord([reserve.s("a"), reserve.s("b")], confirm.s()), "refuses the result ["),
    "one for a list": (lambda: reserve.s("pen") | count.s(), "refuses the result {"),
    "another version": (lambda: reserve_v2.s("pen") | confirm.s(), "refuses the result ["),
    "no place": (lambda: reserve.s("pen") | named.s(), "positional argument"),
    "named as well": (lambda: reserve.s("pen") | confirm.s(note=Note("a", 1)), "multiple values"),
    "an argument too many": (lambda: reserve.s("pen") | count.s([]), "positional argument"),
    "a link": (lambda: reserve.s("pen").set(link=reserve.s()), "'item' refuses"),
    "deep in a canvas": (
        lambda: chain(reserve.s("a"), group(confirm.s(), chain(confirm.s(), count.s()))),
        "count@1.0.0 after confirm@1.0.0",
    ),
    "of a map": (lambda: reserve.map(["pen", "cup"]) | confirm.s(), "refuses the result ["),
    "*args": (lambda: reserve.s("pen") | add.s(), "'numbers' refuses"),
}


@pytest.mark.parametrize("make", FITTING.values(), ids=FITTING)
def test_what_fits(make: Callable[[], dict[str, Any]]) -> None:
    assert canvas.check(make()).fits


@pytest.mark.parametrize(("make", "said"), MISFITS.values(), ids=MISFITS)
def test_what_does_not_fit(make: Callable[[], dict[str, Any]], said: str) -> None:
    with pytest.raises(CanvasError) as caught:
        canvas.check(make())
    assert said in str(caught.value)
    assert canvas.judge(make()).misfits


def test_the_witness_is_a_result_that_the_next_task_refuses() -> None:
    (link,) = canvas.judge(maybe.s("pen") | confirm.s()).links
    assert (link.giver, link.taker, link.has_witness, link.witness) == (
        "maybe@1.0.0",
        "confirm@1.0.0",
        True,
        None,
    )


def test_an_errback_that_takes_no_id_is_a_misfit() -> None:
    call: Any = plain.clone()
    call.options["link_error"] = [named.s()]
    (link,) = canvas.judge(call).misfits
    assert "named@1.0.0 cannot be an errback" in link.why


def test_what_is_undecided_is_said() -> None:
    links = confirm.s(Note("a", 1)) | short.s()
    with pytest.warns(UndecidedLinkWarning, match=r"short@1\.0\.0 after confirm@1\.0\.0 may not fit"):
        report = canvas.check(links)
    assert not report.fits


@pytest.mark.parametrize("links", [reserve.s("pen") | plain, plain | confirm.s()], ids=["taker", "giver"])
def test_tasks_without_bindings_are_not_judged(links: dict[str, Any]) -> None:
    report = canvas.check(links)
    assert [link.why for link in report.not_judged] == ["other.task has no bindings"]
    assert not report.fits
    assert "is not judged: other.task has no bindings" in str(report)


def test_chunks_and_groups_in_groups_are_not_judged() -> None:
    for links in (
        chain(reserve.chunks([("a", 1), ("b", 2)], 1), count.s()),
        chord([group(reserve.s("a"), reserve.s("b")), reserve.s("c")], count.s()),
    ):
        assert canvas.check(links).not_judged


def test_what_is_no_canvas_is_refused() -> None:
    with pytest.raises(CanvasError, match="is not a canvas"):
        canvas.check(reserve)  # type: ignore[arg-type]
