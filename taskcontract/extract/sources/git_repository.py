"""A git repository as git itself shows it: its root, its commits, its refs. Nothing in it is changed."""

from __future__ import annotations

import os
import subprocess
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from taskcontract.errors import ConfigError, SpecError

__all__ = ["Commit", "GitRepository", "find_repository"]

SETTINGS = ("--no-pager", "--literal-pathspecs", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false")
"""What each command gets: no program that a configuration names for watching files is started."""
TIMEOUT = 120.0
DEEPEN = "Fetch the history: git fetch --unshallow --tags; for actions/checkout, set fetch-depth: 0."
PROJECT_FILES = ("pyproject.toml", "setup.py", "setup.cfg", "manage.py")


class Commit(NamedTuple):
    """A commit by its full id, and the name that it was asked for by."""

    id: str
    name: str


class GitRepository:
    """One repository. `root` is the top of its working tree, or the repository itself where it is bare.

    `prefix` is the project in it: the nearest folder with a project file above the folder that it was found
    from, as a path from the root that ends in "/"; empty for the whole repository.
    """

    def __init__(self, root: Path, prefix: str, *, is_bare: bool) -> None:
        self.root = root
        self.prefix = prefix
        self.is_bare = is_bare

    def run(self, *arguments: str, given: bytes | None = None) -> bytes:
        """Return what `git ARGUMENTS` prints; a SpecError with git's own words where it fails."""
        done = _run(self.root, arguments, given)
        if done.returncode:
            raise SpecError(f"git {arguments[0]} failed: {_last_line(done.stderr)}", where=str(self.root))
        return done.stdout

    def find_commit(self, ref: str) -> Commit | None:
        """Return the commit that `ref` names, None if there is none.

        A branch that only a remote has is found by its short name: so it is in most checkouts of CI.
        """
        if not ref or ref.startswith("-") or not ref.isprintable():
            return None
        for name in (ref, f"refs/remotes/origin/{ref}"):
            # Names go through stdin, where none can be taken for an option.
            answer = self.run("cat-file", "--batch-check", given=f"{name}^{{commit}}\n".encode())
            found, _, kind = answer.decode("utf-8", "replace").rpartition("\n")[0].partition(" ")
            if kind.startswith("commit "):
                return Commit(found, ref)
        return None

    def get_commit(self, ref: str) -> Commit:
        """Return the commit that `ref` names; a SpecError says which names are near."""
        found = self.find_commit(ref)
        if found is not None:
            return found
        if ref.startswith("-"):
            raise SpecError(f"{ref!r} cannot be a ref: none begins with '-'", where=str(self.root))
        near = get_close_matches(ref, self.refs, n=3)
        meant = f"Did you mean {' or '.join(near)}? " if near else ""
        if self.is_shallow:
            raise SpecError(
                f"there is no {ref} in this clone, which is shallow",
                where=str(self.root),
                do=f"{meant}{DEEPEN}",
            )
        known = f"`git branch --all` and `git tag` list what there is ({len(self.refs)} names)."
        raise SpecError(f"there is no branch, tag or commit {ref!r}", where=str(self.root), do=meant + known)

    def find_merge_base(self, one: Commit, other: Commit) -> Commit:
        """Return the last commit that both have in their history; a SpecError where none is known."""
        answer = _run(self.root, ("merge-base", one.id, other.id), None)
        base = answer.stdout.decode().strip()
        if base:
            return Commit(base, f"merge base of {one.name} and {other.name}")
        what = f"{one.name} and {other.name} have no commit in common"
        if self.is_shallow:
            raise SpecError(
                f"{what} in this clone, which is shallow",
                where=str(self.root),
                do=DEEPEN,
            )
        raise SpecError(what, where=str(self.root), do="Name both sides: taskcontract diff OLD NEW.")

    @cached_property
    def is_shallow(self) -> bool:
        """Whether history was cut off when this was cloned."""
        return self.run("rev-parse", "--is-shallow-repository").strip() == b"true"

    @cached_property
    def refs(self) -> list[str]:
        """The short names of all branches and tags."""
        names = self.run("for-each-ref", "--format=%(refname:short)").decode("utf-8", "replace").split("\n")
        return [name for name in names if name]


def find_repository(folder: Path) -> GitRepository:
    """Return the repository that `folder` lies in; a ConfigError where there is none."""
    if not _may_be_in_one(folder):
        raise _refuse_folder(folder)
    done = _run(folder, ("rev-parse", "--is-bare-repository", "--absolute-git-dir"), None)
    if done.returncode:
        said = _last_line(done.stderr)
        if "not a git repository" in said:
            raise _refuse_folder(folder)
        raise ConfigError(f"git cannot read this repository: {said}", where=str(folder))
    bare, git_folder = done.stdout.decode("utf-8", "surrogateescape").splitlines()[:2]
    if bare == "true":
        return GitRepository(Path(git_folder), "", is_bare=True)
    top = _run(folder, ("rev-parse", "--show-toplevel"), None)
    if top.returncode:  # inside of .git
        raise ConfigError(f"git finds no working tree here: {_last_line(top.stderr)}", where=str(folder))
    root = Path(top.stdout.decode("utf-8", "surrogateescape").rstrip("\n"))
    return GitRepository(root, _find_project(folder.resolve(), root), is_bare=False)


def _may_be_in_one(folder: Path) -> bool:
    """Return False where git would find nothing: most commands need not start it to know that."""
    if "GIT_DIR" in os.environ:
        return True
    folder = folder.absolute()
    return any((each / ".git").exists() or (each / "objects").exists() for each in (folder, *folder.parents))


def _refuse_folder(folder: Path) -> ConfigError:
    return ConfigError(
        "this is not a git repository",
        where=str(folder),
        do="Run it inside of one; or name a folder, a wheel, an sdist or pypi:NAME==VERSION.",
    )


def _find_project(folder: Path, root: Path) -> str:
    for each in (folder, *folder.parents):
        if each == root or not each.is_relative_to(root):
            return ""
        if any((each / name).is_file() for name in PROJECT_FILES):
            return f"{each.relative_to(root).as_posix()}/"
    return ""


def _run(folder: Path, arguments: tuple[str, ...], given: bytes | None) -> subprocess.CompletedProcess[bytes]:
    environment = git_environment()
    try:
        return subprocess.run(  # noqa: S603 - no shell, and no argument that a repository chose
            ["git", *SETTINGS, *arguments],  # noqa: S607 - the user's git, wherever it is
            cwd=folder,
            env=environment,
            input=given if given is not None else b"",
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )
    except FileNotFoundError:
        raise ConfigError("git is not installed", do="Install it, or name folders instead of refs.") from None
    except OSError as error:
        raise ConfigError(f"git cannot be started: {error.strerror}", where=str(folder)) from None
    except subprocess.TimeoutExpired:
        raise SpecError(f"git {arguments[0]} did not end within {TIMEOUT:.0f} s", where=str(folder)) from None


def git_environment() -> dict[str, str]:
    """Return the environment for git: plain English, no questions, and no lock for what is only read."""
    return os.environ | {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}


def _last_line(said: bytes) -> str:
    lines = said.decode("utf-8", "replace").strip().splitlines()
    fatal = [line for line in lines if line.startswith("fatal:")]
    return (fatal or lines or ["it said nothing"])[0].removeprefix("fatal: ")
