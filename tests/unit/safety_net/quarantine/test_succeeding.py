"""That a call has succeeded is read in whatever form the workers store results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery

from taskcontract import embedded
from taskcontract.errors import BrokerError
from taskcontract.safety_net.quarantine.succeeding import find_success

if TYPE_CHECKING:
    from pathlib import Path


def make_app(folder: Path, **settings: Any) -> Celery:
    embedded.register()
    url = f"embedded://{folder}/store"
    app = Celery(broker=url, backend=url, set_as_current=False)
    app.conf.update(settings)
    return app


@pytest.mark.parametrize("form", ["json", "msgpack", "yaml"])
def test_a_result_is_read_in_each_form_by_an_app_that_was_made_of_a_url(tmp_path: Path, form: str) -> None:
    if form != "json":
        pytest.importorskip(form)
    worker = make_app(tmp_path, result_serializer=form, accept_content=["json", form])
    worker.backend.store_result("done", {"x": 1}, "SUCCESS")
    worker.backend.store_result("failed", ValueError("no"), "FAILURE")
    app = make_app(tmp_path)
    backend: Any = app.backend
    before = backend.content_type
    assert find_success(app, "done") is not None
    assert find_success(app, "failed") is None
    assert find_success(app, "never") is None
    assert backend.content_type == before


def test_a_form_that_would_run_code_is_refused_with_its_reason(tmp_path: Path) -> None:
    worker = make_app(tmp_path, result_serializer="pickle", accept_content=["pickle"])
    worker.backend.store_result("done", {"x": 1}, "SUCCESS")
    with pytest.raises(BrokerError, match="does not say whether done has succeeded") as caught:
        find_success(make_app(tmp_path), "done")
    assert "--app" in caught.value.do
