"""Decorators that are given something else say so, whatever it is."""

from __future__ import annotations

import functools
from typing import Any

import pytest
from celery import Celery

from taskcontract import Provider, Service
from taskcontract.errors import ProviderError

shop = Service("shop")


@shop.task(version="1.0.0", sunset="2030-01-01")
def sell(item: str) -> int: ...


@shop.task(version="2.0.0", supersedes=sell)
def sell_v2(item: str) -> str: ...


class OldError(Exception):
    pass


def documented(result: str) -> Any:
    """An adapter."""


def of_none() -> Any:
    """It takes nothing."""


def of_two(result: str, more: str) -> Any:
    """It takes too much."""


def bound(self: Any, item: str) -> Any:
    """It takes the task."""


def unbound(item: str) -> Any:
    """It takes no task."""


def by_name(*, result: str) -> Any:
    """It takes it by name."""


WRONG: dict[str, tuple[Any, str]] = {
    "implements a name": (
        lambda p: p.implements("shop.sell"),
        r"@provider\.implements takes a version that the bindings declare, not 'shop\.sell'",
    ),
    "implements without brackets": (
        lambda p: p.implements(documented),
        r"declarations\.py:\d+ documented: @provider\.implements takes .* the function 'documented'",
    ),
    "upcasts without brackets": (
        lambda p: p.upcasts(documented),
        r"@provider\.upcasts takes .* not the function 'documented'",
    ),
    "downcasts without brackets": (lambda p: p.downcasts(documented), r"@provider\.downcasts takes"),
    "maps_error without brackets": (lambda p: p.maps_error(documented), r"@provider\.maps_error takes"),
    "maps_error of a class": (lambda p: p.maps_error(OldError), "takes .* not the function 'OldError'"),
    "maps_error an instance": (
        lambda p: p.maps_error(sell, ValueError("x")),
        r"ValueError\('x'\) has an adapter for sell@1\.0\.0, but is not a class of a task's own errors",
    ),
    "maps_error a name": (lambda p: p.maps_error(sell, "OldError"), "'OldError' has an adapter"),
    "maps_error nothing": (lambda p: p.maps_error(sell), r"maps_error\(sell\) names no error"),
    "brown_out a name": (lambda p: p.brown_out("sell", 0.5), "provider.brown_out takes a version"),
    "state without brackets": (lambda p: p.state(documented), "takes the name of a state"),
    "implements by a number": (lambda p: p.implements(sell)(5), r"serves sell@1\.0\.0 is 5, which cannot be"),
    "implements by no signature": (lambda p: p.implements(sell)(dict), "the parameters of .* cannot be read"),
    "implements a method without bind": (
        lambda p: p.implements(sell)(bound),
        r"bound: bound does not take the calls(.|\n)*Write @provider\.implements\(sell, bind=True\)",
    ),
    "implements a function with bind": (
        lambda p: p.implements(sell, bind=True)(unbound),
        r"unbound does not take the calls(.|\n)*Leave bind=True out, or put `self` in front",
    ),
    "upcasts with self": (lambda p: p.upcasts(sell)(bound), r"Leave `self` out: an adapter gets no task"),
    "downcasts with self": (lambda p: p.downcasts(sell)(bound), r"Leave `self` out: an adapter gets no task"),
    "upcasts by a number": (lambda p: p.upcasts(sell)(5), r"the upcaster of sell@1\.0\.0 is 5"),
    "implements by a task": (lambda p: p.implements(sell)(sell), "<Task sell@1.0.0 of .*>, which cannot be"),
    "downcasts by a task": (lambda p: p.downcasts(sell)(sell), "<Task sell@1.0.0 of .*>, which cannot be"),
    "downcasts by a number": (lambda p: p.downcasts(sell)(5), r"the downcaster of sell@1\.0\.0 is 5"),
    "downcasts of nothing": (
        lambda p: p.downcasts(sell)(of_none),
        r"of_none: the downcaster of sell@1\.0\.0 cannot be called with one argument",
    ),
    "downcasts of two": (lambda p: p.downcasts(sell)(of_two), "with one argument: missing a required"),
    "downcasts by name": (lambda p: p.downcasts(sell)(by_name), "cannot be called with one argument"),
    "maps_error of two": (
        lambda p: p.maps_error(sell, OldError)(of_two),
        r"the error adapter of sell@1\.0\.0 cannot be called with one argument",
    ),
    "a partial has no docstring": (
        lambda p: p.downcasts(sell)(functools.partial(of_two, more="")),
        r"the downcaster of sell@1\.0\.0 has no docstring",
    ),
}


@pytest.mark.parametrize(("declare", "fact"), WRONG.values(), ids=WRONG)
def test_a_wrong_declaration_is_one_clear_error(declare: Any, fact: str) -> None:
    provider = Provider(Celery("shop", set_as_current=False), shop)
    with pytest.raises(ProviderError, match=fact) as caught:
        declare(provider)
    assert caught.value.do


def test_whatever_takes_one_argument_may_adapt() -> None:
    provider = Provider(Celery("shop", set_as_current=False), shop)

    def with_default(result: str, factor: int = 1) -> int:
        """More by default."""
        return factor

    assert provider.downcasts(sell)(with_default) is with_default
