"""Names of Celery, kombu and pydantic-core that are not promised: each with what stops to work without it."""

from __future__ import annotations

import inspect
from datetime import date
from typing import TYPE_CHECKING, Any

import celery.result
import pytest
from celery import Celery, Task, _state, group
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


def keeps_made_backend() -> bool:
    app = Celery("made", broker="memory://", backend="cache+memory://", set_as_current=False)
    return app.backend is app._backend


def reads_nested_models_narrowly() -> bool:
    """Else a model inside would be read by the validator that its class has, digits as a date among all."""
    codec = Codec(list[Day])
    try:
        codec.decode([{"day": 0}])
    except ValueError:
        return codec.decode([{"day": "2024-02-29"}]) == [Day(day=date(2024, 2, 29))]
    return False


NEEDED: dict[str, Callable[[], bool]] = {
    "Celery._get_backend: declared errors arrive with their fields": has(Celery, "_get_backend"),
    "Celery._backend: a store that was made before the bindings came knows errors too": keeps_made_backend,
    "_state._task_stack: Carried.read finds the call that is served": has(_state, "_task_stack"),
    "Task.request_stack: Carried.read finds the call's headers": lambda: "request_stack" in vars(Task),
    "Task._get_exec_options: beat's entries are judged with the task's own options": has(
        Task, "_get_exec_options"
    ),
    "AsyncResult._get_task_meta: results are decoded": has(celery.result.AsyncResult, "_get_task_meta"),
    "AsyncResult._maybe_reraise_parent_error: aget raises what get raises": has(
        celery.result.AsyncResult, "_maybe_reraise_parent_error"
    ),
    "AsyncResult._cache: aget sees a reply by RPC": sets(celery.result.AsyncResult, "_cache"),
    "EagerResult's parts: what ran here is read as what a worker answers": sets(
        celery.result.EagerResult, "_result", "_state", "_traceback", "_name"
    ),
    "Signature._app: canvas of canvas is sent by its own app": lambda: hasattr(group(), "_app"),
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
