"""Tasks that give any result of their type, and tasks that take one, with the app that serves them all."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import pydantic
from celery import Celery

from taskcontract import Provider, Service
from tests.unit.declare.wire.catalogue import Cat, Dog, Item, Options

__all__ = ["GIVERS", "TAKERS", "links", "worker"]

links = Service("links", queue="links")
worker = Celery("links")
provider = Provider(worker, links)

TYPES: dict[str, Any] = {
    "number": int,
    "small": Annotated[int, pydantic.Field(ge=0, le=9)],
    "text": str,
    "day": date,
    "maybe": int | None,
    "price": Decimal,
    "numbers": list[int],
    "item": Item,
    "items": list[Item],
    "options": Options,
    "animal": Cat | Dog,
    "table": dict[str, int],
    "anything": Any,
}


def _add(name: str, annotation: Any) -> tuple[Any, Any]:
    def give(text: str) -> Any: ...

    def take(value: Any) -> bool: ...

    give.__annotations__ = {"text": str, "return": annotation}
    take.__annotations__ = {"value": annotation, "return": bool}
    give.__name__ = give.__qualname__ = f"give_{name}"
    take.__name__ = take.__qualname__ = f"take_{name}"
    giver, taker = links.task(version="1.0.0")(give), links.task(version="1.0.0")(take)

    def do_give(text: str) -> Any:
        return giver.binder.result.decode(json.loads(text))

    def do_take(value: Any) -> bool:
        return True

    provider.implements(giver)(do_give)
    provider.implements(taker)(do_take)
    return giver, taker


_PAIRS = [_add(name, annotation) for name, annotation in TYPES.items()]
GIVERS = [giver for giver, _ in _PAIRS]
TAKERS = [taker for _, taker in _PAIRS]
