# mypy: disable-error-code="empty-body"
"""A service whose old versions are all adapted: one task for each thing that Celery may do with a call.

Both the worker and its callers import this. The worker notes what it does, a line each, in `journal` in its
folder. `add` has three versions; the others have two, of which the first gives a number.
"""

from __future__ import annotations

import json
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from celery import Celery
from celery.exceptions import SoftTimeLimitExceeded

from taskcontract import Call, Provider, Secret, Service
from taskcontract.safety_net import install_safety_net

__all__ = ["NotDoneError", "Sum", "add", "add_v2", "app", "shop"]

ROOM = os.environ.get("ROOM", "nowhere")

app = Celery("shop", set_as_current=False)
app.conf.task_default_queue = ROOM
shop = Service("shop")
provider = Provider(app, shop)
install_safety_net(app, quarantine=f"{ROOM}.quarantine")


def note(event: str, *facts: Any) -> None:
    """Append a line in one write, so that the lines of several processes never mix."""
    with Path("journal").open("ab", buffering=0) as journal:
        journal.write(json.dumps([event, time.time(), *facts]).encode() + b"\n")


class NotDoneError(Exception):
    """What the callers of old versions know."""


class WorkshopError(Exception):
    """What the newest implementation raises."""


@dataclass
class Sum:
    value: int
    steps: list[str]


@shop.task(version="1.0.0")
def add(x: int, y: int) -> int: ...


@shop.task(version="2.0.0", supersedes=add)
def add_v2(x: int, y: int, *, steps: list[str]) -> Sum: ...


@shop.task(version="3.0.0", supersedes=add_v2)
def add_v3(terms: list[int], *, steps: list[str]) -> Sum: ...


@provider.implements(add_v3)
def serve_add(terms: list[int], *, steps: list[str]) -> Sum:
    return Sum(sum(terms), [*steps, "v3"])


@provider.upcasts(add_v2)
def add_two(x: int, y: int, *, steps: list[str]) -> Call[Sum]:
    """There were two terms."""
    return add_v3.call([x, y], steps=[*steps, "v2"])


@provider.downcasts(add_v2)
def add_two_back(result: Sum) -> Sum:
    """Results are as they were."""
    return Sum(result.value, [*result.steps, "v2"])


@provider.upcasts(add)
def add_plain(x: int, y: int) -> Call[Sum]:
    """No steps were told."""
    note("add", x, y)
    return add_v2.call(x, y, steps=["v1"])


@provider.downcasts(add)
def value_of(result: Sum) -> int:
    """The value alone."""
    assert result.steps == ["v1", "v2", "v3", "v2"], result.steps
    return result.value


@shop.task(version="1.0.0")
def total(values: list[int]) -> int: ...


@shop.task(version="2.0.0", supersedes=total)
def total_v2(values: list[int], start: int) -> Sum: ...


@provider.implements(total_v2)
def serve_total(values: list[int], start: int) -> Sum:
    return Sum(sum(values) + start, [])


@provider.upcasts(total)
def from_nothing(values: list[int]) -> Call[Sum]:
    """It began with nothing."""
    return total_v2.call(values, start=0)


@provider.downcasts(total)
def total_of(result: Sum) -> int:
    """The value alone."""
    return result.value


@shop.task(version="1.0.0", errors=(NotDoneError,))
def work(kind: str, key: str, token: Annotated[str, Secret] = "") -> int: ...


@shop.task(version="2.0.0", supersedes=work, errors=(WorkshopError,))
def work_v2(kind: str, key: str, token: Annotated[str, Secret], times: int) -> Sum: ...


@provider.implements(
    work_v2, bind=True, autoretry_for=(ConnectionError,), retry_kwargs={"countdown": 0.05}, max_retries=2
)
def serve_work(self: Any, kind: str, key: str, token: str, times: int) -> Sum:
    request = self.request
    note(
        "work",
        key,
        self.name,
        request.retries,
        request.args,
        request.kwargs,
        request.headers,
        request.argsrepr,
    )
    match kind:
        case "retry" | "retry on" if request.retries < times or kind == "retry on":
            raise self.retry(countdown=0.05, exc=WorkshopError(key))
        case "autoretry" | "autoretry on" if request.retries < times or kind == "autoretry on":
            raise ConnectionError(key)
        case "retry as v2":
            raise self.retry(args=(kind, key, token, times))
        case "replace":
            return self.replace(work_v2.s("plain", key, token, times=times))
        case "replace by itself":
            return self.replace(work.s("plain", key))
        case "fail":
            raise WorkshopError(key)
        case "progress":
            self.update_state(state="PROGRESS", meta={"key": key})
            while not Path(key).exists():
                time.sleep(0.01)
    return Sum(request.retries, [])


@provider.upcasts(work)
def once(kind: str, key: str, token: str = "") -> Call[Sum]:
    """Callers did not say how often: twice."""
    note("adapted", key)
    return work_v2.call(kind, key, token, times=2)


@provider.downcasts(work)
def retries_of(result: Sum) -> int:
    """The number alone."""
    return result.value


@provider.maps_error(work, WorkshopError, ConnectionError)
def not_done(error: WorkshopError | ConnectionError) -> NotDoneError:
    """There was one error for all."""
    return NotDoneError(f"not done: {error}")


@shop.task(version="1.0.0")
def limited(key: str) -> int: ...


@shop.task(version="2.0.0", supersedes=limited)
def limited_v2(key: str, size: int) -> int: ...


@provider.implements(limited_v2, rate_limit="10/s")
def serve_limited(key: str, size: int) -> int:
    note("limited", key)
    return size


@provider.upcasts(limited)
def limited_small(key: str) -> Call[int]:
    """All were of size 1."""
    return limited_v2.call(key, 1)


@shop.task(version="1.0.0")
def linger(kind: str) -> int: ...


@shop.task(version="2.0.0", supersedes=linger)
def linger_v2(kind: str, seconds: float) -> int: ...


@provider.implements(linger_v2, soft_time_limit=0.3, time_limit=0.9)
def serve_linger(kind: str, seconds: float) -> int:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            time.sleep(0.05)
        except SoftTimeLimitExceeded:
            if kind == "soft":
                return 7
    return 0


@provider.upcasts(linger)
def linger_long(kind: str) -> Call[int]:
    """They did not say how long."""
    return linger_v2.call(kind, 5.0)


@shop.task(version="1.0.0")
def late(key: str) -> int: ...


@shop.task(version="2.0.0", supersedes=late)
def late_v2(key: str, deadly: bool) -> int: ...


@provider.implements(late_v2, acks_late=True, reject_on_worker_lost=True)
def serve_late(key: str, deadly: bool) -> int:
    marker = Path(f"{key}.died")
    if deadly and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return 1


@provider.upcasts(late)
def late_deadly(key: str) -> Call[int]:
    """It kills its process, once."""
    note("late", key)
    return late_v2.call(key, deadly=True)


@shop.task(version="1.0.0", ignore_result=True)
def quiet(key: str) -> None: ...


@shop.task(version="2.0.0", supersedes=quiet, ignore_result=True)
def quiet_v2(key: str, loud: bool) -> None: ...


@provider.implements(quiet_v2)
def serve_quiet(key: str, loud: bool) -> None:
    note("quiet", key)


@provider.upcasts(quiet)
def quiet_still(key: str) -> Call[None]:
    """It was never loud."""
    return quiet_v2.call(key, loud=False)


@app.task(name="shop.note_errback")
def note_errback(task_id: str) -> None:
    note("errback", task_id)
