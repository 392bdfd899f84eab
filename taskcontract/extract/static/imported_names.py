"""The modules that a project has Celery import, by the texts that name them: `include=`, `imports`."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ImportedNames"]

LISTS = (b"include", b"imports", b"CELERY_IMPORTS", b"autodiscover_tasks")
"""What lists modules of tasks; only files with one of these, and a word of Celery, are looked at."""
DOTTED = re.compile(rb"[\"']([A-Za-z_]\w*(?:\.\w+)+)[\"']")
DISCOVERED = re.compile(rb"autodiscover_tasks\(([^)]*)\)")
QUOTED = re.compile(rb"[\"']([A-Za-z_][\w.]*)[\"']")


class ImportedNames:
    """Says whether a package is one of which Celery imports a module."""

    def __init__(self, texts: Mapping[str, bytes]) -> None:
        self._texts = texts

    def __call__(self, package: str) -> bool:
        """Return whether a text names the dotted `package`, or a module in it."""
        return package in self._names

    @cached_property
    def _names(self) -> frozenset[str]:
        names: set[str] = set()
        for text in self._texts.values():
            if b"elery" in text and any(each in text for each in LISTS):
                said = [each.rpartition(b".")[0] for each in DOTTED.findall(text)]
                said += [name for inner in DISCOVERED.findall(text) for name in QUOTED.findall(inner)]
                for each in said:
                    names.update(accumulate(each.decode().split("."), "{}.{}".format))
        return frozenset(names)
