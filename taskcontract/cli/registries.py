"""The registry that a command reads or writes, and what it says of itself there."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from taskcontract.cli.command import argument, option
from taskcontract.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskcontract.model.config import Config
    from taskcontract.registry.registry import Registry

__all__ = [
    "environment_option",
    "find_author",
    "find_branch",
    "find_registry",
    "now",
    "registry_option",
    "say",
    "service_argument",
    "version_argument",
]

VARIABLE = "TASKCONTRACT_REGISTRY"
"""Names the registry where neither an option nor the configuration does."""
BRANCHES = ("GITHUB_HEAD_REF", "GITHUB_REF_NAME", "CI_COMMIT_REF_NAME", "BUILDKITE_BRANCH", "CIRCLE_BRANCH")
"""Where CI services say which branch is built."""
TAGS = ("CI_COMMIT_TAG", "BUILDKITE_TAG", "CIRCLE_TAG")
"""Where they say that it is a tag."""


def registry_option() -> Callable[[Any], Any]:
    """`--registry`."""
    return option(
        "--registry",
        metavar="PLACE",
        help=f"a folder, or s3://BUCKET/PREFIX (default: `registry` of [tool.taskcontract], or ${VARIABLE})",
    )


def service_argument() -> Callable[[Any], Any]:
    """`SERVICE`."""
    return argument("service", metavar="SERVICE", help="the name of a service, such as pusher")


def version_argument() -> Callable[[Any], Any]:
    """`VERSION`."""
    return argument("version", metavar="VERSION", help="its version, as it is deployed: 2.0.0, or a commit")


def environment_option(name: str, text: str) -> Callable[[Any], Any]:
    """`--to` or `--from`: an environment."""
    return option(name, "environment", metavar="ENVIRONMENT", required=True, help=text)


def find_registry(config: Config, given: str | None) -> Registry:
    """Return the registry that is meant; a ConfigError where none is named. It need not be there yet."""
    from taskcontract.registry.opening import open_registry

    if given is not None:
        from pathlib import Path

        return open_registry(given, Path.cwd())
    named = config.registry or os.environ.get(VARIABLE)
    if not named:
        raise ConfigError(
            "no registry is named",
            do="Name it with --registry, or in [tool.taskcontract]: "
            'registry = "s3://bucket/prefix", or a folder.',
        )
    return open_registry(named, config.root)


def now() -> str:
    """Return this moment as a registry has it: `2026-11-28T10:00:00Z`."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def find_author() -> str:
    """Return who says something: the job of a CI service, or the user of this machine."""
    environ = os.environ
    if environ.get("GITHUB_RUN_ID"):
        server, repository = environ.get("GITHUB_SERVER_URL", ""), environ.get("GITHUB_REPOSITORY", "")
        return f"{server}/{repository}/actions/runs/{environ['GITHUB_RUN_ID']}"
    for name in ("CI_JOB_URL", "BUILDKITE_BUILD_URL", "CIRCLE_BUILD_URL", "BUILD_URL"):
        if environ.get(name):
            return environ[name]
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in some containers
        return "unknown"


def find_branch() -> str:
    """Return the branch that a CI service says it builds, "" elsewhere, or where it builds a tag."""
    if os.environ.get("GITHUB_REF_TYPE") == "tag" or any(map(os.environ.get, TAGS)):
        return ""  # there, the variables of branches name the tag
    return next((os.environ[name] for name in BRANCHES if os.environ.get(name)), "")


def say(text: str) -> None:
    """Tell the user what was done."""
    from taskcontract.reporting.escape import tame

    sys.stderr.write(tame(f"{text}\n"))
