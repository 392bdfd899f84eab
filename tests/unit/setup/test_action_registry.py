"""The GitHub action around a registry: it publishes, fetches, asks and records, as steps of any job."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from demo.s3 import connect, make_environment, serve_s3
from tests.support.document import make_path
from tests.support.markdown_blocks import read_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
[STEP] = [step for step in ACTION["runs"]["steps"] if step.get("name") == "Tell the registry or ask it"]
PAGE = (ROOT / "docs/ci-registry.md").read_text("utf-8")
DOCUMENTED = set(re.findall(r"`([a-z-]+)`", ACTION["inputs"]["command"]["description"])) - {"diff"}

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def s3_url() -> Iterator[str]:
    with serve_s3() as url:
        connect(url).create_bucket(Bucket="our-contracts")
        yield url


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The two repositories of the page."""
    for block in read_blocks(PAGE):
        if block.kind == "file":
            path = tmp_path / block.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text)
    return tmp_path


def run(folder: Path, s3_url: str = "", **variables: str) -> tuple[int, str, str]:
    """Run the step as GitHub does; its exit code, what it printed, and the job's summary."""
    summary = folder / "summary.md"
    summary.unlink(missing_ok=True)
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEP["run"]],
        cwd=folder,
        env={
            "PATH": make_path(os.environ),
            "HOME": str(folder),
            "GITHUB_STEP_SUMMARY": str(summary),
            **make_environment(s3_url),
            **dict.fromkeys(STEP["env"], ""),
            "TASKCONTRACT": "taskcontract",
            **variables,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, summary.read_text() if summary.exists() else ""


def test_each_command_serves_both_roles(s3_url: str, folder: Path) -> None:
    store, shop = folder / "store", folder / "shop"
    called: set[str] = set()

    def call(where: Path, command: str, version: str, environment: str = "", options: str = "") -> str:
        called.add(command)
        code, output, summary = run(
            where,
            s3_url,
            COMMAND=command,
            SERVICE=where.name,
            VERSION=version,
            ENVIRONMENT=environment,
            OPTIONS=options,
            REGISTRY="s3://our-contracts/registry",
        )
        assert summary == (output if command == "can-i-deploy" else "")
        return f"{code} {output}"

    def replay(*arguments: str, where: Path) -> None:
        environment = {**os.environ, "PYTHONPATH": str(store)}
        command = [sys.executable, "-m", "pytest", *arguments]
        subprocess.run(
            command, cwd=where, env=environment, check=True, timeout=120, stdout=subprocess.DEVNULL
        )

    replay(where=shop)
    assert "store a1 published: API 1.0.0" in call(store, "publish", "a1")
    assert (
        call(store, "record-deployment", "a1", "production", "--new")
        == "0 store a1 is deployed to production\n"
    )
    assert "shop b1 published: 1 interaction with store" in call(shop, "publish", "b1")
    assert call(shop, "can-i-deploy", "b1", "production").startswith("2 ### it is not known whether shop b1")
    assert call(shop, "fetch", "b1", options="-o fetched").startswith(
        "0 fetched/store/1.0.0.json: store 1.0.0"
    )
    assert call(store, "fetch", "a1", options="-o\nfetched").startswith("0 fetched/shop--store.json: shop b1")
    replay("--taskcontract", "--taskcontract-json", "verified.json", "fetched", where=store)
    added = call(store, "publish", "a1", options="--verified verified.json")
    assert "store a1 added to: API 1.0.0, 1 replayed interaction" in added
    assert call(shop, "can-i-deploy", "b1", "production").startswith("0 ### shop b1 may go to production")
    assert call(shop, "record-release", "b1", "production") == "0 shop b1 is released to production\n"
    gone = call(shop, "record-undeployment", "b1", "production")
    assert gone == "0 shop b1 no longer runs in production\n"
    assert called == DOCUMENTED


@pytest.mark.parametrize(
    ("variables", "complaint"),
    [
        ({"COMMAND": "publish"}, "the input service"),
        ({"COMMAND": "can-i-deploy", "SERVICE": "shop"}, "can-i-deploy needs the input environment"),
        ({"COMMAND": "record-release", "SERVICE": "shop"}, "record-release needs the input environment"),
        ({"COMMAND": "retire", "SERVICE": "shop"}, "the input command is none of diff, publish,"),
        ({"COMMAND": "record-it", "SERVICE": "shop", "ENVIRONMENT": "x"}, "the input command is none of"),
    ],
)
def test_what_is_not_said_is_asked_for(variables: dict[str, str], complaint: str, tmp_path: Path) -> None:
    code, output, _ = run(tmp_path, **variables)

    assert code == 2
    assert output.startswith(f"::error title=taskcontract::{complaint}")


def test_what_a_caller_says_is_never_a_command(tmp_path: Path) -> None:
    said = "$(touch made) `touch made`"
    code, output, _ = run(
        tmp_path,
        COMMAND="record-release",
        TASKCONTRACT="printf '%s\\n'",
        **dict.fromkeys(("SERVICE", "VERSION", "ENVIRONMENT", "REGISTRY"), said),
    )

    assert (code, output.splitlines()) == (
        0,
        ["record-release", said, said, "--to", said, "--registry", said],
    )
    assert list(tmp_path.iterdir()) == []


def test_its_own_taskcontract_is_run_where_the_project_names_none(tmp_path: Path) -> None:
    alternatives = re.findall(r"\|\| '(.+)' \}\}", STEP["env"]["TASKCONTRACT"])
    own = tmp_path / "a folder/venv/bin/taskcontract"
    own.parent.mkdir(parents=True)
    own.write_text('#!/bin/sh\necho "own $*"\n')
    own.chmod(0o755)
    [command] = alternatives
    code, output, _ = run(
        tmp_path, COMMAND="fetch", SERVICE="shop", TASKCONTRACT=command, REPORTS=str(tmp_path / "a folder")
    )

    assert (code, output) == (0, "own fetch shop\n")
