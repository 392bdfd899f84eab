"""Build the wheels of projects with their own backends: the oracle of where modules are imported from.

`python -m tests.support.built_wheels FOLDER=WHERE...`: each project is built in a child process, and its
wheel unpacked into `WHERE`, as an installer would.
"""

from __future__ import annotations

import os
import sys
import tomllib
import zipfile
from importlib import import_module
from pathlib import Path


def build(folder: Path, where: Path) -> None:
    """Unpack into `where` what `folder` builds."""
    os.chdir(folder)
    file = folder / "pyproject.toml"
    said = tomllib.loads(file.read_text()) if file.exists() else {}
    backend = import_module(said.get("build-system", {}).get("build-backend", "setuptools.build_meta"))
    built = folder / ".built"
    built.mkdir()
    wheel = backend.build_wheel(str(built))
    zipfile.ZipFile(built / wheel).extractall(where)


def main() -> None:
    """Build all of them, two at a time; exit code 1 where one fails."""
    children: list[int] = []
    failed = False
    for argument in sys.argv[1:]:
        folder, _, where = argument.partition("=")
        if len(children) == 2:
            failed |= bool(os.waitpid(children.pop(0), 0)[1])
        child = os.fork()
        if not child:
            os.dup2(2, 1)
            build(Path(folder), Path(where))
            os._exit(0)
        children.append(child)
    for child in children:
        failed |= bool(os.waitpid(child, 0)[1])
    sys.exit(failed)


if __name__ == "__main__":
    import_module("setuptools.build_meta")  # once, for all children
    main()
