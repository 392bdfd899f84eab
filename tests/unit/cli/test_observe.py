"""`taskcontract observe` as it is typed: what it shows of counts, and what it says where there are none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from taskcontract.model.spec_file import load_spec
from taskcontract.usage.call_shape import OTHER_SHAPE, tell_shape
from taskcontract.usage.file_store import FileStore
from taskcontract.usage.use import ShapeUse, Use, UseKey
from tests.support.json_documents import read_document

if TYPE_CHECKING:
    from tests.support.project import Project

PLAIN = """\
from celery import Celery

app = Celery("mail", broker="memory://")


@app.task(name="mail.send")
def send(to, subject="hello", *, urgent: bool = False): ...


@app.task(name="mail.clean")
def clean(): ...
"""
SEND = UseKey("mail", "mail.send", "", "web")


@pytest.fixture
def mail(project: Project) -> Project:
    """An app without bindings, whose callers were observed."""
    project.write("mail.py", PLAIN)
    project.write("pyproject.toml", "[tool.taskcontract]\n")
    store = FileStore(project.root / "usage.sqlite")
    sent = [
        tell_shape(["ann"], {"subject": None}),
        tell_shape([7, "news"], {"urgent": True}),
        tell_shape([], {}),
    ]
    uses = [Use(SEND, 9, 2.0), Use(SEND._replace(task="mail.gone"), 1, 2.0)]
    shapes = [*(ShapeUse(SEND, each, 2, 2.0) for each in sent), ShapeUse(SEND, OTHER_SHAPE, 3, 2.0)]
    store.add("mail", uses, 1.0, [*shapes, ShapeUse(uses[1].key, tell_shape([1], {"x": {}}), 1, 2.0)])
    return project


def observe(project: Project, *arguments: str, code: int = 0) -> str:
    done = project.run("observe", *arguments, TASKCONTRACT_USAGE=str(project.root / "usage.sqlite"))
    assert done.returncode == code, done.stderr
    return done.stdout or done.stderr


def test_the_codes_signatures_get_the_types_that_were_sent(mail: Project) -> None:
    assert observe(mail, "--app", "mail:app").splitlines() == [
        "mail: what was observed of its tasks",
        "  mail.gone(arg1: integer, /, *, x: object): 1 call by 1 consumer",
        "    its signature is guessed from its calls: name its app with --app",
        '  mail.send(to: integer | string, subject: string | null = "hello", *, urgent: boolean = false): '
        "9 calls by 1 consumer",
        "    the arguments of 3 calls were not told",
        "    2 calls did not fit this signature",
    ]
    told = read_document("observe", observe(mail, "mail.send", "--app", "mail:app", "--format", "json"))
    (task,) = told["tasks"]
    assert {key: task[key] for key in ("is_known", "calls", "consumers", "untold", "misfits")} == {
        "is_known": True,
        "calls": 9,
        "consumers": 1,
        "untold": 3,
        "misfits": 2,
    }
    assert (told["service"], told["shapes_since"]) == ("mail", 1.0)


def test_it_is_exported_as_a_spec(mail: Project) -> None:
    printed = observe(mail, "--app", "mail:app", "--export")
    assert observe(mail, "mail.*", "--app", "mail:app", "--export", "-o", "observed.json") == ""
    assert (mail.root / "observed.json").read_text() == printed
    spec = load_spec(mail.root / "observed.json")
    assert (spec.name, spec.version) == ("mail", "")
    assert [task.wire_name for task in spec.tasks] == ["mail.gone", "mail.send"]
    assert json.loads(printed)["service"] == "mail"


def test_a_broker_alone_has_the_only_service_that_is_counted(mail: Project) -> None:
    assert "mail.send(arg1: integer | string | null = null" in observe(mail, "--broker", "memory://")
    FileStore(mail.root / "usage.sqlite").add("depot", [], 1.0, [])
    refused = observe(mail, "--broker", "memory://", code=2)
    assert "several services are counted there" in refused
    assert "Give --service: depot, mail." in refused


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--app", "mail:app", "-o", "x.json"], "--output is for a spec"),
        (["nothing", "--app", "mail:app"], "no call of 'nothing' was observed"),
        (["--app", "mail:app", "--service", "other"], "no worker has counted calls of 'other' yet"),
        ([], "no app and no broker to look at"),
        (["--app", "nowhere"], "the app 'nowhere'"),
    ],
)
def test_what_cannot_be_shown_is_one_clear_error(mail: Project, arguments: list[str], said: str) -> None:
    refused = observe(mail, *arguments, code=2)
    assert said in refused
    assert not (mail.root / "x.json").exists()


def test_a_broken_store_is_one_clear_error(mail: Project) -> None:
    (mail.root / "usage.sqlite").write_text("no database at all " * 100)
    assert "not a usage store" in observe(mail, "--app", "mail:app", code=2)
