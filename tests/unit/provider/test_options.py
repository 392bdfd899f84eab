"""Celery's options of an implementation: wrong ones are refused, the others hold for old calls too."""

from __future__ import annotations

from typing import Any

import pytest
from celery import Celery, Task

from taskcontract import Call, Provider, Service
from taskcontract.errors import ProviderError, TaskContractError


class OldError(Exception):
    pass


class NewError(Exception):
    pass


shop = Service("shop")


@shop.task(version="1.0.0", errors=(OldError,))
def sell(item: str) -> int: ...


@shop.task(version="2.0.0", supersedes=sell, errors=(NewError,))
def sell_v2(item: str, count: int) -> int: ...


def one(item: str) -> Call[int]:
    """One piece."""
    return sell_v2.call(item, 1)


def serve(item: str, count: int) -> int:
    raise NewError(item)


def as_old(error: NewError) -> OldError:
    """There was one error."""
    return OldError(*error.args)


class Careful(Task[Any, Any]):
    abstract = True
    autoretry_for = (OSError,)
    dont_autoretry_for = (FileNotFoundError,)
    throws = (NewError,)


@pytest.fixture
def provider() -> Provider:
    return Provider(Celery("shop", set_as_current=False), shop)


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no comma": (
        {"autoretry_for": (ConnectionError)},
        r"autoretry_for=<class 'ConnectionError'> is no tuple",
    ),
    "a class": ({"dont_autoretry_for": ValueError}, r"dont_autoretry_for=<class 'ValueError'> is no tuple"),
    "an instance": ({"throws": (ValueError("x"),)}, r"throws=\(ValueError\('x'\),\) is no tuple"),
    "nothing": ({"autoretry_for": None}, "autoretry_for=None is no tuple"),
    "a dotted name": ({"base": "x.Base"}, "base='x.Base' is no Celery task class"),
    "another class": ({"base": dict}, "base=<class 'dict'> is no Celery task class"),
    "an instance of a task": ({"base": Careful()}, "is no Celery task class"),
}


@pytest.mark.parametrize(("options", "fact"), WRONG.values(), ids=WRONG)
def test_a_wrong_option_is_refused_where_it_is_declared(
    provider: Provider, options: dict[str, Any], fact: str
) -> None:
    with pytest.raises(ProviderError, match=fact) as caught:
        provider.implements(sell_v2, **options)(serve)
    assert caught.value.where == f"{__file__}:{serve.__code__.co_firstlineno} serve"


RIGHT: dict[str, tuple[dict[str, Any], tuple[Any, ...], tuple[Any, ...]]] = {
    "none": ({}, (), ()),
    "of the base": ({"base": Careful}, (FileNotFoundError,), (NewError,)),
    "of its own": ({"base": Careful, "dont_autoretry_for": [KeyError]}, (KeyError,), (NewError,)),
    "throws": ({"throws": [NewError]}, (), (NewError,)),
}


@pytest.mark.parametrize(("options", "spared", "throws"), RIGHT.values(), ids=RIGHT)
def test_options_hold_for_every_version(
    provider: Provider, options: dict[str, Any], spared: tuple[Any, ...], throws: tuple[Any, ...]
) -> None:
    provider.implements(sell_v2, **options)(serve)
    provider.upcasts(sell)(one)
    provider.maps_error(sell, NewError)(as_old)
    provider.check()
    old, new = (provider.app.tasks[task.wire_name] for task in (sell, sell_v2))
    assert old.dont_autoretry_for == new.dont_autoretry_for == (TaskContractError, *spared)
    assert tuple(new.throws) == throws
    # Old callers expect the errors of their own version.
    assert tuple(old.throws) == ((*throws, OldError) if throws else ())
