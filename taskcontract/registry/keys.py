"""Where things stand in a registry: keys made of names, whatever characters these have."""

from __future__ import annotations

from typing import Literal
from urllib.parse import quote, unquote

from taskcontract.errors import RegistryError

__all__ = [
    "ENVIRONMENTS",
    "MARKER",
    "VERSIONS",
    "HeadKind",
    "check_name",
    "find_consumer_key",
    "find_consumers_folder",
    "find_environment_folder",
    "find_head_folder",
    "find_heads_folder",
    "find_object_key",
    "find_service_folder",
    "find_version_folder",
    "quote_name",
    "unquote_name",
]

HeadKind = Literal["branch", "tag", "newest"]
"""What a list of versions is of: a branch, a tag, or (`newest`) all that a service publishes."""

MARKER = "registry.json"
"""Says that this is a registry, and of which format."""
VERSIONS, ENVIRONMENTS, CONSUMERS, HEADS = "versions/", "environments/", "consumers/", "heads/"
LONGEST_NAME = 200
"""Characters; quoted, each may take 12 bytes of the 255 that a file's name has, which is checked apart."""
LONGEST_QUOTED = 240


def check_name(name: str, what: str) -> str:
    """Return `name`, or raise a RegistryError where it is not one of a `what` (a service, a version, ...)."""
    problem = ""
    if not name.strip():
        problem = "is empty"
    elif name != name.strip() or not name.isprintable():
        problem = "has characters that do not print, or blanks at its ends"
    elif len(name) > LONGEST_NAME or len(quote_name(name)) > LONGEST_QUOTED:
        problem = "is too long"
    if problem:
        raise RegistryError(f"the name of {what} {problem}: {name[:40]!r}", do="Choose another one.")
    return name


def find_object_key(digest: str) -> str:
    """`objects/<sha256>.json`."""
    return f"objects/{digest}.json"


def find_service_folder(service: str) -> str:
    """`versions/<service>/`, in which each version has a folder."""
    return f"{VERSIONS}{quote_name(service)}/"


def find_version_folder(service: str, version: str) -> str:
    """`versions/<service>/<version>/`, whose states follow one another."""
    return f"{VERSIONS}{quote_name(service)}/{quote_name(version)}/"


def find_environment_folder(name: str) -> str:
    """`environments/<name>/`, whose states follow one another."""
    return f"{ENVIRONMENTS}{quote_name(name)}/"


def find_heads_folder(service: str, kind: HeadKind) -> str:
    """`heads/<service>/branch/`, in which each branch has a folder."""
    return f"{HEADS}{quote_name(service)}/{kind}/"


def find_head_folder(service: str, kind: HeadKind, name: str) -> str:
    """`heads/<service>/branch/<name>/`, whose states list the newest versions of the branch."""
    return f"{find_heads_folder(service, kind)}{quote_name(name)}/"


def find_consumers_folder(provider: str) -> str:
    """`consumers/<provider>/`, in which each service that has a contract with it has a key."""
    return f"{CONSUMERS}{quote_name(provider)}/"


def find_consumer_key(provider: str, consumer: str) -> str:
    """`consumers/<provider>/<consumer>.json`."""
    return f"{find_consumers_folder(provider)}{quote_name(consumer)}.json"


def unquote_name(quoted: str) -> str:
    """Return the name that stands in a key."""
    return unquote(quoted)


def quote_name(name: str) -> str:
    """Return `name` for a key: no slash, and no dot where it begins."""
    quoted = quote(name, safe="")
    return f"%2E{quoted[1:]}" if quoted.startswith(".") else quoted
