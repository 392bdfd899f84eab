"""The file in which a run of `pytest --taskcontract` says what each interaction came to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from taskcontract.errors import RegistryError, SpecError
from taskcontract.model.canonical import dump_canonical
from taskcontract.model.files import read_json_file
from taskcontract.model.reading import Node
from taskcontract.registry.records import Run

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from taskcontract.model.canonical import Json

__all__ = ["MEMBER", "dump_run", "load_run"]

MEMBER, FORMAT = "taskcontract_verified", 1
VERDICTS = frozenset({"passed", "failed", "pending"})
DIGEST = re.compile("[0-9a-f]{32}")
WRITE = "Write it: pytest --taskcontract --taskcontract-json FILE"
LONGEST_WHY = 2_000
"""Characters that a registry keeps of why an interaction failed."""


def dump_run(interactions: Iterable[Json], *, at: str, versions: str) -> str:
    """Return the file's text: of each interaction `consumer`, `provider`, `digest`, `verdict` and `why`."""
    return dump_canonical(
        {MEMBER: FORMAT, "at": at, "versions": versions, "interactions": list(interactions)}
    )


def load_run(path: Path, provider: str, by: str) -> Run:
    """Return what the run in the file `path` found of `provider`; a RegistryError where that is nothing.

    `by` is who vouches for it.
    """
    try:
        root = Node(read_json_file(path), file=str(path))
        members = root.object()
        if members.get(MEMBER) != FORMAT:
            root.fail(
                "this is not what a run of the contracts wrote",
                do=WRITE,
            )
        passed: set[str] = set()
        failed: dict[str, str] = {}
        others = set()
        for each in root["interactions"].items():
            if each["provider"].text() != provider:
                others.add(each["provider"].text())
                continue
            digest = each["digest"].text()
            if not DIGEST.fullmatch(digest):
                each["digest"].fail("this is not the digest of an interaction", do=WRITE)
            if each["verdict"].text(among=VERDICTS) == "passed":
                passed.add(digest)
            else:
                failed[digest] = each["why"].text()[:LONGEST_WHY] or "it failed"
        at = root["at"].text()
    except SpecError as error:
        raise RegistryError(error.what, where=error.where, do=error.do or WRITE) from None
    if not passed and not failed:
        served = f"it is about {', '.join(sorted(others))}" if others else "it replayed nothing"
        raise RegistryError(
            f"this run says nothing of {provider}: {served}",
            where=str(path),
            do="Check the name of the service.",
        )
    return Run(at, by, frozenset(passed - failed.keys()), failed)
