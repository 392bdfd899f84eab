"""A program for Python: fetches the sdist that pip would choose, and builds nothing.

`pip download` runs an sdist's build code to learn its metadata; no option keeps it from that. So this asks
pip's own finder, with all of pip's settings, and its own session, which knows how to log in, for the file.

usage: python pip_sdist.py REQUIREMENT FOLDER
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

MOST_BYTES = 2**30
AS_IT_IS = {"Accept-Encoding": "identity"}


def main(wanted: str, folder: str) -> str | None:
    """Put the file into `folder`; return what is wrong, None if nothing is."""
    from pip._internal.commands import create_command
    from pip._internal.req.constructors import install_req_from_line

    requirement: Any = install_req_from_line(wanted)
    command: Any = create_command("download")
    options, _ = command.parse_args(["--no-deps", "--no-binary=:all:", "--no-input", "--quiet", wanted])
    with command.main_context():
        session = command.get_default_session(options)
        finder = command._build_package_finder(options=options, session=session, ignore_requires_python=True)
        best = finder.find_best_candidate(requirement.name, requirement.specifier).best_candidate
        if best is None:
            return f"no sdist fits; there are sdists of {_list_versions(finder, requirement.name)}"
        return _fetch(session, best.link, Path(folder) / Path(best.link.filename).name)


def _list_versions(finder: Any, name: str, most: int = 10) -> str:
    versions = sorted({each.version for each in finder.find_all_candidates(name)}, reverse=True)
    return ", ".join(map(str, versions[:most])) or "no version"


def _fetch(session: Any, link: Any, file: Path) -> str | None:
    digest = hashlib.new(link.hash_name) if link.hash_name else None
    size = 0
    with (
        session.get(link.url_without_fragment, headers=AS_IT_IS, stream=True) as answer,
        file.open("wb") as written,
    ):
        answer.raise_for_status()
        for piece in answer.iter_content(2**20):
            size += len(piece)
            if size > MOST_BYTES:
                break
            written.write(piece)
            if digest is not None:
                digest.update(piece)
    if size > MOST_BYTES:
        file.unlink()
        return f"{file.name} has more than {MOST_BYTES // 2**20} MB"
    if digest is not None and digest.hexdigest() != link.hash:
        file.unlink()
        return f"{file.name} has not the hash that the index gives"
    return None


if __name__ == "__main__":
    problem = main(*sys.argv[1:])
    if problem:
        sys.exit(f"ERROR: {problem}")
