"""What one call carries: put into a message, and taken out of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from taskcontract.declare.carried import NOTHING, Carried
from taskcontract.declare.header import HEADER
from taskcontract.errors import DeclarationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskcontract.model.canonical import Json

__all__ = [
    "carried_keywords",
    "carrying_headers",
    "check_carries",
    "hidden_keywords",
    "load",
    "unload",
    "without_keywords",
]


class Cargo:
    """What one call carries: in our own header, in headers of their own, and as hidden keywords."""

    __slots__ = ("headers", "keywords", "ours")

    def __init__(self) -> None:
        self.ours: dict[str, Json] = {}
        self.headers: dict[str, Json] = {}
        self.keywords: dict[str, Json] = {}


def load(carries: Iterable[Carried[Any]], kwargs: Any, headers: Any, where: str) -> Cargo:
    """Return what a call carries: what `kwargs` and `headers` have, checked, the rest from its sources."""
    cargo = Cargo()
    for each in carries:
        value = each.find(kwargs, headers)
        if value is NOTHING:
            value = each.ask(where)
        else:
            each.decode(value)
        if value is not NOTHING:
            getattr(cargo, PLACES[each.place])[each.key] = value
    return cargo


PLACES = {"taskcontract": "ours", "header": "headers", "keyword": "keywords"}


def unload(carries: Iterable[Carried[Any]], kwargs: Mapping[str, Any], headers: Any) -> Mapping[str, Any]:
    """Return the arguments among the keywords of a received call, once what it carries is checked.

    An ArgumentTypeError where something is missing, an ArgumentValueError for a value of another type.
    """
    for each in carries:
        value = each.find(kwargs, headers)
        if value is NOTHING:
            each.refuse_missing()
        else:
            each.decode(value)
    return without_keywords(carries, kwargs)


def carrying_headers(carries: Iterable[Carried[Any]], headers: Mapping[str, Any]) -> dict[str, Json]:
    """Return those of a message's `headers`, or what there is in ours, that carry something."""
    found = {
        each.key: headers[each.key] for each in carries if each.place == "header" and each.key in headers
    }
    ours = {
        each.key: value
        for each in carries
        if each.place == "taskcontract" and (value := each.find({}, headers)) is not NOTHING
    }
    return {**found, HEADER: {"carried": ours}} if ours else found


def check_carries(carries: Iterable[Carried[Any]], place: str) -> tuple[Carried[Any], ...]:
    """Return `carries`, if all of them are declared well and beside each other."""
    checked = tuple(carries) if isinstance(carries, Iterable) else ()
    if not isinstance(carries, Iterable) or not all(isinstance(each, Carried) for each in checked):
        raise DeclarationError(
            f"carries={carries!r} is not a tuple of what can be carried",
            where=place,
            do='Write carries=(Carried("tenant", str),), with the comma.',
        )
    names = Counter(each.name for each in checked)
    keys = Counter((each.place, each.key) for each in checked)
    for each in checked:
        if names[each.name] > 1 or keys[each.place, each.key] > 1:
            raise DeclarationError(f"{each.name!r} is carried twice", where=place, do="Keep one of them.")
    return checked


def hidden_keywords(carries: Iterable[Carried[Any]]) -> set[str]:
    """Return the keyword arguments that carry something."""
    return {each.key for each in carries if each.place == "keyword"}


def carried_keywords(carries: Iterable[Carried[Any]], kwargs: Any) -> dict[str, Json]:
    """Return the keywords that carry something: from `kwargs`, or from the call that this thread serves."""
    found = {}
    for each in carries:
        if each.place == "keyword":
            value = each.find(kwargs, {})
            found[each.key] = each.find_served() if value is NOTHING else value
    return {key: value for key, value in found.items() if value is not NOTHING}


def without_keywords(carries: Iterable[Carried[Any]], kwargs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return `kwargs` without the keywords that carry something: the arguments of the call itself."""
    hidden = [each.key for each in carries if each.place == "keyword" and each.key in kwargs]
    return {name: kwargs[name] for name in kwargs if name not in hidden} if hidden else kwargs
