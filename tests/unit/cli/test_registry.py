"""The commands of the registry as users run them, over a folder."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from taskcontract.cli.registries import find_branch
from taskcontract.model.pact_writing import dump_contract
from tests.support.registries import make_contract

if TYPE_CHECKING:
    from tests.support.project import Done, Project

IN_FOLDER = ("--registry", "registry")


@pytest.fixture(autouse=True)
def no_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITHUB_HEAD_REF", "GITHUB_REF_NAME", "GITHUB_REF_TYPE", "CI_COMMIT_REF_NAME"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def shared(project: Project) -> Project:
    """A project whose registry has pusher 1, and shop 1 that is deployed to production."""
    publish_consumer(project, "shop", "1", "a", "old")
    publish_consumer(project, "pusher", "1")
    succeed(project.run("record-deployment", "shop", "1", "--to", "production", "--new", *IN_FOLDER))
    return project


def publish_consumer(project: Project, service: str, version: str, *keys: str) -> None:
    folder = f"recorded-{service}-{version}"
    contract = make_contract(service, "pusher", *keys)
    project.write(f"{folder}/{contract.file_name}", dump_contract(contract))
    options = ("--branch", "main", "--contracts", folder, *IN_FOLDER)
    succeed(project.run("publish", service, version, *options))


def succeed(done: Done) -> str:
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def refuse(done: Done) -> str:
    assert done.returncode == 2, done
    assert done.stderr.startswith("taskcontract: ")
    assert "\n  " in done.stderr, "it says what to do"
    return done.stderr


@pytest.mark.parametrize("place", ["", " ", "s3:/bucket/x", "S3:bucket", "~no-such-user-here/x", "ftp://h/x"])
def test_a_place_that_is_none_is_refused(project: Project, place: str) -> None:
    before = sorted(project.root.rglob("*"))
    for command in (("matrix",), ("publish", "pusher", "1")):
        refuse(project.run(*command, "--registry", place))
    assert sorted(project.root.rglob("*")) == before


@pytest.mark.parametrize("name", [" x", "x ", "\x1b[31mx", "\u202ex", "x" * 300, "é" * 80])
def test_names_that_nobody_can_read_are_refused_everywhere(shared: Project, name: str) -> None:
    start = ("record-deployment", "shop", "1", "--new", *IN_FOLDER)
    for arguments in (
        (*start, "--to", name),
        (*start, "--to", "production", "--instance", name),
        ("publish", "shop", name, "--contracts", "recorded-shop-1", *IN_FOLDER),
        ("publish", "shop", "2", "--tag", name, "--contracts", "recorded-shop-1", *IN_FOLDER),
        ("publish", "shop", "2", "--branch", name, "--contracts", "recorded-shop-1", *IN_FOLDER),
    ):
        assert "\x1b" not in refuse(shared.run(*arguments))


@pytest.mark.parametrize(
    ("verdict", "digest"),
    [("banana", "0" * 32), ("PASSED", "0" * 32), ("passed", "ZZ"), ("passed", ""), ("passed", "0" * 64)],
)
def test_a_run_that_was_not_written_by_one_is_refused(shared: Project, verdict: str, digest: str) -> None:
    row = {"consumer": "shop", "provider": "pusher", "digest": digest, "verdict": verdict, "why": ""}
    run = {"taskcontract_verified": 1, "at": "2026-11-28T10:00:00Z", "versions": "", "interactions": [row]}
    shared.write("run.json", json.dumps(run))
    publish = ("publish", "pusher", "1", "--verified", "run.json", *IN_FOLDER)
    assert "run.json" in refuse(shared.run(*publish))
    assert "unchanged" in succeed(
        shared.run("publish", "pusher", "1", "--contracts", "recorded-pusher-1", *IN_FOLDER)
    )


def test_an_environment_that_is_not_there_brings_no_empty_set(shared: Project) -> None:
    told = refuse(shared.run("fetch", "pusher", "--environment", "prodution", "-o", "in", *IN_FOLDER))
    assert "Did you mean 'production'?" in told
    assert not (shared.root / "in").exists()


def test_what_is_no_longer_wanted_is_named_and_removed_on_demand(shared: Project) -> None:
    publish_consumer(shared, "shop", "2", "a")
    fetch = ("fetch", "pusher", "-o", "in", *IN_FOLDER)
    succeed(shared.run(*fetch))
    old = shared.root / "in/shop--pusher--1.json"
    assert old.is_file()
    theirs = shared.write("in/legacy--pusher.json", dump_contract(make_contract("legacy", "pusher", "b")))
    other = shared.write("in/shop--pusher--note.json", '{"not": "a contract"}')

    assert "no longer wanted" not in succeed(shared.run(*fetch))
    succeed(shared.run("record-undeployment", "shop", "--from", "production", *IN_FOLDER))
    assert "in/shop--pusher--1.json: no longer wanted" in succeed(shared.run(*fetch))
    said = json.loads(succeed(shared.run(*fetch, "--format", "json")))
    assert said["unwanted"] == [{"file": "in/shop--pusher--1.json", "removed": False}]
    assert old.is_file()

    assert "in/shop--pusher--1.json: no longer wanted, removed" in succeed(shared.run(*fetch, "--prune"))
    assert not old.exists()
    assert theirs.is_file(), "its consumer is none that the registry knows"
    assert other.is_file()
    assert (shared.root / "in/shop--pusher.json").is_file()


def test_what_a_service_expects_of_itself_does_not_replace_what_its_tests_recorded(project: Project) -> None:
    publish_consumer(project, "pusher", "1", "a")
    own = project.write("in/pusher--pusher.json", dump_contract(make_contract("pusher", "pusher", "a")))
    before = own.read_bytes()
    succeed(project.run("fetch", "pusher", "-o", "in", "--prune", *IN_FOLDER))
    assert own.read_bytes() == before
    assert (project.root / "in/pusher--pusher--1.json").is_file()


def test_a_contract_in_several_files_is_published_as_one(project: Project) -> None:
    keys = [f"key-{number}" for number in range(20)]
    project.write("many/a.json", dump_contract(make_contract("shop", "pusher", *keys)))
    project.write("many/b.json", dump_contract(make_contract("shop", "pusher", *keys[1:], "more")))
    told = succeed(project.run("publish", "shop", "1", "--contracts", "many", *IN_FOLDER))
    assert "21 interactions with pusher" in told


@pytest.mark.parametrize(
    "variables",
    [
        {"GITHUB_REF_TYPE": "tag", "GITHUB_REF_NAME": "v1.0"},
        {"CI_COMMIT_TAG": "v1.0", "CI_COMMIT_REF_NAME": "v1.0"},
        {"BUILDKITE_TAG": "v1.0", "BUILDKITE_BRANCH": "v1.0"},
    ],
)
def test_a_tag_that_is_built_is_no_branch(variables: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert find_branch() == ""


def test_a_branch_that_is_built_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_REF_TYPE", "branch")
    monkeypatch.setenv("GITHUB_REF_NAME", "12/merge")
    monkeypatch.setenv("GITHUB_HEAD_REF", "feature/x")
    assert find_branch() == "feature/x"
