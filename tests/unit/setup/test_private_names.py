"""Names of Celery, kombu and pydantic-core that are not promised: each with what stops to work without it."""

from __future__ import annotations

import inspect
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery
from celery.backends.redis import RedisBackend
from celery.worker import WorkController
from kombu import Consumer
from kombu.transport import redis, virtual
from pydantic import BaseModel

from taskcontract.declare.codec import Codec

if TYPE_CHECKING:
    from collections.abc import Callable


class Day(BaseModel):
    day: date


def has(owner: Any, name: str) -> Callable[[], bool]:
    return lambda: hasattr(owner, name)


def sets(cls: Any, *names: str) -> Callable[[], bool]:
    """Whether the source of a class, or of one above, gives its instances these attributes."""
    source = "".join(inspect.getsource(each) for each in cls.__mro__ if each is not object)
    return lambda: all(f"self.{name} = " in source or f"    {name} = " in source for name in names)


def reads_nested_models_narrowly() -> bool:
    """Else a model inside would be read by the validator that its class has, digits as a date among all."""
    codec = Codec(list[Day])
    try:
        codec.decode([{"day": 0}])
    except ValueError:
        return codec.decode([{"day": "2024-02-29"}]) == [Day(day=date(2024, 2, 29))]
    return False


NEEDED: dict[str, Callable[[], bool]] = {
    "Consumer._active_tags: quarantine names the queue that a call came from": sets(Consumer, "_active_tags"),
    "Channel._lookup: quarantine finds where an exchange leads": has(virtual.Channel, "_lookup"),
    "the steps of a worker: the net is put below the consumer": lambda: isinstance(
        Celery("steps", set_as_current=False).steps["worker"], set
    ),
    "WorkController.consumer_cls: the net is mixed in": lambda: (
        "consumer_cls" in inspect.getsource(WorkController)
    ),
    "WorkController._quick_release: what the pool did not take leaves its place to the next": lambda: (
        "_quick_release" in inspect.getsource(WorkController)
    ),
    "the Redis channel's own: no call is lost between being taken and being kept": lambda: all(
        hasattr(redis.Channel, name)
        for name in ("_brpop_start", "_brpop_read", "_do_restore_message", "_q_for_pri", "_lookup")
    ),
    "RedisBackend._create_client: usage is counted with time limits of its own": has(
        RedisBackend, "_create_client"
    ),
    "_use_prebuilt: models inside of other types are read as the spec says": reads_nested_models_narrowly,
}


@pytest.mark.parametrize("name", NEEDED)
def test_what_is_needed_is_there(name: str) -> None:
    assert NEEDED[name](), f"gone: {name}"
