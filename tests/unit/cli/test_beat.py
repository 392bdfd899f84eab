"""`check`, `inspect` and `retire` know beat's entries as callers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.json_documents import read_document

if TYPE_CHECKING:
    from tests.support.project import Project

APP = """
from celery import Celery
app = Celery("x", broker="embedded://{root}/broker", include=["bindings.late"])
app.conf.beat_schedule = {{"nightly": {{"task": "pusher.send_to_s3", "schedule": 60, "args": {args},
                                       "options": {{"queue": "pusher"}}}}}}
"""
LATE = """
from bindings.app import app
@app.on_after_finalize.connect
def add(sender, **_):
    call = sender.signature("pusher.send_to_s3_v2", ("k", "c", {meta}))
    sender.add_periodic_task(9, call, name="late", queue="pusher")
"""
RIGHT, WRONG = '("k", "c")', '("k", 7)'


@pytest.fixture
def pusher(project: Project) -> Project:
    project.write(
        "pyproject.toml", "[tool.taskcontract]\nbindings = ['bindings.pusher']\napp = 'bindings.app'\n"
    )
    (project.root / "contracts").mkdir()
    assert project.run("snapshot", "bindings.pusher", "--publish").returncode == 0
    return project


def schedule(pusher: Project, args: str, meta: str = "{}") -> None:
    pusher.write("bindings/app.py", APP.format(root=pusher.root, args=args))
    pusher.write("bindings/late.py", LATE.format(meta=meta))


FORMATS = ["text", "json", "github", "sarif", "junit", "markdown"]


@pytest.mark.parametrize("form", FORMATS)
def test_check_complains_of_a_wrong_entry_in_each_format(pusher: Project, form: str) -> None:
    schedule(pusher, RIGHT)
    right = pusher.run("check", "--format", form)
    assert (right.returncode, right.stderr) == (0, "")
    schedule(pusher, WRONG)
    wrong = pusher.run("check", "--format", form)
    assert wrong.returncode == 1
    assert wrong.stdout == right.stdout, "the report is of the versions"
    mark = "::error title=beat::" if form == "github" else "taskcontract: "
    assert f"{mark}beat: the entry 'nightly' calls pusher.send_to_s3: parameter 'content'" in wrong.stderr


def test_check_reads_what_the_apps_modules_add(pusher: Project) -> None:
    schedule(pusher, RIGHT, meta='{"a": 1}')
    done = pusher.run("check")
    assert done.returncode == 1
    assert "the entry 'late' calls pusher.send_to_s3_v2: parameter 'meta'" in done.stderr


def test_check_without_an_app_looks_at_none(pusher: Project) -> None:
    pusher.write("pyproject.toml", "[tool.taskcontract]\nbindings = ['bindings.pusher']\n")
    schedule(pusher, WRONG)
    assert pusher.run("check").returncode == 0
    assert pusher.run("check", "--app", "bindings.app").returncode == 1


def test_a_module_that_cannot_be_imported_is_one_clear_error(pusher: Project) -> None:
    schedule(pusher, RIGHT)
    pusher.write("bindings/late.py", "import nowhere\n")
    done = pusher.run("check")
    assert done.returncode == 2
    assert "beat's entries cannot be read" in done.stderr
    assert "nowhere" in done.stderr


def test_inspect_shows_each_entry_that_is_wrong(pusher: Project) -> None:
    schedule(pusher, RIGHT)
    quick = ("inspect", "--timeout", "0.01")
    assert "beat: 2 calls of declared tasks, each inside the contract" in pusher.run(*quick).stdout
    schedule(pusher, WRONG)
    assert (
        "beat: the entry 'nightly' calls pusher.send_to_s3: parameter 'content'" in pusher.run(*quick).stdout
    )
    told = read_document("inspect", pusher.run(*quick, "--format", "json").stdout)["services"]
    assert [each["entry"] for each in told["pusher"]["beat"]] == ["nightly"]


@pytest.mark.parametrize(("version", "code", "entry"), [("1", 1, "nightly"), ("2", 1, "late")])
def test_retire_counts_beat(pusher: Project, version: str, code: int, entry: str) -> None:
    schedule(pusher, RIGHT)
    retire = ("retire", f"send_to_s3@{version}", "--without-usage", "--timeout", "0.01")
    done = pusher.run(*retire)
    assert done.returncode == code
    assert done.stdout.splitlines()[1] == f"  beat calls it: the entry '{entry}'"
    told = read_document("retire", pusher.run(*retire, "--format", "json").stdout)
    assert told["scheduled"] == [entry]
    pusher.write("bindings/late.py", "")
    pusher.write("bindings/app.py", APP.format(root=pusher.root, args=RIGHT).replace("nightly", "other"))
    assert pusher.run(*retire).returncode == (1 if version == "1" else 0)
