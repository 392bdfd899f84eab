"""The set-up says the same thing everywhere: Makefile, .ci/run, workflows, constraints."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[3]
WORKFLOWS = [ROOT / ".github/workflows" / name for name in ("ci.yml", "release.yml")]
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
CI_TARGETS = re.findall(r"[a-z-]+", re.findall(r"for target in (.+); do", (ROOT / ".ci/run").read_text())[0])


def read_commands(workflow: Path) -> list[str]:
    """What the steps of a workflow run, those that its matrix says among them."""
    commands = []
    for job in yaml.safe_load(workflow.read_text())["jobs"].values():
        matrix = job.get("strategy", {}).get("matrix", {})
        chosen = [*matrix.get("command", ()), *(row["command"] for row in matrix.get("include", ()))]
        for step in job.get("steps", []):
            command = step.get("run")
            commands += chosen if command == "${{ matrix.command }}" else [command] if command else []
    return commands


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_each_step_of_a_workflow_calls_a_make_target(workflow: Path) -> None:
    commands = read_commands(workflow)
    called = {re.fullmatch(r"make ([a-z-]+)(?: [A-Z]+=[\d.]+)?", command) for command in commands}

    assert commands
    assert None not in called
    assert {match[1] for match in called if match} <= TARGETS


def test_continuous_integration_runs_all_that_check_runs() -> None:
    checked = re.findall(r"^check: ([a-z -]+) ##", MAKEFILE, re.MULTILINE)[0].split()
    called = {command.split()[1] for command in read_commands(ROOT / ".github/workflows/ci.yml")}

    assert set(checked) < set(CI_TARGETS) <= TARGETS
    assert called == {*CI_TARGETS, "test-random", "test-thorough", "coverage", "test-oldest", "test-celery"}


def test_each_celery_that_is_allowed_is_tried_and_no_other() -> None:
    matrix = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())["jobs"]["tests"]["strategy"][
        "matrix"
    ]
    tried = {name.removeprefix("Celery ") for name in matrix["versions"]}
    more = {row["versions"].partition(",")[0] for row in matrix["include"]} - {"the lowest versions"}
    tried |= {versions.removeprefix("Celery ") for versions in more}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = {each.name: each for each in map(Requirement, project["dependencies"])}
    minors = [f"5.{minor}" for minor in range(12)]

    for name in ("celery", "kombu"):
        assert {minor for minor in minors if needed[name].specifier.contains(f"{minor}.9")} == tried
    pinned = re.search(r"^celery==(5\.\d+)\.", (ROOT / "constraints.txt").read_text(), re.MULTILINE)
    assert pinned
    assert matrix["versions"] == [f"Celery {pinned[1]}"]
    assert Requirement(project["optional-dependencies"]["redis"][0]).specifier == needed["celery"].specifier


def test_each_target_is_explained_and_phony() -> None:
    phony = re.findall(r"^\.PHONY: ((?:.*\\\n)*.*)", MAKEFILE, re.MULTILINE)[0].replace("\\", " ").split()

    assert set(phony) == TARGETS
    assert set(re.findall(r"^([a-z-]+):.* ## .+\.$", MAKEFILE, re.MULTILINE)) == TARGETS


def test_constraints_are_plain_pins() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()

    for requirement in (Requirement(line) for line in lines if not line.startswith("#")):
        assert requirement.url is None
        assert [each.operator for each in requirement.specifier] == ["=="]


@pytest.mark.process
def test_an_interpreter_that_is_too_old_is_named(tmp_path: Path) -> None:
    old = tmp_path / "python2"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)

    done = subprocess.run(
        ["sh", ROOT / ".ci/setup"],
        env={**os.environ, "PYTHON": str(old)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (1, f"setup: PYTHON={old} is not a Python >= 3.11\n")
