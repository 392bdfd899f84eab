"""What a command on a running system is asked about: which app, which version, for how long."""

from __future__ import annotations

import json

import pytest
from celery import Celery

from taskcontract import Service
from taskcontract.cli.cluster import find_declared_task, find_queues
from taskcontract.errors import ConfigError
from tests.support.celery_worker import ROOT
from tests.support.json_documents import read_document
from tests.support.project import Project

BREAKING = """\
from celery import Celery
from bindings.pusher import Stored, pusher, send_to_s3_v2
from taskcontract import Provider

app = Celery("pusher", broker="memory://")


@Provider(app, pusher).implements(send_to_s3_v2)
def send(key: str, content: str, metadata: dict[str, str]) -> Stored: ...
"""
EMBEDDED = "embedded://{root}/broker"
COMMON = "[tool.taskcontract]\nbindings = ['bindings.pusher']\n"


def declare(name: str, *versions: str) -> Service:
    service = Service(name)
    for version in versions:

        def put(key: str) -> None: ...

        service.task(version=version, name=f"{name}.put_{version}")(put)
    return service


ONE, OTHER = declare("shop", "1.0.0", "2.0.0"), declare("depot", "1.0.0")

NAMED = {
    "by its version": ([ONE], "put@1", "shop", "1.0.0"),
    "by the exact one": ([ONE], "put@2.0.0", "shop", "2.0.0"),
    "with its service": ([ONE, OTHER], "depot.put@1", "depot", "1.0.0"),
    "with the other": ([ONE, OTHER], "shop.put@1", "shop", "1.0.0"),
}


@pytest.mark.parametrize(("services", "wanted", "service", "version"), NAMED.values(), ids=NAMED)
def test_a_version_is_named(services: list[Service], wanted: str, service: str, version: str) -> None:
    task = find_declared_task(wanted, services)
    assert (task.service.name, task.version) == (service, version)


@pytest.mark.parametrize(
    ("queue", "default", "found"),
    [(None, None, "celery"), (None, "plain", "plain"), ("celery", "plain", "celery"), ("jobs", None, "jobs")],
)
def test_a_task_without_a_queue_waits_in_celerys_default_one(
    queue: str | None, default: str | None, found: str
) -> None:
    app = Celery("shop", set_as_current=False)
    if default:
        app.conf.task_default_queue = default
    service = Service("shop", queue=queue)

    @service.task(version="1.0.0")
    def put(key: str) -> None: ...

    assert find_queues(service.tasks, app) == {found}
    assert service.spec().tasks[0].queue_name == (queue or "celery")


UNCLEAR = {
    "two services": ([ONE, OTHER], "put@1", "Say which: depot.put@1, shop.put@1."),
    "no version": ([ONE], "put", "Say which version: put@1.0.0, put@2.0.0."),
    "an empty version": ([ONE], "put@", "Say which version: put@1.0.0, put@2.0.0."),
    "another service": ([ONE, OTHER], "mill.put@1", "There are put@1.0.0"),
    "nothing": ([ONE], "", "There are put@1.0.0"),
}


@pytest.mark.parametrize(("services", "wanted", "advice"), UNCLEAR.values(), ids=UNCLEAR)
def test_a_name_that_is_unclear_is_an_error_that_lists_what_there_is(
    services: list[Service], wanted: str, advice: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        find_declared_task(wanted, services)
    assert advice in caught.value.do


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "-1", "1e9", "x", ""])
@pytest.mark.parametrize(
    "option",
    [
        "usage --days",
        "retire put@1 --days",
        "retire put@1 --timeout",
        "inflight --timeout",
        "inspect --timeout",
    ],
)
def test_a_number_that_means_nothing_is_refused(project: Project, option: str, number: str) -> None:
    done = project.run(*f"{option}={number}".split(" "))
    assert done.returncode == 2
    assert f"{option.split()[0]} {option.split()[-1]}: {number!r} is not a number from" in done.stderr


