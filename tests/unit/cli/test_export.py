"""`taskcontract export`."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING

import jsonschema_rs
import pytest

from tests.support.asyncapi import accepts, find_faults
from tests.support.git_projects import commit, git
from tests.support.project import PUSHER

if TYPE_CHECKING:
    from tests.support.project import Project

EMBED = {"callbacks": None, "errbacks": None, "chain": None, "chord": None}
TASKS = """\
import os
from celery import shared_task

@shared_task
def mail(to: str, times: int = 1) -> None: ...

@shared_task(name=os.environ["NAME"])
def computed(): ...
"""


def test_the_same_api_is_exported_from_bindings_a_file_and_what_is_published(project: Project) -> None:
    project.run("snapshot", "bindings.pusher", "--publish")
    project.run("snapshot", "bindings.pusher", "-o", "old/pusher.json")
    for what in ("asyncapi", "jsonschema"):
        done = [
            project.run("export", what, source)
            for source in ("bindings.pusher", "bindings/pusher.py", "pusher@2", "v2", "old/pusher.json")
        ]
        assert [each.returncode for each in done] == [0] * 5, done
        assert {each.stderr for each in done} == {""}
        assert len({each.stdout for each in done}) == 1
    assert find_faults(json.loads(project.run("export", "asyncapi", "pusher@2").stdout)) == []


@pytest.mark.process
@pytest.mark.parametrize("what", ["asyncapi", "jsonschema"])
def test_the_same_api_gives_the_same_bytes(project: Project, what: str) -> None:
    assert (
        len(
            {
                project.run_process("export", what, "bindings.pusher", PYTHONHASHSEED=seed).stdout
                for seed in "12"
            }
        )
        == 1
    )


def test_a_file_is_written_whole_and_once(project: Project) -> None:
    done = project.run("export", "asyncapi", "bindings.pusher", "-o", "out/pusher.json")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    file = project.root / "out/pusher.json"
    assert find_faults(json.loads(file.read_text("utf-8"))) == []
    inode = file.stat()[stat.ST_INO]
    project.run("export", "asyncapi", "bindings.pusher", "-o", "out/pusher.json")
    assert file.stat()[stat.ST_INO] == inode
    project.write("bindings/pusher.py", PUSHER.replace("content: str", "content: object = ..."))
    assert project.run("export", "asyncapi", "bindings.pusher", "-o", "out/pusher.json").returncode == 2
    assert file.stat()[stat.ST_INO] == inode
    assert [each.name for each in file.parent.iterdir()] == ["pusher.json"]


@pytest.mark.parametrize(
    ("task", "version"),
    [
        ("send_to_s3", "2.0.0"),
        ("send_to_s3@1", "1.0.0"),
        ("send_to_s3@2.0.0", "2.0.0"),
        ("pusher.send_to_s3", "1.0.0"),
        ("pusher.send_to_s3_v2", "2.0.0"),
    ],
)
def test_one_task_is_chosen(project: Project, task: str, version: str) -> None:
    document = json.loads(project.run("export", "jsonschema", "bindings.pusher", "--task", task).stdout)
    jsonschema_rs.meta.validate(document)
    assert document["$id"] == f"urn:taskcontract:pusher:send_to_s3:{version}"
    takes = jsonschema_rs.Draft202012Validator(document).is_valid
    assert takes([["k", "c", {}][: 2 if version == "1.0.0" else 3], {}, EMBED])


def test_servers_are_named_without_their_passwords(project: Project) -> None:
    urls = ("--server", "amqp://me:hush@rabbitmq:5672/shop", "--server", "redis://:hush@cache/0")
    document = json.loads(project.run("export", "asyncapi", "bindings.pusher", *urls).stdout)
    assert find_faults(document) == []
    assert {each["host"] for each in document["servers"].values()} == {"rabbitmq:5672", "cache"}
    assert "hush" not in json.dumps(document)


@pytest.mark.process
def test_plain_tasks_are_exported_from_a_folder_and_a_commit(project: Project) -> None:
    project.write("shop/__init__.py", "")
    project.write("shop/tasks.py", TASKS)
    git(project.root, "init", "-q", "-b", "main")
    commit(project.root, "one")
    for source, place in (
        ("shop/", "shop/tasks.py"),
        ("git:main", "shop/tasks.py"),
        ("main", "shop/tasks.py"),
    ):
        done = project.run("export", "asyncapi", source)
        assert done.returncode == 0, done.stderr
        assert f"{source}: one place could not be resolved" in done.stderr
        assert place in done.stderr
        document = json.loads(done.stdout)
        assert find_faults(document) == []
        (name,) = document["operations"]
        assert name.endswith("tasks.mail")
        takes = accepts(document, name)
        assert takes([["a"], {"times": 2}, EMBED])
        assert not takes([[], {"times": 2}, EMBED])


def test_the_only_configured_bindings_are_meant_where_none_are_named(project: Project) -> None:
    project.write("pyproject.toml", "[tool.taskcontract]\nbindings = ['bindings.pusher']\n")
    assert json.loads(project.run("export", "asyncapi").stdout)["info"]["title"] == "pusher"
    project.write("bindings/mailer.py", PUSHER.replace("pusher", "mailer"))
    project.write(
        "pyproject.toml", "[tool.taskcontract]\nbindings = ['bindings.pusher', 'bindings.mailer']\n"
    )
    done = project.run("export", "asyncapi")
    assert done.returncode == 2
    assert "bindings.pusher, bindings.mailer" in done.stderr
    assert (
        json.loads(project.run("export", "asyncapi", "bindings.mailer").stdout)["info"]["title"] == "mailer"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "asyncapi|jsonschema is missing"),
        (("openapi",), "'openapi' is not one of 'asyncapi', 'jsonschema'"),
        (("asyncapi",), "no bindings are configured"),
        (("asyncapi", "nothing.here"), "nothing"),
        (("asyncapi", "missing.json"), "missing.json"),
        (("asyncapi", "pusher@9"), "pusher"),
        (("asyncapi", "send_to_s3@1"), ""),
        (("asyncapi", "empty/"), "no Celery task was found"),
        (("asyncapi", "bindings.pusher", "--task", "send_to_s3"), "a whole service"),
        (("jsonschema", "bindings.pusher", "--server", "amqp://u:hush@h/"), "has no servers"),
        (("asyncapi", "bindings.pusher", "--server", "amqp://u:hush@/"), "does not say where a server is"),
        (("jsonschema", "bindings.pusher", "--task", "sent_to_s3"), "has no task 'sent_to_s3'"),
        (("jsonschema", "bindings.pusher", "--task", "send_to_s3@9"), "has no task 'send_to_s3@9'"),
        (("jsonschema", "bindings.pusher", "--task", "send_to_s3@x"), ""),
        (("jsonschema", "bindings.pusher", "-o", "bindings/pusher.py/x.json"), "cannot be written"),
    ],
)
def test_bad_input_is_one_clear_error(project: Project, arguments: tuple[str, ...], said: str) -> None:
    project.write("empty/code.py", "x = 1\n")
    done = project.run("export", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.startswith("taskcontract: ")
    assert "Traceback" not in done.stderr
    assert "hush" not in done.stderr
