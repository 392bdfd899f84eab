"""Contracts that an earlier fetch brought, whose consumers the registry knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.errors import RegistryError
from taskcontract.model.pact_parts import ContractParts
from taskcontract.registry.contracts import look_into
from taskcontract.registry.keys import quote_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

__all__ = ["find_left", "remove_file"]


def find_left(folder: Path, provider: str, consumers: Collection[str]) -> Iterator[Path]:
    """Yield the files right in `folder` that have the name and the content of a fetched contract.

    Only of the `consumers` that the registry knows: a contract of any other came by another way. What
    `provider` expects of itself is recorded by its own tests under the plain name.
    """
    end = f"--{quote_name(provider)}"
    for consumer in sorted(consumers):
        start = f"{quote_name(consumer)}{end}"
        for file in sorted(folder.iterdir()) if folder.is_dir() else ():
            plain = file.name == f"{start}.json" and consumer != provider
            if not (plain or (file.name.startswith(f"{start}--") and file.suffix == ".json")):
                continue
            look = look_into(file)
            if isinstance(look, ContractParts) and (look.consumer, look.provider) == (consumer, provider):
                yield file


def remove_file(file: Path) -> None:
    """Remove `file`; a RegistryError where that is not allowed."""
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise RegistryError(
            f"cannot be removed: {error.strerror or error}",
            where=str(file),
            do="Check the folder's permissions.",
        ) from None