@pytest.mark.parametrize("option", ["inflight --timeout", "inspect --timeout", "retire put@1 --timeout"])
def test_nobody_can_answer_at_once(project: Project, option: str) -> None:
    assert "'0' is not a number from" in project.run(*f"{option}=0".split(" ")).stderr


MEMORY = "cache+memory://"
URLS = [
    ("foo://x", MEMORY, "foo://x", "no broker is known by the scheme 'foo'", "Known are amqp, "),
    ("redis://127.0.0.1:6379/abc", MEMORY, "6379/abc", "not abc", "Check the URL."),
    ("memory://", "bogus://", "bogus://", "no result backend is known by the scheme 'bogus'", "Known are "),
]
COMMANDS = ["inflight", "inspect", "usage", "quarantine list", "retire send_to_s3@1"]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(("broker", "backend", "where", "what", "do"), URLS)
def test_a_url_that_cannot_be_used_is_one_clear_error(
    project: Project, command: str, broker: str, backend: str, where: str, what: str, do: str
) -> None:
    project.write("pyproject.toml", COMMON)
    project.write("contracts/none.txt", "")
    arguments = (*command.split(), "--broker", broker, "--backend", backend)
    done = project.run(*arguments, TASKCONTRACT_USAGE="")
    assert done.returncode == 2
    assert where in done.stderr
    assert what in done.stderr
    assert do in done.stderr


HIDDEN = [
    (["--broker", "redis://127.0.0.1"], "the broker needs a library for redis", "taskcontract[redis]"),
    (["--broker", "memory://", "--backend", "redis://x"], "the result backend needs a library", "[redis]"),
    (["--broker", "sqs://"], "the broker needs a library for sqs", "taskcontract[sqs]"),
    (["--app", "bindings.app:app"], "the broker needs a library for redis", "taskcontract[redis]"),
]


@pytest.mark.process
@pytest.mark.parametrize(("options", "what", "package"), HIDDEN)
def test_a_library_that_is_not_installed_is_named(
    project: Project, options: list[str], what: str, package: str
) -> None:
    """By each command, but for `usage` of an app: that looks at the counts alone."""
    project.write("pyproject.toml", COMMON)
    project.write("contracts/none.txt", "")
    project.write("bindings/app.py", "from celery import Celery\napp = Celery(broker='redis://127.0.0.1')\n")
    for name in ("redis", "boto3", "botocore"):
        project.write(f"hidden/{name}.py", f"raise ModuleNotFoundError({name!r}, name={name!r})\n")
    path = f"{project.root / 'hidden'}:{ROOT}"
    commands = [command.split() for command in COMMANDS if (command, options[0]) != ("usage", "--app")]
    done = project.run_each(
        [[*command, *options] for command in commands], PYTHONPATH=path, TASKCONTRACT_USAGE=""
    )
    for command, one in zip(commands, done, strict=True):
        assert one.returncode == 2, (command, one)
        assert what in one.stderr, command
        assert 'Install it: `pip install "' in one.stderr, command
        assert package in one.stderr, command


def write_app(project: Project, name: str, first: str = "") -> None:
    broker = EMBEDDED.format(root=project.root)
    project.write(
        f"bindings/{name}.py", f"{first}\nfrom celery import Celery\napp = Celery('x', broker='{broker}')\n"
    )
    project.write("pyproject.toml", f"{COMMON}app = 'bindings.{name}'\n")


def test_an_app_that_ends_the_process_is_one_clear_error(project: Project) -> None:
    write_app(project, "ending", "raise SystemExit(3)")
    done = project.run("inflight")
    assert done.returncode == 2
    assert "bindings/ending.py:1: the app 'bindings.ending' cannot be imported: SystemExit: 3" in done.stderr


