"""`taskcontract snapshot`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from taskcontract.model.spec_file import dump_spec, load_spec
from tests.support.project import PUSHER

if TYPE_CHECKING:
    from tests.support.project import Project


@pytest.mark.process
@pytest.mark.parametrize("name", ["bindings.pusher", "bindings/pusher.py", "bindings.pusher:pusher"])
def test_the_same_api_gives_the_same_bytes(project: Project, name: str) -> None:
    texts = {project.run_process("snapshot", name, PYTHONHASHSEED=seed).stdout for seed in "12"}
    assert len(texts) == 1
    spec = json.loads(texts.pop())
    assert [(task["name"], task["version"]) for task in spec["tasks"]] == [
        ("send_to_s3", "1.0.0"),
        ("send_to_s3", "2.0.0"),
    ]


def test_a_file_is_written_that_loads_again(project: Project) -> None:
    done = project.run("snapshot", "bindings.pusher", "-o", "out/pusher.json")
    assert (done.returncode, done.stdout) == (0, "")
    file = project.root / "out" / "pusher.json"
    assert dump_spec(load_spec(file)) == file.read_text(encoding="utf-8")


def test_what_the_module_prints_stays_out_of_the_json(project: Project) -> None:
    project.write("bindings/pusher.py", f"print('hello')\n{PUSHER}")
    done = project.run("snapshot", "bindings.pusher")
    assert json.loads(done.stdout)["service"] == "pusher"
    assert done.stderr == "hello\n"


def test_several_services_must_be_told_apart(project: Project) -> None:
    project.write("bindings/pusher.py", f"{PUSHER}\nmailer = Service('mailer')\n")
    done = project.run("snapshot", "bindings.pusher")
    assert done.returncode == 2
    assert "bindings.pusher:pusher, bindings.pusher:mailer" in done.stderr
    assert json.loads(project.run("snapshot", "bindings.pusher:mailer").stdout)["service"] == "mailer"


def test_a_published_version_never_changes(project: Project) -> None:
    file = project.root / "contracts" / "pusher" / "2.0.0.json"
    first = project.run("snapshot", "bindings.pusher", "--publish")
    assert (first.returncode, first.stdout) == (0, "")
    published = file.read_bytes()

    again = project.run("snapshot", "bindings.pusher", "--publish")
    assert again.returncode == 0
    assert "already published" in again.stderr

    project.write("bindings/pusher.py", PUSHER.replace("content: str", "content: bytes"))
    changed = project.run("snapshot", "bindings.pusher", "--publish")
    assert changed.returncode == 2
    assert "higher version" in changed.stderr
    assert file.read_bytes() == published

    assert project.run("snapshot", "bindings.pusher", "--publish", "3.0.0").returncode == 0
    assert load_spec(file.with_name("3.0.0.json")).version == "3.0.0"


def test_it_is_published_where_the_configuration_says(project: Project) -> None:
    project.write("pyproject.toml", "[tool.taskcontract]\ncontracts = ['pacts', 'contracts']\n")
    assert project.run("snapshot", "bindings.pusher", "--publish").returncode == 0
    assert (project.root / "pacts" / "pusher" / "2.0.0.json").is_file()


CONFIGURED = "[tool.taskcontract]\nbindings = ['bindings.pusher', 'bindings.mailer']\n"


def test_the_configured_bindings_are_meant_where_none_are_named(project: Project) -> None:
    project.write("bindings/mailer.py", PUSHER.replace("pusher", "mailer"))
    project.write("pyproject.toml", CONFIGURED.replace(", 'bindings.mailer'", ""))
    assert json.loads(project.run("snapshot").stdout)["service"] == "pusher"

    project.write("pyproject.toml", CONFIGURED)
    assert project.run("snapshot", "--publish").returncode == 0
    published = sorted(str(file.relative_to(project.root)) for file in project.root.rglob("*.json"))
    assert published == ["contracts/mailer/2.0.0.json", "contracts/pusher/2.0.0.json"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "these are several services\n  Name one: bindings.pusher, bindings.mailer; or give --publish."),
        (["--publish", "3.0.0"], "one version cannot be that of several services"),
    ],
)
def test_one_file_or_version_is_of_one_service(project: Project, options: list[str], said: str) -> None:
    project.write("bindings/mailer.py", PUSHER.replace("pusher", "mailer"))
    project.write("pyproject.toml", CONFIGURED)
    done = project.run("snapshot", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
