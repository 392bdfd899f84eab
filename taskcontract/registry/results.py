"""The results file: which interactions were asked for, since when, and when each first passed, where.

It is what makes a new interaction of a consumer's pending: one that has never passed breaks no build. An
interaction is known by its content, so that one that says something else is a new one. What is written never
changes any more, and files of two runs merge without loss: the earlier moment stays.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from taskcontract.errors import ConfigError
from taskcontract.model.canonical import dump_canonical
from taskcontract.model.contract import Interaction
from taskcontract.model.files import read_json_file, write_file
from taskcontract.model.reading import Node

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["Entry", "Passed", "Results", "digest_of", "load_results", "merge_results"]

FORMAT = 1
NO_CONTENT = frozenset({"test", "pending"})
"""What says nothing about the call and its outcome."""


@dataclass(frozen=True, slots=True, order=True)
class Passed:
    """When an interaction first passed, and on which version of the provider (empty where unknown)."""

    at: str
    version: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One interaction that a provider was asked for: by whom, since when, and whether it has passed yet."""

    consumer: str
    provider: str
    description: str
    digest: str
    asked: str
    passed: Passed | None = None

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What distinguishes it from others, in the order of the file."""
        return self.provider, self.consumer, self.description, self.digest

    def merge(self, other: Entry) -> Entry:
        """Return what both know of the same interaction."""
        passed = [each.passed for each in (self, other) if each.passed is not None]
        return Entry(
            self.consumer,
            self.provider,
            self.description,
            self.digest,
            min(self.asked, other.asked),
            min(passed, default=None),
        )


class Results:
    """The entries of a results file, by interaction."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries: dict[tuple[str, str, str, str], Entry] = {}
        for entry in entries:
            self.add(entry)

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, entry: Entry) -> None:
        """Take in what is known of an interaction."""
        known = self._entries.get(entry.key)
        self._entries[entry.key] = entry if known is None else known.merge(entry)

    def find(self, consumer: str, provider: str, interaction: Interaction) -> Entry | None:
        """Return what is known of an interaction, None for one that is new."""
        return self._entries.get((provider, consumer, interaction.description, digest_of(interaction)))

    def dump(self) -> str:
        """Return the file's text: canonical JSON."""
        return dump_canonical(
            {
                "results": FORMAT,
                "interactions": [
                    {
                        "consumer": entry.consumer,
                        "provider": entry.provider,
                        "description": entry.description,
                        "digest": entry.digest,
                        "asked": entry.asked,
                        **({} if entry.passed is None else {"passed": asdict(entry.passed)}),
                    }
                    for _, entry in sorted(self._entries.items())
                ],
            }
        )


def digest_of(interaction: Interaction) -> str:
    """Return what the content of `interaction` is known by; what is left at its default does not count."""
    content = asdict(interaction)
    said = {
        each.name: content[each.name]
        for each in fields(Interaction)
        if each.name not in NO_CONTENT and content[each.name] and content[each.name] != each.default
    }
    return sha256(dump_canonical(said).encode()).hexdigest()


def now() -> str:
    """Return this moment as the file has it: `2026-11-20T10:00:00Z`."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def load_results(path: Path) -> Results:
    """Return what is in the file `path`, nothing where there is none; a SpecError says what is wrong."""
    if not path.exists():
        return Results()
    root = Node(read_json_file(path), file=str(path))
    root.object()
    if root["results"].value != FORMAT:
        root["results"].fail(
            f"this is format {root['results'].value!r} of a results file, and {FORMAT} is what is read here",
            do="Upgrade taskcontract, or name another file: --taskcontract-results.",
        )
    return Results(_read_entry(node) for node in root["interactions"].items())


def merge_results(path: Path, entries: Iterable[Entry]) -> bool:
    """Add `entries` to the file `path`, whoever writes it meanwhile; return whether that changed it."""
    with _locked(path.parent):
        results = load_results(path)
        for entry in entries:
            results.add(entry)
        return write_file(path, results.dump())


def _read_entry(node: Node) -> Entry:
    passed = node.get("passed")
    return Entry(
        consumer=node["consumer"].text(),
        provider=node["provider"].text(),
        description=node["description"].text(),
        digest=node["digest"].text(),
        asked=node["asked"].text(),
        passed=None if passed is None else Passed(passed["at"].text(), passed["version"].text()),
    )


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder, which needs no file of its own."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise ConfigError(
            f"the results cannot be written: {error.strerror}",
            where=str(folder),
            do="Create the folder, or name another file: --taskcontract-results.",
        ) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
