"""A room on each broker, a caller of plain Celery, and the quarantine of the room's worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from celery import Celery

from taskcontract.safety_net.quarantine import Quarantine
from tests.support.brokers import BROKERS, Room, open_room
from tests.support.closing import close_app

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(params=BROKERS)
def room(request: pytest.FixtureRequest) -> Iterator[Room]:
    with open_room(request.param) as room:
        yield room


@pytest.fixture
def redis_room() -> Iterator[Room]:
    with open_room("redis") as room:
        yield room


@pytest.fixture
def caller(room: Room) -> Iterator[Celery]:
    app = Celery("caller", broker=room.broker, backend=room.backend, set_as_current=False)
    app.conf.update(task_default_queue=room.name, result_extended=False)
    yield app
    close_app(app)


@pytest.fixture
def quarantine(caller: Celery, room: Room) -> Iterator[Quarantine]:
    with Quarantine(caller, f"{room.name}.quarantine") as quarantine:
        yield quarantine
