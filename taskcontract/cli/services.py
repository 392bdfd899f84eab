"""Which of the project's services a command works on: those that are named, else all."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from taskcontract.cli.command import argument, option
from taskcontract.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from taskcontract.model.config import Config

__all__ = [
    "add_to_path",
    "modules_argument",
    "name_bindings",
    "select_services",
    "service_option",
    "spell_choices",
]


def modules_argument() -> Callable[[Any], Any]:
    """Add `MODULE ...`: the bindings modules, or the configured services, that a command works on."""
    return argument(
        "modules",
        metavar="MODULE",
        nargs=-1,
        help="bindings modules, such as bindings.pusher or bindings/pusher.py, or names of configured "
        "services (default: all that is configured)",
    )


def service_option() -> Callable[[Any], Any]:
    """`--service`: services by the names of their tables."""
    return option(
        "--service",
        "services",
        multiple=True,
        metavar="NAME",
        help="only this one of [tool.taskcontract.services]; repeatable",
    )


def select_services(config: Config, modules: Sequence[str], services: Sequence[str]) -> tuple[Config, ...]:
    """Return the configuration of each service to work on; the `bindings` of each are what to work on of it.

    A word in `modules` that is a configured service's name means that service; any other is a module,
    which is worked on as the service that names it among its bindings, or as the only one in `services`.
    With neither words nor `services` it is all that is configured.
    """
    from taskcontract.model.config import choose_services

    words = [word for word in modules if word in config.services]
    others = [word for word in modules if word not in config.services]
    if not others:
        return choose_services(config, [*services, *words])
    named = choose_services(config, services) if services else ()
    picked = choose_services(config, words) if words else ()
    grouped: dict[str, list[str]] = {}
    owners: dict[str, Config] = {}
    for module in others:
        owner = named[0] if len(named) == 1 else _find_owner(config, module)
        owners[owner.name] = owner
        grouped.setdefault(owner.name, []).append(module)
    of_modules = tuple(replace(owner, bindings=tuple(grouped[name])) for name, owner in owners.items())
    return (*picked, *of_modules)


def _find_owner(config: Config, module: str) -> Config:
    """Return the service whose bindings name `module`; the project as a whole where none does.

    A ConfigError for what is not there as a module and looks like a service's name.
    """
    is_there = (config.root / module).exists() or (config.root / f"{module}.py").exists()
    if module.isidentifier() and not is_there:
        from difflib import get_close_matches

        from taskcontract.model.config import choose_services

        if get_close_matches(module, config.services, n=1):
            choose_services(config, [module])
    return next((each for each in config.parts if module.partition(":")[0] in each.bindings), config)


def name_bindings(config: Config) -> Sequence[str]:
    """Return the bindings of a service, found from the project's root too; a ConfigError for none."""
    if not config.bindings:
        where = " of its table" if config.name else " in [tool.taskcontract]"
        raise ConfigError(
            "no bindings are named",
            where=config.place,
            do=f'Name a module, or set bindings = ["bindings.pusher"]{where}.',
        )
    add_to_path(config)
    return config.bindings


def add_to_path(config: Config) -> None:
    """Let modules of the project be found from whatever folder of it the command runs in."""
    if str(config.root) not in sys.path:
        sys.path.insert(0, str(config.root))


def spell_choices(parts: Iterable[Config]) -> str:
    """Return the options that choose one of `parts`: `--service billing or --service orders`."""
    return " or ".join(f"--service {part.name}" for part in parts)
