"""`[tool.taskcontract]` of pyproject.toml as checked, frozen data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from taskcontract.errors import ConfigError
from taskcontract.model.ownership import VARIABLE, find_other_owner

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from taskcontract.model.acceptance import Acceptance

__all__ = ["Config", "read_config"]

SECTION = "[tool.taskcontract]"


@dataclass(frozen=True, slots=True)
class Config:
    """What a project configured; `taskcontract.model.keys.KEYS` says what each field means.

    `file` is the pyproject.toml that it was read from (None: all defaults); relative folders and
    modules start at `root`.
    """

    root: Path
    file: Path | None = None
    app: str | None = None
    bindings: tuple[str, ...] = ()
    contracts: tuple[str, ...] = ("contracts",)
    broker: str = "embedded"
    backend: str | None = None
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
    fail_on: str = "breaking"

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
    `trusted` says that code from `start` runs anyway: then a file there counts whoever owns it.
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
    values = {name: _read_key(name, value, file) for name, value in section.items()}
    return Config(root=file.parent, file=file, **values)


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


def _read_key(name: str, value: Any, file: Path) -> Any:
    from taskcontract.model.config_values import read_value
    from taskcontract.model.keys import KEYS
    from taskcontract.urls import hide_in_value

    where = f"{file}: {SECTION} {hide_in_value(name)}"
    if name in KEYS:
        return read_value(KEYS[name], value, where=where)
    from difflib import get_close_matches

    near = get_close_matches(name.replace("-", "_"), KEYS, n=1)
    meant = f"Did you mean {near[0]!r}? " if near else ""
    raise ConfigError("there is no such key", where=where, do=f"{meant}The keys are {', '.join(KEYS)}.")
