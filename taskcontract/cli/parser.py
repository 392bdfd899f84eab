"""The argument parser of every command, and the options that several share."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from taskcontract.errors import ConfigError

if TYPE_CHECKING:
    from taskcontract.model.config import Config

__all__ = ["Parser", "read_project_config"]


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

    def error(self, message: str) -> NoReturn:
        """Raise a ConfigError with the usage."""
        raise ConfigError(message, where=self.prog.split()[-1], do=self.format_usage().rstrip())


def _make_formatter(prog: str) -> argparse.HelpFormatter:
    # argparse asks for a formatter at each option; one without a width imports much to find one.
    return argparse.RawDescriptionHelpFormatter(prog, width=100)


def read_project_config() -> Config:
    """The configuration of the project in the working directory."""
    from taskcontract.model.config import read_config

    return read_config(Path.cwd())
