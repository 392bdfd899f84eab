"""A workflow that others call, run step by step as GitHub runs it: its `run:` steps, in bash, in order."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["CalledWorkflow", "Runner"]

EXPRESSION = re.compile(r"\$\{\{ (.+?) \}\}")


@dataclass
class Runner:
    """What GitHub gives a job: a folder for its files, variables, and a summary."""

    temp: Path
    environment: Mapping[str, str]
    outputs: dict[str, str] = field(default_factory=dict)
    """What each step that ran printed."""

    @property
    def summary(self) -> str:
        """What the steps wrote for people."""
        path = self.temp / "summary.md"
        return path.read_text() if path.exists() else ""


class CalledWorkflow:
    """The one job of a workflow, called with inputs and secrets."""

    def __init__(
        self, document: dict[Any, Any], values: Mapping[str, str], secrets: Mapping[str, str]
    ) -> None:
        call = document[True]["workflow_call"]  # YAML 1.1 takes `on` for a truth value
        assert set(values) <= set(call["inputs"])
        assert set(secrets) <= set(call["secrets"])
        [job] = document["jobs"].values()
        self._steps: list[dict[str, Any]] = job["steps"]
        self._known = dict.fromkeys((f"secrets.{name}" for name in call["secrets"]), "")
        self._known |= {f"secrets.{name}": value for name, value in secrets.items()}
        for name, declared in call["inputs"].items():
            assert declared.get("required") or "default" in declared
            value = values[name] if declared.get("required") else values.get(name, declared["default"])
            self._known[f"inputs.{name}"] = str(value).lower() if isinstance(value, bool) else str(value)

    def run(self, folder: Path, runner: Runner, sha: str) -> int:
        """Run the job in `folder` on the commit `sha`; the exit code of the first step that failed, or 0."""
        runner.temp.mkdir(parents=True, exist_ok=True)
        variables = runner.temp / "variables"
        known = self._known | {"github.sha": sha, "runner.temp": str(runner.temp)}
        failed = 0
        for step in self._steps:
            if "run" not in step or not self._is_wanted(step.get("if", ""), known, failed):
                continue
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
                cwd=folder,
                env={
                    **runner.environment,
                    "GITHUB_ENV": str(variables),
                    "GITHUB_STEP_SUMMARY": str(runner.temp / "summary.md"),
                    **(_read_variables(variables.read_text()) if variables.exists() else {}),
                    **{name: _fill(value, known) for name, value in step["env"].items()},
                },
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=120,
                check=False,
            )
            runner.outputs[step["name"]] = done.stdout
            if "id" in step:
                known[f"steps.{step['id']}.outcome"] = "failure" if done.returncode else "success"
            failed = failed or done.returncode
        return failed

    @staticmethod
    def _is_wanted(condition: str, known: Mapping[str, str], failed: int) -> bool:
        """Say whether a step runs: each condition is an `&&` of comparisons, and `!cancelled()`."""
        whole = EXPRESSION.fullmatch(condition)
        parts = (whole[1] if whole else condition).split(" && ") if condition else []
        if failed and "!cancelled()" not in parts:
            return False
        for part in parts:
            if part != "!cancelled()":
                name, sign, literal = part.split(" ")
                assert sign in ("==", "!="), part
                if (known.get(name, "") == literal.strip("'")) != (sign == "=="):
                    return False
        return True


def _fill(value: str, known: Mapping[str, str]) -> str:
    """Put in what each expression says: the first of its alternatives that is not empty."""
    return EXPRESSION.sub(
        lambda found: next((known[name] for name in found[1].split(" || ") if known[name]), ""), str(value)
    )


def _read_variables(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines())
