"""A registry by what a user calls it: `s3://bucket/prefix`, or a folder."""

from __future__ import annotations

import re
from pathlib import Path

from taskcontract.errors import RegistryError
from taskcontract.registry.folder_store import FolderStore
from taskcontract.registry.registry import Registry
from taskcontract.urls import hide_password

__all__ = ["open_registry"]

URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://|s3:", re.IGNORECASE)
"""What is meant as a URL: `s3:/bucket` too, which would be an odd folder."""


def open_registry(place: str, start: Path) -> Registry:
    """Return the registry at `place`, which need not be there yet; a relative folder is one below `start`."""
    if place.startswith("s3://"):
        from taskcontract.registry.s3_store import S3Store

        bucket, _, prefix = place.removeprefix("s3://").partition("/")
        if not re.fullmatch(r"[A-Za-z0-9._-]{3,63}", bucket):
            raise RegistryError(
                f"{bucket!r} is not the name of a bucket", where=place, do="Write s3://BUCKET/PREFIX."
            )
        return Registry(S3Store(bucket, prefix))
    if URL.match(place):
        raise RegistryError(
            "a registry is kept in a folder or in S3",
            where=hide_password(place),
            do="Write a path, or s3://BUCKET/PREFIX.",
        )
    if not place.strip():  # a variable of a CI job that is not set
        raise RegistryError("the registry's place is empty", do="Write a path, or s3://BUCKET/PREFIX.")
    try:
        return Registry(FolderStore(start / Path(place).expanduser()))
    except RuntimeError:
        raise RegistryError(
            "the home folder that ~ stands for is not known", where=place, do="Write the whole path."
        ) from None
