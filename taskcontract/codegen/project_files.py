"""What a project gets to begin with: its section in pyproject.toml, and a job for its CI."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING

from taskcontract.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["GITHUB", "GITLAB", "add_section", "write_github_job", "write_gitlab_job", "write_section"]

GITHUB = ".github/workflows/taskcontract.yml"
GITLAB = ".gitlab/taskcontract.yml"

INSTALL = 'pip install "taskcontract[diff,source]"'
"""With the parser for code that is newer than the Python that reads it."""

GITHUB_JOB = f"""\
# Says which changes of Celery tasks break messages in the queue and callers that are not deployed yet.
name: taskcontract

on: pull_request

permissions:
  contents: read

jobs:
  tasks:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
        with:
          fetch-depth: 0 # back to where the branch began
          persist-credentials: false
      - uses: actions/setup-python@e797f83bcb11b83ae66e0230d6156d7c80228e7c # v6.0.0
        with:
          python-version: "3.13" # that of taskcontract: it reads the project's code, and does not run it
      - run: {INSTALL}
      - run: taskcontract lint --format github --fail-on never
@IN@      - run: taskcontract diff --format github
@IN@"""

GITLAB_JOB = f"""\
# Says which changes of Celery tasks break messages in the queue and callers that are not deployed yet.
# For .gitlab-ci.yml:  include: [{{local: {GITLAB}}}]
taskcontract:
  image: python:3.13
  rules:
    - if: $CI_MERGE_REQUEST_IID
  variables:
    GIT_DEPTH: "0" # back to where the branch began
  script:
    - {INSTALL}
    - git fetch origin "$CI_MERGE_REQUEST_TARGET_BRANCH_NAME"
@IN@    - taskcontract lint --fail-on never
    - taskcontract diff --format gitlab -o "$CI_PROJECT_DIR/gl-code-quality-report.json"
  artifacts:
    when: always
    reports:
      codequality: gl-code-quality-report.json
"""


def write_github_job(folder: str) -> str:
    """Return a workflow that compares the tasks of the project in `folder` of its repository ("" for all)."""
    place = f"        working-directory: {json.dumps(folder)}\n" if folder else ""
    return GITHUB_JOB.replace("@IN@", place)


def write_gitlab_job(folder: str) -> str:
    """Return a job of GitLab's that does the same."""
    place = f"    - cd {json.dumps(folder)}\n" if folder else ""
    return GITLAB_JOB.replace("@IN@", place)


def write_section(bindings: Sequence[str], default_branch: str | None) -> str:
    """Return the section of a project with these modules of `bindings`.

    A `default_branch` of None is one that git itself tells.
    """
    lines = ["[tool.taskcontract]"]
    if bindings:
        lines.append(f"bindings = {json.dumps(list(bindings))}")
    if default_branch is not None:
        lines.append("# What `taskcontract diff` compares a branch with, where nothing else is said.")
        lines.append(f"default_branch = {json.dumps(default_branch)}")
    lines.append("# What makes a run fail: breaking, dangerous or never.")
    lines.append('fail_on = "breaking"')
    return "\n".join(lines) + "\n"


def add_section(text: str, section: str, where: str) -> str:
    """Return the TOML `text` with `section` at its end, else unchanged; `text` itself if it has such a one.

    A ConfigError where the text is not TOML, or takes no further table.
    """
    try:
        known = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"this is not TOML: {error}", where=where, do="Correct it first.") from None
    tool = known.get("tool")
    if isinstance(tool, dict) and "taskcontract" in tool:
        return text
    end = "\r\n" if "\r\n" in text else "\n"
    apart = "" if not text else end if text.endswith("\n") else end * 2
    added = text + apart + section.replace("\n", end)
    try:
        tomllib.loads(added)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            f"[tool.taskcontract] cannot be added: {error}", where=where, do="Write `tool` as tables."
        ) from None
    return added
