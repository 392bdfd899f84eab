"""The set-up says the same thing everywhere: Makefile, .ci/run, workflows, constraints."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[3]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
CI_TARGETS = re.findall(r"[a-z-]+", re.findall(r"for target in (.+); do", (ROOT / ".ci/run").read_text())[0])


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_each_step_of_a_workflow_calls_a_make_target(workflow: Path) -> None:
    jobs = yaml.safe_load(workflow.read_text())["jobs"].values()
    commands = [step["run"] for job in jobs for step in job.get("steps", []) if "run" in step]
    called = {re.fullmatch(r'make (?:([a-z-]+)|"\$TARGET")', command) for command in commands}

    assert commands
    assert None not in called
    assert {match[1] for match in called if match and match[1]} <= TARGETS


def test_continuous_integration_runs_all_that_check_runs() -> None:
    checked = re.findall(r"^check: ([a-z -]+) ##", MAKEFILE, re.MULTILINE)[0].split()
    workflow = (ROOT / ".github/workflows/ci.yml").read_text()

    assert set(checked) < set(CI_TARGETS) <= TARGETS
    assert set(CI_TARGETS) == set(re.findall(r"run: make ([a-z-]+)", workflow))


def test_each_target_is_explained_and_phony() -> None:
    phony = re.findall(r"^\.PHONY: ((?:.*\\\n)*.*)", MAKEFILE, re.MULTILINE)[0].replace("\\", " ").split()

    assert set(phony) == TARGETS
    assert set(re.findall(r"^([a-z-]+):.* ## .+\.$", MAKEFILE, re.MULTILINE)) == TARGETS


def test_constraints_are_plain_pins() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()

    for requirement in (Requirement(line) for line in lines if not line.startswith("#")):
        assert requirement.url is None
        assert [each.operator for each in requirement.specifier] == ["=="]


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
