"""The check at a worker's start reads each version's whole path, and what adapters say of themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Generic, NewType, Protocol, TypeVar

import pytest
from annotated_types import Ge
from celery import Celery

from taskcontract import Call, Provider, Service
from taskcontract.errors import ProviderError


@dataclass
class Stored:
    url: str


@dataclass
class StoredWell(Stored):
    place: str = ""


class OldError(Exception):
    pass


class OlderError(OldError):
    pass


class NewError(Exception):
    pass


class NewerError(NewError):
    pass


shop = Service("shop")


@shop.task(version="1.0.0", errors=(OldError,))
def put(key: str) -> str: ...


@shop.task(version="2.0.0", supersedes=put, sunset="2026-06-30")
def put_v2(key: str) -> Stored: ...


@shop.task(version="3.0.0", supersedes=put_v2, errors=(NewError,))
def put_v3(key: str) -> Stored: ...


def serve(key: str) -> Stored:
    return Stored(key)


def v1_to_v2(key: str) -> Call[Stored]:
    """No change."""
    return put_v2.call(key)


def v1_to_v3(key: str) -> Call[Stored]:
    """No change."""
    return put_v3.call(key)


def v2_to_v3(key: str) -> Call[Stored]:
    """No change."""
    return put_v3.call(key)


def url_of(stored: Stored) -> str:
    """The URL alone."""
    return stored.url


def as_old(error: NewError) -> OldError:
    """Another name."""
    return OldError()


def provide(day: str = "2026-01-01") -> Provider:
    return Provider(Celery("shop", set_as_current=False), shop, today=lambda: date.fromisoformat(day))


def broken(provider: Provider) -> list[str]:
    """The broken promises of a provider, each in a line."""
    try:
        provider.check()
    except ProviderError as error:
        return [line.removeprefix("  - ") for line in error.what.splitlines()[1:]]
    return []


def test_errors_pass_through_a_version_that_declares_none() -> None:
    provider = provide()
    provider.implements(put_v3)(serve)
    provider.upcasts(put_v2)(v2_to_v3)
    provider.upcasts(put)(v1_to_v2)
    provider.downcasts(put)(url_of)
    assert broken(provider) == [
        "put@3.0.0 may raise NewError, which the callers of put@1.0.0 do not know: "
        "add @provider.maps_error(put, NewError)"
    ]
    provider.maps_error(put, NewError)(as_old)
    assert broken(provider) == []


def test_errors_that_are_mapped_on_the_way_do_not_arrive() -> None:
    provider = provide()
    provider.implements(put_v3)(serve)
    provider.upcasts(put_v2)(v2_to_v3)
    provider.maps_error(put_v2, NewError)(as_old)
    provider.upcasts(put)(v1_to_v2)
    provider.downcasts(put)(url_of)
    assert broken(provider) == []


def test_types_and_errors_are_compared_with_the_version_that_is_called() -> None:
    provider = provide()
    provider.implements(put_v3)(serve)
    provider.implements(put_v2)(serve)
    provider.upcasts(put, to=put_v3)(v1_to_v3)
    assert broken(provider) == [
        "put@1.0.0 promises str but put@3.0.0 returns Stored: add @provider.downcasts(put)",
        "put@3.0.0 may raise NewError, which the callers of put@1.0.0 do not know: "
        "add @provider.maps_error(put, NewError)",
    ]


def test_a_path_ends_at_code() -> None:
    """A version past its sunset needs none, unless another one leads to it."""
    provider = provide("2026-07-01")
    provider.implements(put_v3)(serve)
    provider.upcasts(put)(v1_to_v2)
    provider.downcasts(put)(url_of)
    (line,) = broken(provider)
    assert line.startswith("put@1.0.0 is adapted to put@2.0.0, which is past its sunset and has no code")
    provider.upcasts(put_v2)(v2_to_v3)
    provider.maps_error(put, NewError)(as_old)
    assert broken(provider) == []


def test_adapters_that_never_run_are_told() -> None:
    provider = provide()
    provider.implements(put_v3)(serve)
    provider.implements(put_v2)(serve)
    provider.implements(put)(lambda key: key)
    provider.downcasts(put)(url_of)
    provider.maps_error(put_v2, NewError)(as_old)
    first, second = broken(provider)
    assert first.startswith(f"put@1.0.0 has a downcaster but no upcaster, so it never runs ({__file__}:")
    assert second.startswith("put@2.0.0 has an adapter of NewError but no upcaster, so it never runs (")


def test_a_downcaster_takes_the_results_of_what_its_upcaster_calls() -> None:
    provider = provide()
    provider.implements(put_v3)(serve)
    provider.upcasts(put_v2)(v2_to_v3)
    provider.upcasts(put)(v1_to_v2)
    provider.downcasts(put, to=put_v3)(url_of)
    provider.maps_error(put, NewError)(as_old)
    (line,) = broken(provider)
    assert line.startswith("put@1.0.0 calls put@2.0.0, but its downcaster takes results of put@3.0.0 (")


T = TypeVar("T")
Url = NewType("Url", str)


class HasUrl(Protocol):
    url: str


class Box(Generic[T]):
    pass


def up(returned: Any) -> Any:
    """An upcaster of v1 that says that it returns `returned`."""

    def adapt(key: str) -> Any:
        """No change."""

    adapt.__annotations__["return"] = returned
    return adapt


def down(taken: Any, returned: Any) -> Any:
    """A downcaster of v1 that says what it takes and returns."""

    def adapt(stored: Any) -> Any:
        """Another type."""

    adapt.__annotations__ = {"stored": taken, "return": returned}
    return adapt


def error(taken: Any, returned: Any) -> Any:
    """An adapter of v3's error for v1."""
    return down(taken, returned)


