"""`taskcontract diff --traffic` as it is typed."""

from __future__ import annotations

import json
import time
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from taskcontract.model.service import ParameterSpec, ServiceSpec, TaskSpec
from taskcontract.model.spec_file import dump_spec
from taskcontract.usage.call_shape import tell_shape
from taskcontract.usage.file_store import FileStore
from taskcontract.usage.use import DAY, ShapeUse, Use, UseKey

if TYPE_CHECKING:
    from tests.support.project import Project

ONE, TWO = tell_shape([1], {}), tell_shape([1, 2], {})


def write(project: Project, file: str, version: str, *names: str) -> None:
    parameters = (ParameterSpec("a"), *(ParameterSpec(name, default=None) for name in names))
    name = "sell" if version else "shop.sell"
    task = TaskSpec(name, version, "shop.sell", parameters, enforced=bool(version))
    project.write(file, dump_spec(ServiceSpec("shop", version, (task,))))


def count(project: Project, service: str, version: str, shapes: dict[str, str], days: float = 60) -> None:
    store, now = FileStore(project.root / "counts"), time.time()
    keys = [UseKey(service, "shop.sell", version, who) for who in shapes]
    told = [ShapeUse(key, shape, 5_000, now) for key, shape in zip(keys, shapes.values(), strict=True)]
    store.add(service, [Use(key, 5_000, now) for key in keys], now - days * DAY, told)


@pytest.fixture(params=["1.0.0", ""], ids=["bound", "plain"])
def version(request: pytest.FixtureRequest, project: Project) -> str:
    version: str = request.param
    write(project, "old.json", version, "b")
    write(project, "new.json", "2.0.0" if version else "")
    return version


def diff(project: Project, *arguments: str, code: int) -> str:
    done = project.run("diff", "old.json", "new.json", *arguments)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout or done.stderr


def test_each_finding_says_whom_it_hits(project: Project, version: str) -> None:
    service = "shop" if version else "app"
    count(project, service, version, {"web": ONE, "cron": TWO, "app": TWO})
    assert "seen    hits 2 of 3 consumers: app, cron, 10,000 calls in 60 d" in diff(
        project, "--traffic", "counts", code=1
    )
    document = json.loads(diff(project, "--traffic", "counts", "--format", "json", code=1))
    schema = (files("taskcontract.reporting") / "schemas" / "diff.json").read_text("utf-8")
    Draft202012Validator(json.loads(schema)).validate(document)
    (finding,) = (each for each in document["findings"] if each["severity"] == "breaking")
    told = finding["traffic"]
    assert 60 * DAY <= told.pop("counted_seconds") < 61 * DAY
    assert told == {
        "hit": ["app", "cron"],
        "may_hit": [],
        "consumers": 3,
        "calls": 10_000,
        "days": 30,
        "is_quiet": False,
    }
    for form in ("markdown", "github", "sarif", "gitlab", "junit"):
        assert diff(project, "--traffic", "counts", "--format", form, code=1)
    assert "seen " not in diff(project, code=1)


def test_what_nobody_sends_is_lowered_where_that_is_configured(project: Project, version: str) -> None:
    count(project, "shop" if version else "app", version, {"web": ONE})
    said = diff(project, "--traffic", "counts", code=1)
    assert "seen    no observed call in 30 d" in said
    project.write("pyproject.toml", '[tool.taskcontract]\nunsent = "dangerous"\n')
    assert "dangerous" in diff(project, "--traffic", "counts", code=0)
    diff(project, code=1)
    late = diff(project, "--traffic", "counts", "--days", "90", code=1)
    assert "no observed call in 60 d: calls are counted only since then, not for 90 d" in late


def test_counting_of_plain_tasks_began_with_the_latest_app(project: Project) -> None:
    write(project, "old.json", "", "b")
    write(project, "new.json", "")
    count(project, "app", "", {"web": ONE})
    FileStore(project.root / "counts").add("late", [], time.time() - DAY, [])
    assert "calls are counted only since then" in diff(project, "--traffic", "counts", code=1)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("nowhere", "there is no such file of counts"),
        ("amqp://h//", "counts are kept in Redis or in a file"),
        pytest.param(
            "redis://:hunter2@127.0.0.1:1/0", "redis://:**@127.0.0.1:1/0", marks=pytest.mark.process
        ),
        ("nosuch://x", "nosuch"),
        ("pyproject.toml", "not a usage store"),
        ("empty", "no worker has counted calls of"),
    ],
)
def test_a_store_that_says_nothing_is_one_clear_error(
    project: Project, version: str, place: str, said: str
) -> None:
    project.write("pyproject.toml", "[tool.taskcontract]\n" + "# no counts\n" * 100)
    (project.root / "empty").touch()
    refused = diff(project, "--traffic", place, code=2)
    assert said in refused
    assert "hunter2" not in refused


def test_a_policy_of_another_word_is_refused(project: Project, version: str) -> None:
    project.write("pyproject.toml", '[tool.taskcontract]\nunsent = "safe"\n')
    assert "unsent" in diff(project, code=2)


def test_two_versions_of_a_task_have_no_traffic_of_their_own(project: Project) -> None:
    (project.root / "empty").touch()
    done = project.run("diff", "send_to_s3@1", "send_to_s3@2", "--traffic", "empty")
    assert done.returncode == 2
    assert done.stderr
