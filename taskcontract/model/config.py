"""`[tool.taskcontract]` of pyproject.toml as checked, frozen data."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from taskcontract.errors import ConfigError
from taskcontract.model.ownership import VARIABLE, find_other_owner

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from taskcontract.model.acceptance import Acceptance

__all__ = ["Config", "choose_services", "read_config"]

SECTION = "[tool.taskcontract]"
SERVICES = "services"
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
KEY = re.compile(r"[A-Za-z0-9_-]+")
"""What TOML lets stand in a table's head without quotes."""
OF_ONE_SERVICE = ("bindings", "accept")
"""The keys that would be wrong for all services but one."""
OF_THE_PROJECT = ("consumer", "results", "default_branch", "registry")
"""The keys that no service has for itself: tests that record, and runs, are the project's."""


@dataclass(frozen=True, slots=True)
class Config:
    """What a project configured; `taskcontract.model.keys.KEYS` says what each field means.

    `file` is the pyproject.toml that it was read from (None: all defaults); relative folders and
    modules start at `root`. A project with several services has the configuration of each in `services`,
    under the `name` that its table gives it: what the table does not say is as it is here.
    """

    root: Path
    file: Path | None = None
    app: str | None = None
    bindings: tuple[str, ...] = ()
    contracts: tuple[str, ...] = ("contracts",)
    broker: str = "embedded"
    backend: str | None = None
    live: str | None = None
    pool: str = "threads"
    concurrency: int = 4
    states: str | None = None
    startup_timeout: float = 20.0
    timeout: float = 10.0
    consumer: str | None = None
    results: str | None = None
    call_style: str = "both"
    call_styles: Mapping[str, str] = field(default_factory=dict)
    severity: Mapping[str, str] = field(default_factory=dict)
    accept: tuple[Acceptance, ...] = ()
    default_branch: str | None = None
    registry: str | None = None
    compatibility: str = "none"
    fail_on: str = "breaking"
    unsent: str = "breaking"
    name: str = ""
    services: Mapping[str, Config] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """Where this is configured, as errors name it."""
        if self.name:
            return f"{self.file}: {spell_table(self.name)}"
        return str(self.file or self.root)

    @property
    def parts(self) -> tuple[Config, ...]:
        """The configuration of each service; this one alone where no tables part them."""
        return tuple(self.services.values()) or (self,)

    @property
    def results_file(self) -> Path | None:
        """The file that remembers what has passed, from the root."""
        return self.root / self.results if self.results else None

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders of contracts and published specs, from the root."""
        return tuple(self.root / folder for folder in self.contracts)


def read_config(start: Path, *, trusted: bool = False) -> Config:
    """Return the configuration that holds in the folder `start`: that of the nearest pyproject.toml above.

    Raises ConfigError, with the file and the key, for what is not TOML, an unknown key or a wrong value, and
    for a file of another user's, as it names modules to import; one that says nothing to us is passed over.
    `trusted` says that code from `start` runs anyway: then a file there is read, whichever user owns it.
    """
    start = start.absolute()
    for folder in (start, *start.parents):
        file = folder / "pyproject.toml"
        if file.is_file():
            known = trusted and folder == start
            config = _read_file(file, other=None if known else find_other_owner(file))
            if config is not None:
                return config
    return Config(root=start)


def choose_services(config: Config, names: Sequence[str]) -> tuple[Config, ...]:
    """Return the configurations of the services `names`, or of all; a ConfigError for an unknown one."""
    for name in names:
        if name not in config.services:
            raise _refuse_service(config, name)
    return tuple(config.services[name] for name in dict.fromkeys(names)) or config.parts


def _refuse_service(config: Config, name: str) -> ConfigError:
    from difflib import get_close_matches

    from taskcontract.urls import hide_in_value

    near = get_close_matches(name, config.services, n=1)
    meant = f"Did you mean {near[0]!r}? " if near else ""
    known = f"Configured are {', '.join(config.services)}." if config.services else ""
    return ConfigError(
        f"no service {hide_in_value(name)!r} is configured",
        where=str(config.file or config.root),
        do=f"{meant}{known}" or f"Add its table: {spell_table('billing')}, with app and bindings.",
    )


def _read_file(file: Path, *, other: int | None) -> Config | None:
    """Return what `file` says; None where it says nothing, and belongs to the user `other`."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot be read: {error}", where=str(file)) from None
    if "taskcontract" not in text:  # spares most commands the import of a TOML reader
        return Config(root=file.parent) if other is None else None
    section = _find_section(text, file)
    if other is not None:
        if not section:
            return None
        raise _refuse_owner(file, other)
    tables = section.pop(SERVICES, None)
    from taskcontract.model.keys import KEYS

    known = (*KEYS, SERVICES)
    values = {name: _read_key(name, value, f"{file}: {SECTION}", known) for name, value in section.items()}
    config = Config(root=file.parent, file=file, **values)
    return config if tables is None else replace(config, services=_read_services(tables, config))


