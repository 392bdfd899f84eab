"""Whether a call fits a signature, against Python's own binding of every call that the site may stand for."""

from __future__ import annotations

import inspect
import itertools
from typing import TYPE_CHECKING, Any

import pytest

from taskcontract.diff.calls.fitting import find_misfit
from taskcontract.diff.calls.shape import shape_of_signature
from taskcontract.extract.found import CallSite
from taskcontract.model.place import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PLACE = Place("shop/views.py", 3)
NAMES = ("a", "b", "c", "z")


def nothing() -> None: ...
def one(a: Any) -> None: ...
def two(a: Any, b: Any = 1) -> None: ...
def three(a: Any, b: Any, c: Any = 1) -> None: ...
def rest(a: Any, *more: Any) -> None: ...
def named(a: Any, *, b: Any, c: Any = 1) -> None: ...
def extra(a: Any, b: Any = 1, **more: Any) -> None: ...
def all_of_it(*more: Any, **others: Any) -> None: ...
def places(a: Any, b: Any = 1, /, c: Any = 2) -> None: ...


FUNCTIONS = (nothing, one, two, three, rest, named, extra, all_of_it, places)
SITES = [
    CallSite("t", PLACE, "delay", number, keywords, more_positional, more_keywords, leading)
    for number in range(4)
    for size in range(3)
    for keywords in itertools.combinations(NAMES, size)
    for more_positional, more_keywords in itertools.product((False, True), repeat=2)
    for leading in (0, 1, None)
]


def list_messages(site: CallSite) -> Iterator[tuple[int, set[str]]]:
    """All that the site may send, as far as a signature of these can tell them apart."""
    before = range(5) if site.leading is None else [site.leading]
    after = range(5) if site.more_positional else [0]
    others = NAMES if site.more_keywords or site.leading is None else ()
    for first, last in itertools.product(before, after):
        for size in range(len(others) + 1):
            for names in itertools.combinations(others, size):
                yield first + site.positional + last, {*site.keywords, *names}


def binds(signature: inspect.Signature, number: int, names: set[str]) -> bool:
    try:
        signature.bind(*range(number), **dict.fromkeys(names))
    except TypeError:
        return False
    return True


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda each: each.__name__)
def test_a_site_fits_exactly_where_python_binds_one_of_its_messages(function: Callable[..., None]) -> None:
    signature = inspect.signature(function)
    shape = shape_of_signature(signature)
    wrong = []
    for site in SITES:
        expected = any(binds(signature, *message) for message in list_messages(site))
        if (find_misfit(site, shape) is None) != expected:
            wrong.append((site.spell(), site.leading, expected))
    assert wrong == []


@pytest.mark.parametrize(
    ("function", "site", "cause", "name"),
    [
        (one, CallSite("t", PLACE, "delay", 2), "too many", ""),
        (one, CallSite("t", PLACE, "s", 1, leading=1), "too many", ""),
        (one, CallSite("t", PLACE, "delay", 1, ("z",)), "unexpected", "z"),
        (two, CallSite("t", PLACE, "delay", 1, ("a",)), "twice", "a"),
        (three, CallSite("t", PLACE, "delay", 1, ("c",)), "missing", "b"),
        (named, CallSite("t", PLACE, "delay", 1), "missing", "b"),
    ],
)
def test_a_misfit_says_why(function: Callable[..., None], site: CallSite, cause: str, name: str) -> None:
    misfit = find_misfit(site, shape_of_signature(inspect.signature(function)))
    assert misfit is not None
    assert (misfit.cause, misfit.name) == (cause, name)
