"""A released package, fetched by pip from whatever index it is set to; nothing of it is built or run."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from taskcontract.errors import ConfigError, SpecError
from taskcontract.extract.sources.archive import ArchiveTree
from taskcontract.extract.sources.source import ARCHIVES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from packaging.requirements import Requirement

__all__ = ["fetch_package"]

TIMEOUT = 600.0
NOT_FOUND = ("No matching distribution", "Could not find a version")
LOGIN = re.compile(r"://[^/\s]*@")
SDIST_PROGRAM = Path(__file__).with_name("pip_sdist.py")


def fetch_package(wanted: str) -> ArchiveTree:
    """Return the files of the release `wanted` (`weblate==5.5.5`), its wheel before its sdist.

    A release that was asked for exactly is kept in a cache. Raises a SpecError with pip's own words.
    """
    requirement = _read_requirement(wanted)
    origin = f"pypi:{wanted}"
    folder = _cache_folder(requirement)
    kept = _find_archive(folder) if folder else None
    if kept is not None:
        return ArchiveTree(kept, origin)
    if folder is None:  # it may be another release tomorrow
        temporary = tempfile.TemporaryDirectory(prefix="taskcontract-")
        tree = ArchiveTree(_download(requirement, Path(temporary.name)), origin)
        tree.files()
        _keep_open(tree, temporary)
        return tree
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as workshop:
        fetched = _download(requirement, Path(workshop))
        folder.mkdir(exist_ok=True)
        return ArchiveTree(Path(shutil.move(fetched, folder / fetched.name)), origin)


def _keep_open(tree: ArchiveTree, temporary: tempfile.TemporaryDirectory[str]) -> None:
    import weakref

    weakref.finalize(tree, temporary.cleanup)


def _read_requirement(wanted: str) -> Requirement:
    from packaging.requirements import InvalidRequirement, Requirement

    do = "Write pypi:NAME==VERSION, such as pypi:weblate==5.5.5."
    try:
        requirement = Requirement(wanted)
    except InvalidRequirement as error:
        said = str(error).splitlines()[0]
        raise ConfigError(f"{wanted!r} names no package: {said}", where="pypi:", do=do) from None
    if requirement.url or requirement.marker or requirement.extras:
        raise ConfigError(f"{wanted!r} says more than a name and a version", where="pypi:", do=do)
    return requirement


def _download(requirement: Requirement, folder: Path) -> Path:
    """Let pip put the release's wheel into `folder`, else its sdist, and return its path.

    pip builds an sdist to learn its metadata, with code of its own: so it is only asked for wheels, and an
    sdist is fetched without more (`pip_sdist`).
    """
    wheel = ["-P", "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--ignore-requires-python"]
    quiet = ["--quiet", "--no-input", "--disable-pip-version-check"]
    no_wheel = _run([*wheel, *quiet, "--dest", str(folder), "--", str(requirement)])
    no_sdist = None
    if no_wheel is not None:
        if not any(text in no_wheel for text in NOT_FOUND):
            raise _explain(requirement, no_wheel)
        no_sdist = _run(["-P", str(SDIST_PROGRAM), str(requirement), str(folder)])
    archive = _find_archive(folder)
    if no_sdist is not None or archive is None:
        raise _explain(requirement, f"{no_wheel or ''}\n{no_sdist or 'it left no file'}")
    return archive


def _run(arguments: Sequence[str]) -> str | None:
    """Run Python with `arguments`, None if it went well, else what it said."""
    try:
        done = subprocess.run(  # noqa: S603 - no shell; a requirement was read before it came here
            [sys.executable, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"it did not end within {TIMEOUT:.0f} s"
    return None if done.returncode == 0 else done.stderr.decode("utf-8", "replace")


def _explain(requirement: Requirement, said: str) -> SpecError:
    if "No module named pip" in said:
        return SpecError(
            "pip is not installed beside taskcontract",
            where=f"pypi:{requirement}",
            do="Install it: python -m ensurepip, or uv pip install pip.",
        )
    lines = [line.removeprefix("ERROR: ").strip() for line in said.splitlines() if "ERROR:" in line]
    words = "; ".join(lines or said.strip().splitlines()[-1:]) or "it said nothing"
    return SpecError(
        f"pip cannot fetch it: {_shorten(LOGIN.sub('://**@', words))}",
        where=f"pypi:{requirement}",
        do="`pip config list` and `pip index versions NAME` show where pip looks and what is there.",
    )


def _shorten(words: str, most: int = 600) -> str:
    """Return `words` without the middle of a long list: an index may have hundreds of versions."""
    return words if len(words) <= most else f"{words[: most // 2]} ... {words[-most // 2 :]}"


def _find_archive(folder: Path) -> Path | None:
    if not folder.is_dir():
        return None
    return next((path for path in sorted(folder.iterdir()) if path.name.endswith(ARCHIVES)), None)


def _cache_folder(requirement: Requirement) -> Path | None:
    """Return the folder of an exact release, as the indexes that pip is set to have it; None for another."""
    from packaging.utils import canonicalize_name

    exact = re.fullmatch(r"==([A-Za-z0-9.+!_-]+)", str(requirement.specifier))
    if exact is None:
        return None
    root = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    settings = hashlib.sha256(_describe_pip().encode()).hexdigest()[:16]
    name = f"{canonicalize_name(requirement.name)}-{exact[1]}"
    return Path(root) / "taskcontract" / "packages" / settings / name


def _describe_pip() -> str:
    """Return what may say where pip looks: its variables, and its configuration files as they are now."""
    variables = sorted(f"{name}={value}" for name, value in os.environ.items() if name.startswith("PIP_"))
    home, shared = Path.home(), os.environ.get("XDG_CONFIG_HOME")
    files = [
        Path("/etc/pip.conf"),
        Path("/etc/xdg/pip/pip.conf"),
        home / ".pip" / "pip.conf",
        (Path(shared) if shared else home / ".config") / "pip" / "pip.conf",
        Path(sys.prefix) / "pip.conf",
        Path(os.environ.get("PIP_CONFIG_FILE") or os.devnull),
    ]
    return "\n".join([*variables, *(f.read_text("utf-8", "replace") for f in files if f.is_file())])
