"""Which version follows which: what `supersedes=` may name, and the name that they share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.declare.task import Task
from taskcontract.errors import DeclarationError
from taskcontract.model.version import parse_version

if TYPE_CHECKING:
    from taskcontract.declare.protocols import ServiceLike

__all__ = ["check_supersedes", "family_of"]


def check_supersedes(older: object, version: str, service: ServiceLike, place: str) -> None:
    """Raise a DeclarationError unless `older` is None or an older version of a task of `service`."""
    if older is None:
        return
    if not isinstance(older, Task):
        raise DeclarationError(
            f"supersedes={getattr(older, '__name__', older)!r} is not a version that bindings declare",
            where=place,
            do="Give the binding of the version before this one: supersedes=send_to_s3.",
        )
    if older.service is not service:
        raise DeclarationError(
            f"supersedes={older.__name__} is a task of the service {older.service.name!r}, not of "
            f"{service.name!r}",
            where=place,
            do="Versions follow each other within one service. Declare both with the same Service.",
        )
    if parse_version(older.version) >= parse_version(version):
        raise DeclarationError(
            f"{version} cannot supersede {older.id}, which is not older",
            where=place,
            do=f"Give this one a higher version than {older.version}, or leave supersedes= to the newer one.",
        )


def family_of(function_name: str, version: str, supersedes: Task[..., Any] | None) -> str:
    """Return the name that all versions of a task share: `send_to_s3_v2` at 2.0.0 is a `send_to_s3`."""
    if supersedes is not None:
        return supersedes.name
    return function_name.removesuffix(f"_v{version.partition('.')[0]}")
