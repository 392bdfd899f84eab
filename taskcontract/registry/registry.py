"""A registry: what services publish for one another, read from wherever it is kept."""

from __future__ import annotations

from contextlib import contextmanager
from difflib import get_close_matches
from hashlib import sha256
from typing import TYPE_CHECKING

from taskcontract.errors import RegistryError, SpecError
from taskcontract.model.canonical import dump_canonical
from taskcontract.model.contract import Contract, Interaction
from taskcontract.model.pact_parts import BrokenInteraction, read_parts
from taskcontract.model.reading import Node
from taskcontract.model.spec_file import SpecReader
from taskcontract.registry import keys
from taskcontract.registry.chain import find_newest, parse_object
from taskcontract.registry.records import Environment, PublishedVersion, read_environment, read_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.model.canonical import Json
    from taskcontract.model.service import ServiceSpec
    from taskcontract.registry.records import PublishedContract
    from taskcontract.registry.store import Store

__all__ = ["FORMAT", "Registry", "as_registry_errors", "list_names", "read_head"]

FORMAT = 1
"""The format that this release writes, and the newest one that it reads."""
OURS = frozenset({"objects", "versions", "heads", "consumers", "environments"})
"""The folders of a registry."""
MOST_NAMED = 10
"""Names that a message lists."""