@pytest.mark.parametrize("command", ["inflight", "changelog", "usage"])
def test_an_app_that_breaks_a_promise_says_so_in_the_words_of_that_error(
    project: Project, command: str
) -> None:
    project.write("bindings/promising.py", BREAKING)
    project.write("pyproject.toml", f"{COMMON}app = 'bindings.promising'\n")
    done = project.run(command)
    assert done.returncode == 2
    assert "send does not take the calls of send_to_s3@2.0.0" in done.stderr
    assert "ProviderError(" not in done.stderr
    assert len(done.stderr.splitlines()) <= 3


def test_what_an_app_prints_is_no_part_of_the_report(project: Project) -> None:
    write_app(project, "loud", "print('hello')")
    done = project.run("inflight", "--format", "json", "--timeout", "0.01")
    assert done.returncode == 0, done.stderr
    assert read_document("inflight", done.stdout)["messages"] == []
    assert "hello" in done.stderr


def test_a_command_works_in_any_folder_of_the_project(project: Project) -> None:
    write_app(project, "app")
    (project.root / "deep" / "down").mkdir(parents=True)
    below = Project(project.root / "deep" / "down")
    assert below.run("inflight", "--timeout", "0.01").stdout == "0 in flight for pusher\n"


CONTRACT = {
    "consumer": {"name": "alpha"},
    "provider": {"name": "pusher"},
    "metadata": {"pactSpecification": {"version": "4.0"}},
    "interactions": [],
}


def retire(project: Project, *more: str, **environment: str) -> tuple[int, str]:
    done = project.run("retire", "send_to_s3@1", "--timeout", "0.01", *more, **environment)
    return done.returncode, done.stdout + done.stderr


def test_contracts_in_subfolders_count(project: Project) -> None:
    write_app(project, "app")
    text = json.dumps(CONTRACT)
    project.write("contracts/consumers/alpha--pusher.json", text[:-1])
    code, said = retire(project, "--without-usage")
    assert code == 2
    assert "alpha--pusher.json" in said
    project.write("contracts/consumers/alpha--pusher.json", text)
    code, said = retire(project, "--without-usage")
    assert code == 0
    assert said.startswith(
        "pusher.send_to_s3@1.0.0 may go: no contract and no entry of this app's beat calls it, "
        "nothing is in flight for it"
    )


def test_a_folder_of_contracts_that_does_not_exist_is_an_error(project: Project) -> None:
    write_app(project, "app")
    code, said = retire(project, "--without-usage")
    assert code == 2
    assert f"there are no contracts: no folder {project.root / 'contracts'}" in said


@pytest.mark.parametrize("place", ["off", "{root}/nowhere.sqlite"])
def test_where_nothing_was_counted_no_calls_mean_nothing(project: Project, place: str) -> None:
    write_app(project, "app")
    (project.root / "contracts").mkdir()
    usage = place.format(root=project.root)
    code, said = retire(project, TASKCONTRACT_USAGE=usage)
    assert code == 2
    assert f"{usage}: no worker has counted calls of 'pusher' yet" in said
    assert "leave it out with --without-usage" in said
    done = project.run("usage", TASKCONTRACT_USAGE=usage)
    assert done.returncode == 2
    assert "no worker has counted" in done.stderr


def test_a_reason_that_is_known_is_enough(project: Project) -> None:
    """Nobody has counted, but somebody's contract calls it: that is an answer."""
    write_app(project, "app")
    name = "service-a--pusher.json"
    project.write(f"contracts/{name}", (ROOT / "contracts" / name).read_text())
    code, said = retire(project, TASKCONTRACT_USAGE="off")
    assert (code, said) == (
        1,
        "pusher.send_to_s3@1.0.0 may not go:\n  service-a has a contract that calls it\n",
    )


def test_one_service_in_two_modules_is_one(project: Project) -> None:
    write_app(project, "app")
    project.write("bindings/again.py", "from bindings.pusher import pusher\n")
    (project.root / "contracts").mkdir()
    modules = ("--bindings", "bindings.pusher", "--bindings", "bindings.again")
    assert retire(project, "--without-usage", *modules)[0] == 0
