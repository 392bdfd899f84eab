"""Signatures are asked before they take more, and sent by us in whatever canvas."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import pytest
from celery import Celery, group
from celery.canvas import Signature

from taskcontract.celery_compat import signatures
from taskcontract.celery_compat.signatures import HookedSignature, own_app
from taskcontract.errors import ConfigError

app = Celery("signed", broker="memory://", set_as_current=False)


class Noted(HookedSignature[Any]):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sent: list[Any] = []

    def before_merging(self, args: Any, kwargs: Any, options: Any, force: bool) -> tuple[Any, Any, Any]:
        return [str(arg) for arg in args or ()], kwargs, options

    def send_merged(self, args: Any, kwargs: Any, options: Any) -> Any:
        self.sent.append((tuple(args), dict(kwargs), options.get("queue")))
        return app.AsyncResult("sent")


def signed() -> Noted:
    return Noted("shop.pay", (1,), {"a": 2}, {"queue": "q"}, app=app)


def test_what_is_given_later_is_asked_about() -> None:
    assert signed().merge((5,), {"b": 3}, {"queue": "r"}) == (("5", 1), {"a": 2, "b": 3}, {"queue": "r"})
    assert signed().clone((5,))["args"] == ("5", 1)


def test_it_is_sent_by_us_alone_and_in_a_group() -> None:
    made = signed()
    made.apply_async((5,), queue="r")
    made.apply_async()
    assert made.sent == [(("5", 1), {"a": 2}, "r"), ((1,), {"a": 2}, "q")]


def test_the_app_that_it_was_made_for_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    assert own_app(signed()) is app
    assert own_app(group([signed()], app=app)) is app
    assert own_app(Signature("unbound")) is None
    monkeypatch.delattr(Signature, "_app")
    bound: Any = signed()
    del bound._app
    bound.app = app
    assert own_app(bound) is app


@pytest.mark.parametrize("name", ["_merge", "_apply_async"])
def test_without_either_none_is_made(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(Signature, name)
    monkeypatch.delitem(sys.modules, signatures.__name__)
    with pytest.raises(ConfigError, match=rf"Signature\.{name}, which is needed for signatures of declared"):
        import_module(signatures.__name__)
