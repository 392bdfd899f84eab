"""`taskcontract init`: look at a project, and set it up."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from taskcontract.cli.command import command, option
from taskcontract.cli.options import format_option, read_project_config
from taskcontract.cli.output import show_page, write_output
from taskcontract.codegen.project_files import (
    GITHUB,
    GITLAB,
    add_section,
    write_github_job,
    write_gitlab_job,
    write_section,
)
from taskcontract.errors import ConfigError
from taskcontract.reporting.start import PlannedFile, Start, render_init, render_init_json

if TYPE_CHECKING:
    from taskcontract.extract.sources.folder import FolderTree
    from taskcontract.extract.sources.git_repository import GitRepository

__all__ = ["run"]

EPILOG = """\
It reads the project in the working folder; nothing of it is imported or run. What stands in a file
already stays as it is: a section or a job that is there is left alone.

examples:
  taskcontract init --dry-run     what it finds, and what it would write
  taskcontract init --ci gitlab   a job for GitLab instead of a workflow for GitHub

exit codes: 0 set up, 2 it could not be, or there is nothing to set up.
"""

DECLARES = re.compile(rb"^\w+(?:[ \t]*:[^=\n]+)?[ \t]*=[ \t]*(?:taskcontract\.)?Service\(", re.MULTILINE)
"""How a module declares a service."""


@command("init", "Look at a project, and set it up.", epilog=EPILOG)
@option(
    "--ci",
    type=click.Choice(("github", "gitlab", "none")),
    help="whose CI gets a job (default: gitlab where .gitlab-ci.yml is, else github)",
)
@option("--dry-run", is_flag=True, help="write nothing")
@format_option("text", "json")
def run(ci: str | None, dry_run: bool, form: str) -> int:
    """Print what the project in the working folder has, write what it lacks; 0."""
    read_project_config()  # a section that cannot be read is not to be added to

    from taskcontract.reporting.progress import show_progress

    root = Path.cwd()
    with show_progress("reading ."):
        start = _look(root, ci)
    if not dry_run:
        from taskcontract.model.files import write_file

        for planned in start.files:
            if planned.state == "new":
                write_file(planned.path, planned.text)
    if form == "json":
        write_output(render_init_json(start, dry_run=dry_run), None)
    else:
        show_page(render_init(start, dry_run=dry_run))
    return 0


def _look(root: Path, ci: str | None) -> Start:
    """Return what was found in the folder `root`, and the files that set it up."""
    from taskcontract.extract.sources.folder import FolderTree
    from taskcontract.extract.static.project import read_project
    from taskcontract.lint.check import find_problems

    tree = FolderTree(root, ".")
    found = read_project(tree, calls=True)
    bindings = _find_bindings(tree)
    if not (found.spec.tasks or found.unresolved or bindings):
        raise ConfigError(
            "no Celery task and no bindings were found here",
            where=str(root),
            do="Run it in the folder that holds the project's packages.",
        )
    modules = Counter(found.places[task.name].file for task in found.spec.tasks if task.name in found.places)
    return Start(
        tasks=len(found.spec.tasks),
        modules=dict(modules.most_common()),
        unresolved=found.unresolved,
        problems=len(find_problems(found)),
        bindings=tuple(bindings),
        files=tuple(_plan(root, ci, bindings)),
    )


def _find_bindings(tree: FolderTree) -> list[str]:
    """Return the modules that declare a service, as they are imported from the project's root."""
    from taskcontract.extract.static.prefilter import is_source

    found = []
    for path in sorted(tree.files()):
        if is_source(path) and b"taskcontract" in (text := tree.read(path)) and DECLARES.search(text):
            parts = path.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").split("/")
            found.append(".".join(parts))
    return found


def _plan(root: Path, ci: str | None, bindings: list[str]) -> list[PlannedFile]:
    """Return the files to write, with those that need no change."""
    repository = _find_repository(root)
    section = write_section(bindings, _find_branch(repository) if repository else None)
    pyproject = root / "pyproject.toml"
    before = _read(pyproject)
    after = add_section(before, section, str(pyproject))
    plan = [_planned(root, pyproject, after, is_new=after != before)]
    if repository is None or ci == "none":
        return plan
    top = repository.root
    folder = root.resolve().relative_to(top.resolve()).as_posix()
    folder = "" if folder == "." else folder
    if ci == "gitlab" or (ci is None and (top / ".gitlab-ci.yml").exists()):
        job, text = top / GITLAB, write_gitlab_job(folder)
    else:
        job, text = top / GITHUB, write_github_job(folder)
    return [*plan, _planned(root, job, text, is_new=not job.exists())]


def _planned(root: Path, path: Path, text: str, *, is_new: bool) -> PlannedFile:
    shown = str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
    return PlannedFile(shown, text, "new" if is_new else "kept")


def _read(path: Path) -> str:
    """Return the text of a file; "" where there is none."""
    try:
        return path.read_bytes().decode()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"it cannot be read: {error}", where=str(path), do="Correct it first.") from None


def _find_repository(root: Path) -> GitRepository | None:
    from taskcontract.extract.sources.git_repository import find_repository

    try:
        return find_repository(root)
    except ConfigError:  # not one, or one that git does not open
        return None


def _find_branch(git: GitRepository) -> str | None:
    """Return the default branch to name in the section: None where the remote says which it is."""
    from taskcontract.extract.sources.default_branch import USUAL

    if git.find_commit("refs/remotes/origin/HEAD") is not None:
        return None
    return next((name for name in USUAL if git.find_commit(f"refs/heads/{name}") is not None), None)
