"""`[tool.taskcontract]` of pyproject.toml as checked, frozen data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from taskcontract.errors import ConfigError

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
    call_style: str = "both"
    call_styles: Mapping[str, str] = field(default_factory=dict)
    severity: Mapping[str, str] = field(default_factory=dict)
    accept: tuple[Acceptance, ...] = ()
    fail_on: str = "breaking"

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders of contracts and published specs, from the root."""
        return tuple(self.root / folder for folder in self.contracts)


def read_config(start: Path) -> Config:
    """The configuration that holds in the folder `start`: that of the nearest pyproject.toml above.

    Raises ConfigError, with the file and the key, for what is not TOML, an unknown key or a wrong value.
    """
    start = start.absolute()
    for folder in (start, *start.parents):
        file = folder / "pyproject.toml"
        if file.is_file():
            return _read_file(file)
    return Config(root=start)


def _read_file(file: Path) -> Config:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot be read: {error}", where=str(file)) from None
    if "taskcontract" not in text:  # spares most commands the import of a TOML reader
        return Config(root=file.parent)
    section = _find_section(text, file)
    values = {name: _read_key(name, value, file) for name, value in section.items()}
    return Config(root=file.parent, file=file, **values)


def _find_section(text: str, file: Path) -> dict[str, Any]:
    import tomllib

    try:
        section: Any = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"this is not TOML: {error}", where=str(file), do="Correct that line.") from None
    for name in ("tool", "taskcontract"):
        section = section.get(name, {}) if isinstance(section, dict) else None
    if not isinstance(section, dict):
        raise ConfigError("tool.taskcontract is not a table", where=str(file), do=f"Write {SECTION}.")
    return section


def _read_key(name: str, value: Any, file: Path) -> Any:
    from taskcontract.model.config_values import read_value
    from taskcontract.model.keys import KEYS

    where = f"{file}: {SECTION} {name}"
    if name in KEYS:
        return read_value(KEYS[name], value, where=where)
    from difflib import get_close_matches

    near = get_close_matches(name.replace("-", "_"), KEYS, n=1)
    meant = f"Did you mean {near[0]!r}? " if near else ""
    raise ConfigError("there is no such key", where=where, do=f"{meant}The keys are {', '.join(KEYS)}.")