UPS = {
    "": [
        Call[Stored], Call, Call[Any], Call[StoredWell], Call[Stored | int], Any, object, "Call[Stored]",
        "Nowhere", Call[HasUrl], Call[Annotated[Stored, "x"]], Call[object],
    ],
    "says that it returns Call[float], but a call of put@3.0.0": [Call[float]],
    "says that it returns Call[list[Stored]]": [Call[list[Stored]]],
    "says that it returns Stored": [Stored],
    "says that it returns None": [None],
}  # fmt: skip
DOWNS = {
    "": [
        (Stored, str), (Any, Any), (object, object), (StoredWell, str), (HasUrl, str), (Stored | bytes, str),
        (Stored, Url), (Stored, str | None), ("Stored", "str"), ("Nowhere", bytes), (T, str), (Stored, T),
        (Annotated[Stored, "x"], Annotated[str, "y"]),
    ],
    "says that it takes bytes, but put@3.0.0 returns Stored": [(bytes, str)],
    "says that it returns bytes, but put@1.0.0 returns str": [(Stored, bytes)],
    "says that it returns None": [(Stored, None)],
    "says that it returns dict": [(Stored, dict[str, str])],
}  # fmt: skip
ERRORS = {
    "": [
        (NewError, OldError), (NewerError, OlderError), (Exception, Exception), (Any, Any),
        (NewError | KeyError, OldError | KeyError), ("Nowhere", KeyError),
    ],
    "says that it returns KeyError, instead of OldError": [(NewError, KeyError)],
    "says that it returns str": [(NewError, str)],
    "says that it takes KeyError": [(KeyError, OldError)],
}  # fmt: skip


def rows(table: Any) -> list[Any]:
    return [(each, fact) for fact, many in table.items() for each in many]


def complete(upcast: Any = v1_to_v3, downcast: Any = url_of, mapping: Any = as_old) -> Provider:
    """A provider that keeps its promises, but for what these adapters say of themselves."""
    provider = provide()
    provider.implements(put_v3)(serve)
    provider.implements(put_v2)(serve)
    provider.upcasts(put, to=put_v3)(upcast)
    provider.downcasts(put)(downcast)
    provider.maps_error(put, NewError)(mapping)
    return provider


@pytest.mark.parametrize(("returned", "fact"), rows(UPS), ids=str)
def test_what_an_upcaster_says_of_itself_fits_its_target(returned: Any, fact: str) -> None:
    assert fact in "\n".join(lines := broken(complete(upcast=up(returned))))
    assert len(lines) == bool(fact)


@pytest.mark.parametrize(("types", "fact"), rows(DOWNS), ids=str)
def test_what_a_downcaster_says_of_itself_fits_both_versions(types: Any, fact: str) -> None:
    assert fact in "\n".join(lines := broken(complete(downcast=down(*types))))
    assert len(lines) == bool(fact)
    assert all("the downcaster of put@1.0.0" in line and __file__ in line for line in lines)


@pytest.mark.parametrize(("types", "fact"), rows(ERRORS), ids=str)
def test_what_an_error_adapter_says_of_itself_fits_both_versions(types: Any, fact: str) -> None:
    assert fact in "\n".join(lines := broken(complete(mapping=error(*types))))
    assert len(lines) == bool(fact)


def test_numbers_and_constraints_raise_no_false_alarm() -> None:
    service = Service("numbers")

    @service.task(version="1.0.0")
    def count() -> float: ...

    @service.task(version="2.0.0", supersedes=count)
    def count_v2() -> Annotated[int, Ge(0)]: ...

    def again() -> Call[int]:
        """The same."""
        return count_v2.call()

    def same(number: float) -> int:
        """The same."""
        return 1

    provider = Provider(Celery("numbers", set_as_current=False), service)
    provider.implements(count_v2)(lambda: 1)
    provider.upcasts(count)(again)
    provider.downcasts(count)(same)
    provider.check()
