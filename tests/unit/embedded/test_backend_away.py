"""A folder that is away for a moment costs no chord."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery, states
from celery.app.task import Context
from celery.result import AsyncResult, GroupResult

from taskcontract import embedded
from taskcontract.embedded import backend as backend_module
from taskcontract.embedded.location import FolderLostError
from tests.support.clock import Clock

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def link(tmp_path: Path) -> Path:
    """A disk that can be unmounted: the broker's folder is below."""
    (tmp_path / "real").mkdir()
    link = tmp_path / "disk"
    link.symlink_to("real")
    return link


@pytest.fixture
def app(link: Path) -> Celery:
    embedded.register()
    url = embedded.write_url(link / "broker")
    return Celery("stored", broker=url, backend=url, set_as_current=False)


def point(link: Path, target: str) -> None:
    aside = link.with_name("aside")
    aside.symlink_to(target)
    aside.rename(link)


def test_a_chord_waits_for_the_folder(app: Celery, link: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(backend_module, "time", clock)
    backend: Any = app.backend
    backend.store_result("part", 1, states.SUCCESS)
    GroupResult("chord", [AsyncResult("part", app=app)], app=app).save(backend=backend)
    body = app.signature("body", options={"task_id": "end"})
    request = Context(id="part", group="chord", chord={**body, "chord_size": 1})
    point(link, "nowhere")
    clock.at(10, lambda: point(link, "real"))
    backend.on_chord_part_return(request, states.SUCCESS, 1)
    assert clock.now >= 10
    assert backend.get_state("end") == states.PENDING, "the body was sent, and no chord failed"
    with app.connection_for_read() as connection:
        message = connection.SimpleQueue("celery").get(timeout=2)
        assert message.headers["task"] == "body"
        assert message.payload[0] == [[1]]
        message.ack()
    app.close()


def test_what_celery_may_try_again(app: Celery) -> None:
    backend: Any = app.backend
    assert backend.exception_safe_to_retry(FolderLostError("away"))
    assert not backend.exception_safe_to_retry(ValueError())
