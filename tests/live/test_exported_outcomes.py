"""What a real worker keeps in a result backend is the outcome that an exported document describes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
from celery import Celery

from taskcontract.export.asyncapi import write_asyncapi
from taskcontract.export.json_schema import write_task_schema
from tests.support.asyncapi import accepts, find_faults
from tests.support.brokers import open_room
from tests.support.celery_worker import run_celery_worker
from tests.support.closing import close_app
from tests.support.failing_bindings import KINDS, failing, lock, lock_v2, lose, lose_twice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.live

SPEC = failing.spec()
DOCUMENT = write_asyncapi(SPEC)


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Any]]:
    """Calls a task of a running worker, and gives the JSON that its result backend has afterwards."""
    folder: Path = tmp_path_factory.mktemp("outcomes")
    with open_room("embedded") as room:
        app = Celery("caller", broker=room.broker, backend=room.backend, set_as_current=False)
        failing.use(app)

        def run(task: Any, *args: Any) -> Any:
            result = task.apply_async(args, queue=room.name)
            result.get(timeout=30, propagate=False)
            backend: Any = app.backend
            return json.loads(backend.get(backend.get_key_for_task(result.id)))

        environment = {**room.environment, "CELERY_RESULT_BACKEND": room.backend}
        options = ("-P", "threads", "-c", "2")
        with run_celery_worker(
            "tests.support.failing_service", folder, room.name, *options, environment=environment
        ):
            yield run
        failing.app = None
        close_app(app)


def make_takers(task: Any) -> list[Callable[[Any], bool]]:
    spec = SPEC.find(task.wire_name)
    assert spec is not None
    document = {**write_task_schema(SPEC, spec), "$ref": "#/$defs/outcome"}
    by_schema = jsonschema_rs.Draft202012Validator(document).is_valid
    return [by_schema, accepts(DOCUMENT, f"{task.wire_name}--outcome")]


def test_the_document_of_all_kinds_of_errors_is_asyncapi() -> None:
    assert find_faults(DOCUMENT) == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_record_of_each_kind_of_declared_error_is_an_outcome(
    outcome: Callable[..., Any], kind: str
) -> None:
    record = outcome(lose, kind)
    assert record["status"] == "FAILURE"
    assert record["result"]["taskcontract"]["errors"]
    for takes in make_takers(lose):
        assert takes(record)
        assert not takes({**record, "status": "SUCCESS"})
        undeclared = {**record["result"]["taskcontract"], "errors": ["NobodyDeclaredError"]}
        assert not takes({**record, "result": {**record["result"], "taskcontract": undeclared}})


def test_the_record_of_an_undeclared_error_is_an_outcome(outcome: Callable[..., Any]) -> None:
    record = outcome(lose, "undeclared")
    assert record["result"]["exc_type"] == "ZeroDivisionError"
    assert all(takes(record) for takes in make_takers(lose))


def test_the_record_of_a_result_is_an_outcome_and_one_of_another_type_is_not(
    outcome: Callable[..., Any],
) -> None:
    record = outcome(lose_twice, 0)
    assert (record["status"], record["result"]) == ("SUCCESS", "after 1")
    for takes in make_takers(lose_twice):
        assert takes(record)
        assert not takes({**record, "result": 1})


def test_an_old_version_answers_as_its_own_document_says(outcome: Callable[..., Any]) -> None:
    old, new = outcome(lock, 5), outcome(lock_v2, 5)
    assert all(takes(old) and not takes(new) for takes in make_takers(lock))
    assert all(takes(new) and not takes(old) for takes in make_takers(lock_v2))
