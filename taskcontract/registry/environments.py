"""What runs where: deployments, releases, and their ends."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from taskcontract.errors import RegistryError
from taskcontract.registry import keys
from taskcontract.registry.chain import advance, find_newest
from taskcontract.registry.records import Environment, Running, read_environment
from taskcontract.registry.registry import as_registry_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from taskcontract.model.canonical import Json
    from taskcontract.registry.records import PublishedVersion
    from taskcontract.registry.registry import Registry

__all__ = ["record_end", "record_start", "refresh_environments"]


def record_start(registry: Registry, environment: str, coming: Running, *, new: bool = False) -> Environment:
    """Record what runs in `environment` from now on, and return what runs there then.

    A deployed version takes the place of the deployed one of the same instance; a released one runs beside
    all others. A RegistryError for an environment that is not there, unless it is to be `new`.
    """
    if coming.instance:
        keys.check_name(coming.instance, "an instance")
    _check_environment(registry, environment, new=new)

    def start(running: tuple[Running, ...]) -> Iterable[Running]:
        same = next((each for each in running if _is_same(each, coming)), coming)
        if coming.how == "released":
            kept = [each for each in running if each is not same]
        else:
            place = ("deployed", coming.published.service, coming.instance)
            kept = [each for each in running if (each.how, each.published.service, each.instance) != place]
        return (*kept, same)

    _advance(registry, environment, start)
    # Results may have been published meanwhile by who did not see it run yet.
    return refresh_environment(registry, environment, coming.published)


def record_end(
    registry: Registry, environment: str, service: str, version: str = "", instance: str | None = None
) -> tuple[Running, ...]:
    """Record that `service` no longer runs in `environment`, and return what ended.

    Without a `version` or an `instance`, that is each one. A RegistryError where nothing of the kind runs.
    """
    there = registry.get_environment(environment)

    def ends(each: Running) -> bool:
        return (
            each.published.service == service
            and version in ("", each.published.version)
            and instance in (None, each.instance)
        )

    ended = tuple(filter(ends, there.running))
    if not ended:
        known = ", ".join(each.id for each in there.find(service)) or "nothing of it"
        wanted = f"{service} {version}".strip() + (f" of the instance {instance!r}" if instance else "")
        raise RegistryError(
            f"{wanted} does not run in {environment}: {known} does",
            where=registry.place,
            do="Check the name.",
        )
    _advance(registry, environment, lambda running: (each for each in running if not ends(each)))
    return ended


def refresh_environments(registry: Registry, version: PublishedVersion) -> None:
    """Make each environment in which `version` runs know what is published of it by now."""
    for name in registry.list_environments():
        refresh_environment(registry, name, version)


def refresh_environment(registry: Registry, name: str, version: PublishedVersion) -> Environment:
    """Make the environment `name` know what is published of `version` by now, if that runs there."""

    def renew(running: tuple[Running, ...]) -> Iterable[Running]:
        def is_meant(each: Running) -> bool:
            return (each.published.service, each.published.version) == (version.service, version.version)

        if not any(map(is_meant, running)):
            return running
        # Read after the environment was: nobody's newer knowledge is overwritten by older one.
        now = registry.get_version(version.service, version.version)
        return (replace(each, published=now) if is_meant(each) else each for each in running)

    return _advance(registry, name, renew)


def _advance(
    registry: Registry, name: str, change: Callable[[tuple[Running, ...]], Iterable[Running]]
) -> Environment:
    folder = keys.find_environment_folder(name)
    where = f"{registry.place}/{folder}"

    def write(state: Json) -> Json:
        with as_registry_errors():
            there = Environment(name) if state is None else read_environment(state, where=where)
        running = tuple(sorted(change(there.running), key=_order))
        return state if running == there.running else Environment(name, running).write()

    state = advance(registry.store, folder, write)
    return Environment(name) if state is None else read_environment(state, where=where, change=1)


def _check_environment(registry: Registry, name: str, *, new: bool) -> None:
    keys.check_name(name, "an environment")
    if not new:
        registry.get_environment(name)
        return
    if find_newest(registry.store, keys.find_environment_folder(name)).number:
        return
    for other in registry.list_environments():
        if other != name and other.casefold() == name.casefold():
            raise RegistryError(
                f"there is an environment {other!r} already: {name!r} would be taken for it",
                where=registry.place,
                do=f"Write --to {other}, or choose another name.",
            )


def _is_same(one: Running, other: Running) -> bool:
    return _order(one) == _order(other)


def _order(each: Running) -> tuple[str, str, str, str]:
    return each.published.service, each.published.version, each.how, each.instance
