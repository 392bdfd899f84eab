"""Each old version leads to one known version: the next one, or the one that its upcaster names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from celery import Celery, Task

from taskcontract import Call, Provider, Service
from taskcontract.declare.serving import IMPLEMENTED_AS
from taskcontract.errors import ProviderError, ResultValueError


@dataclass
class Stored:
    url: str


store = Service("store")


@store.task(version="1.0.0")
def put(key: str) -> str: ...


@store.task(version="2.0.0", supersedes=put)
def put_v2(key: str, size: int) -> Stored: ...


@store.task(version="3.0.0", supersedes=put_v2)
def put_v3(key: str, size: int, place: str) -> Stored: ...


@store.task(version="1.0.0")
def drop(key: str) -> None: ...


def to_v2(key: str) -> Call[Stored]:
    """Sizes were not known."""
    return put_v2.call(key, 0)


def to_v3(key: str) -> Call[Stored]:
    """Neither sizes nor places were known."""
    return put_v3.call(key, 0, "here")


def v2_to_v3(key: str, size: int) -> Call[Stored]:
    """Places were not known."""
    return put_v3.call(key, size, "there")


def url_of(stored: Stored) -> str:
    """The URL alone."""
    return stored.url


def serve_v2(key: str, size: int) -> Stored:
    return Stored(f"v2 {key}")


def serve_v3(key: str, size: int, place: str) -> Stored:
    return Stored(f"v3 {key} {place}")


class Base(Task):
    abstract = True


@pytest.fixture
def provider() -> Provider:
    return Provider(Celery("store", set_as_current=False), store)


def run(provider: Provider, name: str, *args: Any) -> Any:
    return provider.app.tasks[name].apply(args).get()


def test_a_named_version_is_reached_past_the_next_one(provider: Provider) -> None:
    provider.implements(put_v2)(serve_v2)
    provider.implements(put_v3)(serve_v3)
    provider.upcasts(put, to=put_v3)(to_v3)
    provider.downcasts(put, to=put_v3)(url_of)
    provider.implements(drop)(lambda key: None)
    provider.check()
    assert run(provider, "store.put", "a") == "v3 a here"


def test_the_next_version_is_reached_by_default(provider: Provider) -> None:
    provider.implements(put_v3)(serve_v3)
    provider.upcasts(put)(to_v2)
    provider.downcasts(put)(url_of)
    provider.upcasts(put_v2)(v2_to_v3)
    assert run(provider, "store.put", "a") == "v3 a there"


def test_a_call_of_another_version_than_the_declared_one_says_how_to_name_it(provider: Provider) -> None:
    provider.implements(put_v2)(serve_v2)
    provider.implements(put_v3)(serve_v3)
    provider.upcasts(put)(to_v3)
    with pytest.raises(
        ProviderError, match=r"returned a call of put@3\.0\.0 instead of put@2\.0\.0"
    ) as caught:
        run(provider, "store.put", "a")
    assert "@provider.upcasts(put, to=put_v3)" in caught.value.do
    assert "to_v3" in caught.value.where


@pytest.mark.parametrize("late", [False, True])
def test_an_old_version_has_the_options_of_what_its_path_leads_to(provider: Provider, late: bool) -> None:
    if late:
        provider.app.finalize()
    provider.implements(put_v3, acks_late=True, autoretry_for=(KeyError,), rate_limit="1/s")(serve_v3)
    provider.implements(
        put_v2, base=Base, autoretry_for=(OSError,), acks_late=False, rate_limit="9/s", time_limit=7
    )(serve_v2)
    provider.upcasts(put)(to_v2)
    provider.downcasts(put)(url_of)
    provider.app.finalize()
    old: Any = provider.app.tasks["store.put"]
    assert (old.acks_late, old.autoretry_for, old.rate_limit) == (False, (OSError,), "9/s")
    assert (old.time_limit, getattr(old, IMPLEMENTED_AS)) == (7, "store.put_v2")
    assert isinstance(old, Base)
    assert run(provider, "store.put", "a") == "v2 a"


def test_adapters_that_are_declared_after_a_call_count_for_the_next(provider: Provider) -> None:
    provider.implements(put_v2)(serve_v2)
    provider.upcasts(put)(to_v2)
    with pytest.raises(ResultValueError, match=r"put@1\.0\.0 declares str") as caught:
        run(provider, "store.put", "a")
    assert "@provider.downcasts(put)" in caught.value.do
    provider.downcasts(put)(url_of)
    assert run(provider, "store.put", "a") == "v2 a"


BAD_TARGETS: dict[str, tuple[Any, Any, str]] = {
    "the newest": (put_v3, None, r"put@3\.0\.0 has an adapter, but no newer version"),
    "itself": (put, put, r"put@1\.0\.0 cannot be adapted to put@1\.0\.0"),
    "an older one": (put_v2, put, r"put@2\.0\.0 cannot be adapted to put@1\.0\.0"),
    "another task": (put, drop, r"put@1\.0\.0 cannot be adapted to drop@1\.0\.0"),
    "a name": (put, "put_v2", r"takes a version that the bindings declare, not 'put_v2'"),
}


@pytest.mark.parametrize(("old", "to", "fact"), BAD_TARGETS.values(), ids=BAD_TARGETS)
def test_a_target_is_a_newer_version_of_the_same_task(
    provider: Provider, old: Any, to: Any, fact: str
) -> None:
    with pytest.raises(ProviderError, match=fact):
        provider.upcasts(old, to=to)
    if to is not None:
        with pytest.raises(ProviderError, match=fact):
            provider.downcasts(old, to=to)


def test_a_version_is_either_implemented_or_adapted(provider: Provider) -> None:
    provider.implements(put_v2)(serve_v2)
    with pytest.raises(ProviderError, match=r"put@2\.0\.0 is implemented already, by .* serve_v2"):
        provider.upcasts(put_v2)(v2_to_v3)
    provider.upcasts(put)(to_v2)
    with pytest.raises(ProviderError, match=r"put@1\.0\.0 is adapted already, by .* to_v2"):
        provider.implements(put)(lambda key: key)


def test_what_passes_an_old_version_is_of_its_type(provider: Provider) -> None:
    """Also where no downcaster of that version has a say, and none above it repairs it."""

    def either(key: str, size: int) -> Any:
        """Another type than v2 declares."""
        return put_v3.call(key, size, "there")

    provider.implements(put_v3)(serve_v3)
    provider.upcasts(put_v2)(either)
    provider.downcasts(put_v2)(wrong_of)
    provider.upcasts(put)(to_v2)
    provider.downcasts(put)(url_of)
    with pytest.raises(ResultValueError, match=r"put@2\.0\.0 declares Stored") as caught:
        run(provider, "store.put", "a")
    assert "wrong_of" in caught.value.where


def wrong_of(stored: Any) -> Any:
    """No Stored."""
    return 5
