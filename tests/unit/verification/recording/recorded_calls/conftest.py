"""An app that may not connect, for the calls of every test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from celery import Celery

if TYPE_CHECKING:
    from collections.abc import Iterator

from tests.support.recorded_shop import shop


@pytest.fixture(autouse=True)
def app() -> Iterator[Celery]:
    """An app whose broker and result backend would refuse any connection."""
    app = Celery(
        "consumer", broker="amqp://guest@127.0.0.1:1//", backend="redis://127.0.0.1:1/0", set_as_current=False
    )
    shop.use(app)
    yield app
    shop.app = None
