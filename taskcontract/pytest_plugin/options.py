"""`--taskcontract`, and every key of `[tool.taskcontract]` that fits on a command line as an option."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.errors import ConfigError
from taskcontract.model.keys import KEYS

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from taskcontract.model.config import Config

__all__ = ["REPORTS", "add_options", "find_report_files", "read_services", "read_settings"]

SHAPES = {"text": "TEXT", "texts": "A,B", "count": "N", "seconds": "SECONDS"}
"""The shapes of keys that have an option, and how its value is called; tables have none."""
OF_ONE_APP = ("app", "bindings", "states")
"""The options that would be wrong for all services but one."""

REPORTS = {
    "html": "a page for a browser",
    "markdown": "a summary for a CI job or a comment",
    "json": "data that `taskcontract publish --verified` takes",
}
"""The reports that can be written, each by an option of its own."""


def add_options(parser: pytest.Parser) -> None:
    """Add the options to pytest's; the help says what each key's default is."""
    group = parser.getgroup("taskcontract", "contracts of Celery tasks")
    group.addoption(
        "--taskcontract",
        action="store_true",
        help="replay the consumers' contracts on a live worker; without paths: all of the contract folders",
    )
    group.addoption(
        "--taskcontract-examples",
        metavar="N",
        help="also send N calls of each task, made by Hypothesis from its types, and a few outside them",
    )
    group.addoption(
        "--taskcontract-service",
        dest="taskcontract_services",
        action="append",
        default=[],
        metavar="NAME",
        help="replay the contracts of this one of [tool.taskcontract.services] alone; repeatable",
    )
    for name, what in REPORTS.items():
        group.addoption(
            f"--taskcontract-{name}",
            dest=f"taskcontract_{name}",
            metavar="FILE",
            help=f"write what was sent, expected and got to FILE, as {what}",
        )
    for key in KEYS.values():
        if key.shape in SHAPES:
            group.addoption(
                f"--taskcontract-{key.option}",
                dest=f"taskcontract_{key.name}",
                metavar="|".join(key.words) or SHAPES[key.shape],
                help=key.help.replace("%", "%%"),
            )


def read_settings(config: pytest.Config) -> Config:
    """Return the configuration of pytest's project with the options on top; raise ConfigError if wrong."""
    from dataclasses import replace

    from taskcontract.model.config import read_config
    from taskcontract.model.config_values import read_option

    start = config.inipath.parent if config.inipath else config.invocation_params.dir
    given = {
        key.name: read_option(key, text, where=f"--taskcontract-{key.option}")
        for key in KEYS.values()
        if (text := getattr(config.option, f"taskcontract_{key.name}", None)) is not None
    }
    # Where pytest's own settings lie, its plugins and conftest.py have been run already.
    settings = replace(read_config(start, trusted=config.inipath is not None), **given)
    services = {name: replace(service, **given) for name, service in settings.services.items()}
    return replace(settings, services=services)


def read_services(config: pytest.Config, settings: Config) -> tuple[Config, ...]:
    """Return the configurations of the services whose contracts are replayed; raise ConfigError if wrong."""
    from taskcontract.model.config import choose_services

    services = choose_services(settings, config.option.taskcontract_services)
    for name in OF_ONE_APP if len(services) > 1 else ():
        if getattr(config.option, f"taskcontract_{name}", None) is not None:
            raise ConfigError(
                f"--taskcontract-{name} is about one service, and {len(services)} are configured",
                do=f"Say which with --taskcontract-service: {', '.join(each.name for each in services)}.",
            )
    return services


def find_report_files(config: pytest.Config) -> dict[str, Path]:
    """Return the file of each report that was asked for, by the report's name."""
    return {
        name: config.invocation_params.dir / file
        for name in REPORTS
        if (file := getattr(config.option, f"taskcontract_{name}")) is not None
    }
