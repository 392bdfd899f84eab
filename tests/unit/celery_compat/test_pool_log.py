"""What a pool is given does not stand in its log."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from celery.concurrency.base import BasePool

from taskcontract.celery_compat.pool_log import hide_bodies

if TYPE_CHECKING:
    from collections.abc import Iterator

LOGGER = logging.getLogger("celery.pool")


@pytest.fixture(autouse=True)
def filters() -> Iterator[None]:
    before = list(LOGGER.filters)
    hide_bodies()
    yield
    LOGGER.filters[:] = before


def test_celerys_own_line_names_the_target_alone(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger=LOGGER.name):
        pool = BasePool(limit=1, forking_enable=False)
        pool.start()
        pool.apply_async(print, ("77123",), {"card": "77123"})
    (line,) = (record.getMessage() for record in caplog.records if record.name == LOGGER.name)
    assert line == "TaskPool: Apply <built-in function print> (args:... kwargs:...)"


@pytest.mark.parametrize(
    ("said", "is_logged"),
    [(("a pool of %s", 2), True), (("a pool",), True), (("Applying %s to %r", print, ("77123",)), False)],
)
def test_a_line_of_another_form_is_kept_out_if_a_body_may_stand_in_it(
    said: tuple[str, object], is_logged: bool, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger=LOGGER.name):
        LOGGER.debug(*said)
    assert bool(caplog.records) is is_logged
    assert "77123" not in caplog.text
