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


class Careful(Task):
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
        r"autoretry_for=<class 'ConnectionError'> is not a tuple",
    ),
    "a class": (
        {"dont_autoretry_for": ValueError},
        r"dont_autoretry_for=<class 'ValueError'> is not a tuple",
    ),
    "an instance": ({"throws": (ValueError("x"),)}, r"throws=\(ValueError\('x'\),\) is not a tuple"),
    "nothing": ({"autoretry_for": None}, "autoretry_for=None is not a tuple"),
    "a dotted name": ({"base": "x.Base"}, "base='x.Base' is not a Celery task class"),
    "another class": ({"base": dict}, "base=<class 'dict'> is not a Celery task class"),
    "an instance of a task": ({"base": Careful()}, "is not a Celery task class"),
    "a slip": ({"max_retires": 3}, "'max_retires' is not an option of a task"),
    "a slip of the decorator's": ({"autoretry_fro": ()}, "'autoretry_fro' is not an option of a task"),
    "a slip beside a base": (
        {"base": Careful, "acks_lates": True},
        "'acks_lates' is not an option of a task",
    ),
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
    old: Any
    new: Any
    old, new = (provider.app.tasks[task.wire_name] for task in (sell, sell_v2))
    assert old.dont_autoretry_for == new.dont_autoretry_for == (TaskContractError, *spared)
    assert tuple(new.throws) == throws
    # Old callers expect the errors of their own version.
    assert tuple(old.throws) == ((*throws, OldError) if throws else ())


class Own(Task):
    max_retrys = 0


@pytest.mark.parametrize(
    ("app", "options"),
    [
        (Celery("shop", set_as_current=False), {"ledger": "sales"}),
        (Celery("shop", set_as_current=False), {"base": Own, "max_retrys": 3}),
        (Celery("shop", set_as_current=False, task_cls=Own), {"max_retrys": 3}),
    ],
    ids=["like no option", "of its base", "of the app's task class"],
)
def test_attributes_of_the_project_s_own_are_set(app: Celery, options: dict[str, Any]) -> None:
    provider = Provider(app, shop)
    provider.implements(sell_v2, **options)(serve)
    provider.upcasts(sell)(one)
    app.finalize()
    (name, value) = list(options.items())[-1]
    assert getattr(app.tasks[sell_v2.wire_name], name) == value
