"""Versions of a task's API: PEP 440 release numbers read as semver, and ranges of them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from taskcontract.errors import DeclarationError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from packaging.version import Version

__all__ = ["newest_matching", "parse_version", "release_of"]


NUMBER = "(0|[1-9][0-9]{0,17})"
PLAIN = re.compile(rf"{NUMBER}\.{NUMBER}\.{NUMBER}")


@lru_cache(maxsize=1024)
def release_of(text: str) -> tuple[int, int, int]:
    """Return the numbers of the version that `text` spells as MAJOR.MINOR.PATCH; else a DeclarationError.

    They compare as the versions do, and need no parser of all that other versions may say.
    """
    found = PLAIN.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise DeclarationError(
            f"{text!r} is not a version of the form MAJOR.MINOR.PATCH",
            do=f'Write all three numbers, for example version="{_completed(text)}".',
        )
    return int(found[1]), int(found[2]), int(found[3])


@lru_cache(maxsize=1024)
def parse_version(text: str) -> Version:
    """Return the same as a Version of `packaging`."""
    from packaging.version import Version

    release_of(text)
    return Version(text)


def newest_matching(wanted: str, versions: Iterable[str]) -> str | None:
    """Return the newest of `versions` that `wanted` admits, or None.

    `wanted` is a prefix (`"1"`, `"1.2"`, `"v2"`), a whole version or a range (`">=1.2,<3"`).
    """
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    text = wanted.strip().removeprefix("v")
    if text[:1].isdigit() and "," not in text:
        text = f"=={text}" if text.count(".") >= 2 else f"=={text}.*"
    try:
        admitted = SpecifierSet(text)
    except InvalidSpecifier:
        raise DeclarationError(
            f"{wanted!r} is neither a version nor a range of versions",
            do='Write "1", "1.2.0" or a range such as ">=1.2,<3".',
        ) from None
    matching = [version for version in versions if parse_version(version) in admitted]
    return max(matching, key=parse_version, default=None)


def _completed(text: object) -> str:
    """Return a three-part spelling near to what was written, to show in the error."""
    numbers = [part for part in str(text).strip().removeprefix("v").split(".") if part.isdecimal()][:3]
    return ".".join([*numbers, "0", "0", "0"][:3]) if numbers else "1.0.0"
