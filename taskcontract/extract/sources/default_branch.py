"""What a bare `taskcontract diff` compares with: where the work began, on the branch that it goes into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskcontract.extract.sources.git_repository import Commit, GitRepository

__all__ = ["USUAL", "find_base"]

USUAL = ("main", "master")
IN_CI = ("GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME")
"""The branch that a pull request goes into, as the variables of GitHub and GitLab name it."""


def find_base(repository: GitRepository, configured: str | None, environment: Mapping[str, str]) -> Commit:
    """Return the last commit that HEAD shares with the branch that it is to be merged into.

    That is the branch that CI names, else the `configured` one, else the remote's default, main or master.
    """
    return repository.find_merge_base(
        _find_branch(repository, configured, environment), repository.get_commit("HEAD")
    )


def _find_branch(repository: GitRepository, configured: str | None, environment: Mapping[str, str]) -> Commit:
    given = next((environment[name] for name in IN_CI if environment.get(name)), None) or configured
    if given:
        # The local branch of that name may be far behind.
        remote = repository.find_commit(f"refs/remotes/origin/{given}")
        return remote._replace(name=given) if remote else repository.get_commit(given)
    for name in ("refs/remotes/origin/HEAD", *USUAL):
        found = repository.find_commit(name)
        if found is not None:
            return found._replace(name=name.removeprefix("refs/remotes/"))
    raise ConfigError(
        "no default branch is known: there is neither origin/HEAD nor main nor master",
        where=str(repository.root),
        do="Name both sides: taskcontract diff OLD NEW; or set default_branch in [tool.taskcontract].",
    )