def _read_services(tables: Any, config: Config) -> dict[str, Config]:
    """Return the configuration of each service: that of the project with what its table says."""
    if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
        raise ConfigError(
            "services are tables",
            where=f"{config.file}: {SECTION} {SERVICES}",
            do=f"Write {spell_table('billing')}, with app, bindings and more below.",
        )
    for name in OF_ONE_SERVICE if tables else ():
        if getattr(config, name):
            raise ConfigError(
                "this is said of one service, and the project has several",
                where=f"{config.file}: {SECTION} {name}",
                do=f"Move it into the table of its service: {', '.join(map(spell_table, tables))}.",
            )
    from taskcontract.model.keys import KEYS

    services = {}
    for service, table in tables.items():
        where = f"{config.file}: {spell_table(service)}"
        if not NAME.fullmatch(service):
            raise ConfigError(
                "a service's name has letters, digits, '_', '-' and '.'", where=where, do="Name it so."
            )
        for name in OF_THE_PROJECT:
            if name in table:
                raise ConfigError(
                    "this is said of the whole project", where=f"{where} {name}", do=f"Move it to {SECTION}."
                )
        known = [name for name in KEYS if name not in OF_THE_PROJECT]
        values = {name: _read_key(name, value, where, known) for name, value in table.items()}
        services[service] = replace(config, **values, name=service)
    return services


def spell_table(service: str) -> str:
    """Return the head of a service's table: `[tool.taskcontract.services.billing]`."""
    from taskcontract.urls import hide_in_value

    name = service if KEY.fullmatch(service) else repr(hide_in_value(service))
    return f"{SECTION[:-1]}.{SERVICES}.{name}]"


def _refuse_owner(file: Path, other: int) -> ConfigError:
    import shlex

    return ConfigError(
        f"it, or its folder, belongs to user {other}, and it names modules that would be imported and run",
        where=str(file),
        do=f"If you trust that user, set {VARIABLE}={shlex.quote(str(file.parent))} in the environment.",
    )


def _find_section(text: str, file: Path) -> dict[str, Any]:
    import tomllib

    try:
        section: Any = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"this is not TOML: {error}", where=str(file), do="Correct that line.") from None
    except RecursionError:
        raise ConfigError(
            "this TOML is nested too deeply", where=str(file), do="Write it with fewer levels."
        ) from None
    except ValueError:  # a whole number of more digits than Python converts
        raise ConfigError(
            "a number here has thousands of digits", where=str(file), do="Write it as a string."
        ) from None
    for name in ("tool", "taskcontract"):
        section = section.get(name, {}) if isinstance(section, dict) else None
    if not isinstance(section, dict):
        raise ConfigError("tool.taskcontract is not a table", where=str(file), do=f"Write {SECTION}.")
    return section


def _read_key(name: str, value: Any, where: str, known: Collection[str]) -> Any:
    from taskcontract.model.config_values import read_value
    from taskcontract.model.keys import KEYS
    from taskcontract.urls import hide_in_value

    where = f"{where} {hide_in_value(name)}"
    if name in known:
        return read_value(KEYS[name], value, where=where)
    from difflib import get_close_matches

    near = get_close_matches(name.replace("-", "_"), known, n=1)
    meant = f"Did you mean {near[0]!r}? " if near else ""
    raise ConfigError("there is no such key", where=where, do=f"{meant}The keys are {', '.join(known)}.")
