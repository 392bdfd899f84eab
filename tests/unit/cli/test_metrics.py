"""`taskcontract metrics`, as a user types it: what it prints, and what is one clear error."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.scraping import read_samples

if TYPE_CHECKING:
    from tests.support.project import Project

CONFIGURED = """\
[tool.taskcontract]
bindings = ["bindings.pusher"]
app = "worker"
"""
SERVICE = "[tool.taskcontract.services.{0}]\nbindings = ['bindings.pusher']\napp = '{0}'\n"
APP = """\
from celery import Celery
from taskcontract import embedded

embedded.register()
app = Celery("{name}", broker="embedded://{root}/{folder}")
app.conf.task_default_queue = "jobs"


@app.task(name="{name}.task")
def task(): ...
"""


def write_app(project: Project, module: str = "worker", folder: str = "broker") -> None:
    project.write(f"{module}.py", APP.format(name=module, root=project.root, folder=folder))


@pytest.fixture
def queued(project: Project) -> Project:
    """A project whose broker has a call of an old version, one of the app's own task, and one of nobody's."""
    project.write("pyproject.toml", CONFIGURED)
    write_app(project)
    send = (
        "from worker import app\n"
        "header = {'taskcontract': {'version': '1.0.0', 'consumer': 'web'}}\n"
        "app.send_task('pusher.send_to_s3', ('k', 'c'), queue='pusher', headers=header)\n"
        "app.send_task('worker.task', queue='pusher')\n"
        "app.send_task('nobody.knows', queue='pusher')\n"
    )
    subprocess.run([sys.executable, "-c", send], cwd=project.root, check=True, timeout=60)
    return project


@pytest.mark.process
def test_it_prints_what_waits(queued: Project) -> None:
    done = queued.run("metrics", "--timeout", "0.1")
    assert (done.returncode, done.stderr) == (0, "")
    samples = read_samples(done.stdout)
    counted = {
        tuple(value for _, value in sorted(labels)): value
        for (name, labels), value in samples.items()
        if name == "taskcontract_in_flight_messages"
    }
    assert counted == {
        ("waiting", "pusher", "pusher.send_to_s3", "1.0.0"): 1,
        ("waiting", "(none)", "worker.task", "(none)"): 1,
        ("waiting", "(none)", "(other)", "(none)"): 1,
    }
    assert samples["taskcontract_queue_messages", frozenset({("queue", "pusher")})] == 3


@pytest.mark.process
def test_without_bindings_the_app_says_what_there_is(queued: Project) -> None:
    queued.write("pyproject.toml", '[tool.taskcontract]\napp = "worker"\n')
    done = queued.run("metrics", "--timeout", "0.1", "--queue", "pusher")
    assert (done.returncode, done.stderr) == (0, "")
    depth = {labels for name, labels in read_samples(done.stdout) if name == "taskcontract_queue_messages"}
    assert depth == {frozenset({("queue", "pusher")})}


@pytest.mark.process
@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ("--listen nonsense", "taskcontract: --listen: 'nonsense' is no address to listen at\n"),
        ("--listen 192.0.2.1:0", "taskcontract: --listen: metrics cannot be served at 192.0.2.1:0: "),
        ("--every 0", "--every"),
        ("--sample 0", "--sample"),
        ("--broker redis://:secret@127.0.0.1:1/0", "taskcontract: redis://:**@127.0.0.1:1/0: the quarantine"),
        ("--broker nonsense", "taskcontract: "),
        ("--app nosuch", "taskcontract: the app 'nosuch'"),
        ("no_such_bindings", "taskcontract: "),
    ],
)
def test_a_mistake_is_one_message(project: Project, options: str, complaint: str) -> None:
    project.write("pyproject.toml", CONFIGURED)
    write_app(project)
    done = project.run("metrics", *options.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr


@pytest.mark.process
def test_two_brokers_are_two_commands(project: Project) -> None:
    project.write("pyproject.toml", "".join(map(SERVICE.format, ("one", "two", "three"))))
    for name, folder in (("one", "broker"), ("two", "other"), ("three", "broker")):
        write_app(project, name, folder)
    done = project.run("metrics")
    assert done.returncode == 2
    assert "Run one for each: --service one or --service two" in done.stderr
    done = project.run("metrics", "--service", "one", "--service", "three", "--timeout", "0.1")
    assert (done.returncode, done.stderr) == (0, "")
    assert read_samples(done.stdout)