class Registry:
    """What is published in `store`. What is asked grows with what is read, not with the history."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._specs = SpecReader()

    @property
    def place(self) -> str:
        """Where it is, as messages name it."""
        return self.store.place

    def is_there(self) -> bool:
        """Return whether a registry was begun here; a RegistryError for one of a newer format."""
        data = self.store.read(keys.MARKER)
        if data is None:
            return False
        marker = parse_object(data, self.store, keys.MARKER)
        form = marker.get("taskcontract-registry") if isinstance(marker, dict) else None
        if type(form) is not int or not 1 <= form <= FORMAT:
            raise RegistryError(
                f"this is format {form!r} of a registry, and this release reads format {FORMAT}",
                where=f"{self.place}/{keys.MARKER}",
                do="Upgrade taskcontract, or name another registry.",
            )
        return True

    def require(self) -> Registry:
        """Return this registry; a RegistryError where none was begun here."""
        if not self.is_there():
            raise RegistryError(
                "there is no registry here",
                where=self.place,
                do="Check the place, or begin one: `taskcontract publish --registry ...` does.",
            )
        return self

    def begin(self) -> bool:
        """Begin a registry here, and return whether it is new; a RegistryError where something else is."""
        if self.is_there():
            return False
        others = sorted(OURS.intersection(self.store.list_names("")))
        if others and not self.is_there():  # else another publisher has begun it meanwhile
            raise RegistryError(
                f"this is no registry, and it holds {others[0]!r}, which would become a part of it",
                where=self.place,
                do="Name another folder or prefix.",
            )
        self.store.create(keys.MARKER, dump_canonical({"taskcontract-registry": FORMAT}).encode())
        return True

    def list_services(self) -> tuple[str, ...]:
        """Return the names of the services that published something, sorted."""
        return self._list(keys.VERSIONS)

    def list_versions(self, service: str) -> tuple[str, ...]:
        """Return the versions of `service`, sorted as text; each 1,000 are a request."""
        return self._list(keys.find_service_folder(service))

    def list_environments(self) -> tuple[str, ...]:
        """Return the names of the environments, sorted."""
        return self._list(keys.ENVIRONMENTS)

    def list_consumers(self, provider: str) -> tuple[str, ...]:
        """Return the services that ever published a contract with `provider`, sorted."""
        listed = self.store.list_names(keys.find_consumers_folder(provider))
        return tuple(sorted(keys.unquote_name(name.removesuffix(".json")) for name in listed))

    def find_version(self, service: str, version: str) -> PublishedVersion | None:
        """Return a version, None if it is not published."""
        folder = keys.find_version_folder(service, version)
        newest = find_newest(self.store, folder)
        if newest.state is None:
            return None
        with as_registry_errors():
            found = read_version(newest.state, where=f"{self.place}/{folder}")
        if (found.service, found.version) != (service, version):
            raise RegistryError(
                f"this is {found.id}, not {service} {version}",
                where=f"{self.place}/{folder}",
                do="It was put here by hand: remove it.",
            )
        return found

    def get_version(self, service: str, version: str) -> PublishedVersion:
        """Return a version; a RegistryError says what is published instead."""
        found = self.find_version(service, version)
        if found is not None:
            return found
        services = self.list_services()
        if service not in services:
            near = get_close_matches(service, services, n=1)
            raise RegistryError(
                f"no service {service!r} is published",
                where=self.place,
                do=f"Did you mean {near[0]!r}?" if near else f"There is {list_names(services)}.",
            )
        newest = self.find_head(service, "newest", "all")
        latest = f"; the newest is {newest.version}" if newest is not None else ""
        raise RegistryError(
            f"no version {version!r} of {service} is published{latest}",
            where=self.place,
            do=f"Publish it: taskcontract publish {service} {version}",
        )

    def find_heads(self, service: str, kind: keys.HeadKind) -> tuple[str, ...]:
        """Return the names of the branches or tags of `service`, sorted."""
        return self._list(keys.find_heads_folder(service, kind))

    def list_head(self, service: str, kind: keys.HeadKind, name: str) -> tuple[str, ...]:
        """Return the versions published under a branch or a tag, the newest first, as many as are kept."""
        folder = keys.find_head_folder(service, kind, name)
        return read_head(find_newest(self.store, folder).state, where=f"{self.place}/{folder}")

    def find_head(self, service: str, kind: keys.HeadKind, name: str) -> PublishedVersion | None:
        """Return the newest version that is published under a branch or a tag, None if there is none."""
        for version in self.list_head(service, kind, name):
            found = self.find_version(service, version)
            if found is not None:  # else its publisher was stopped before it was there
                return found
        return None

    def find_environment(self, name: str) -> Environment:
        """Return what runs in an environment; nothing where nobody ever said that something does."""
        folder = keys.find_environment_folder(name)
        newest = find_newest(self.store, folder)
        if newest.state is None:
            return Environment(name)
        with as_registry_errors():
            return read_environment(newest.state, where=f"{self.place}/{folder}", change=newest.number)

    def get_environment(self, name: str) -> Environment:
        """Return what runs in an environment; a RegistryError where there is none of that name."""
        found = self.find_environment(name)
        if not found.change:
            known = self.list_environments()
            near = get_close_matches(name, known, n=1)
            meant = f"Did you mean {near[0]!r}? " if near else ""
            there = f"There is {list_names(known)}. `record-deployment --new` begins one."
            raise RegistryError(f"there is no environment {name!r}", where=self.place, do=meant + there)
        return found

    def load_spec(self, version: PublishedVersion) -> ServiceSpec:
        """Return the spec of a version that has one."""
        key = keys.find_object_key(version.spec)
        with as_registry_errors():
            return self._specs.read(self.load_object(version.spec), file=f"{self.place}/{key}")

    def load_contract(self, contract: PublishedContract) -> Contract:
        """Return a whole contract."""
        key = keys.find_object_key(contract.object)
        parts = read_parts(self.load_object(contract.object), file=f"{self.place}/{key}")
        for each in parts.interactions:
            if isinstance(each, BrokenInteraction):
                raise each.error
        readable = tuple(each for each in parts.interactions if isinstance(each, Interaction))
        return Contract(parts.consumer, parts.provider, readable)

    def load_object(self, digest: str) -> Json:
        """Return the JSON value whose bytes have this SHA-256; a RegistryError where they have not."""
        key = keys.find_object_key(digest)
        data = self.store.read(key)
        if data is None or sha256(data).hexdigest() != digest:
            changed = "this object is not what was published: it was cut short or changed"
            raise RegistryError(
                "this object is missing" if data is None else changed,
                where=f"{self.place}/{key}",
                do="Restore it from a copy, or publish that version's content again.",
            )
        return parse_object(data, self.store, key)

    def keep_object(self, text: str) -> str:
        """Write `text` as an object, and return its SHA-256; a RegistryError where a damaged one is."""
        data = text.encode()
        digest = sha256(data).hexdigest()
        if not self.store.create(keys.find_object_key(digest), data):
            self.load_object(digest)
        return digest

    def _list(self, folder: str) -> tuple[str, ...]:
        return tuple(sorted(map(keys.unquote_name, self.store.list_names(folder))))


def list_names(names: tuple[str, ...]) -> str:
    """Return `names` for a message, not more than a few."""
    more = len(names) - MOST_NAMED
    listed = ", ".join(names[:MOST_NAMED])
    return f"{listed} and {more} more" if more > 0 else listed or "nothing"


def read_head(state: Json, *, where: str) -> tuple[str, ...]:
    """Return the versions in the state of a head, the newest first; none where there is no state yet."""
    if state is None:
        return ()
    with as_registry_errors():
        return tuple(each.text() for each in Node(state, file=where)["versions"].items())


@contextmanager
def as_registry_errors() -> Iterator[None]:
    """Raise what is wrong in the registry's own files as RegistryErrors."""
    try:
        yield
    except SpecError as error:
        do = error.do or "It was changed after it was written: restore it."
        raise RegistryError(error.what, where=error.where, do=do) from None
