"""The argument parser of every command, and the options that several share."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from taskcontract.errors import ConfigError
from taskcontract.urls import hide_in_value

if TYPE_CHECKING:
    from taskcontract.model.config import Config

__all__ = ["Parser", "add_days_option", "add_timeout_option", "read_project_config"]

LONGEST_DAYS, LONGEST_TIMEOUT = 36_500, 3_600


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are ours: one message, exit code 2."""

    def __init__(self, command: str, description: str, *, epilog: str = "") -> None:
        super().__init__(
            prog=f"taskcontract {command}",
            description=description,
            epilog=epilog,
            formatter_class=_make_formatter,
            allow_abbrev=False,
        )
        self._given: list[str] = []

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]
        """What argparse gives; the arguments are kept for its complaint."""
        self._given = list(args or ())
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Raise a ConfigError with the usage."""
        for given in self._given:
            value = given.partition("=")[2] if given.startswith("--") else given
            for spelled, hidden in ((value, hide_in_value(value)), (repr(value), repr(hide_in_value(value)))):
                if hidden != spelled:  # the URL of a broker at a wrong place, or behind a misspelt option
                    message = message.replace(spelled, hidden)
        raise ConfigError(message, where=self.prog.split()[-1], do=self.format_usage().rstrip())


def _make_formatter(prog: str) -> argparse.HelpFormatter:
    # argparse asks for a formatter at each option; one without a width imports much to find one.
    return argparse.RawDescriptionHelpFormatter(prog, width=100)


def add_days_option(parser: Parser) -> None:
    """Add `--days`: within how many of them somebody who called is a caller."""
    parser.add_argument(
        "--days",
        type=lambda text: _read_number(text, 0, LONGEST_DAYS),
        default=30.0,
        help="who called within so many days is a caller (default: 30)",
    )


def add_timeout_option(parser: Parser) -> None:
    """Add `--timeout`: how long the workers of a running system have to answer."""
    parser.add_argument(
        "--timeout",
        type=lambda text: _read_number(text, 0.001, LONGEST_TIMEOUT),
        default=1.0,
        metavar="SECONDS",
        help="how long to wait for the next worker to answer (default: 1)",
    )


def _read_number(text: str, least: float, most: float) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not least <= number <= most:  # so is nothing that is no number
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from {least:g} to {most:g}")
    return number


def read_project_config() -> Config:
    """The configuration of the project in the working directory."""
    from taskcontract.model.config import read_config

    return read_config(Path.cwd())
