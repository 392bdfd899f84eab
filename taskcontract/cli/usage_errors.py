"""Click's complaints about arguments in this project's form: what, where, what to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from taskcontract.errors import ConfigError
from taskcontract.urls import hide_in_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["explain_usage", "refuse_command", "suggest"]

_SHORT = re.compile(r"-[A-Za-z]")


def explain_usage(error: click.UsageError, ctx: click.Context, given: Sequence[str]) -> ConfigError:
    """`error` with the command's usage; the passwords in the arguments `given` are hidden."""
    where = "" if isinstance(ctx.command, click.Group) else str(ctx.info_name)
    what = error.format_message().rstrip(".")
    what = what[:1].lower() + what[1:]
    do = ctx.get_usage().replace("Usage: ", "usage: ", 1)
    if isinstance(error, click.NoSuchOption):
        what = f"there is no option {error.option_name}"
        do = suggest(error.option_name, _list_options(ctx.command)) + do
    elif isinstance(error, click.MissingParameter) and error.param is not None:
        what = f"{_spell(error.param)} is missing"
    elif isinstance(error, click.BadParameter) and error.param is not None:
        where, what = f"{where} {_spell(error.param)}".strip(), error.message.rstrip(".")
    return ConfigError(_hide_passwords(what, given), where=where, do=f"{do.rstrip()}")


def refuse_command(name: str, known: Iterable[str]) -> ConfigError:
    """Return what is said of a command that does not exist."""
    listed = list(known)
    return ConfigError(
        f"there is no command {hide_in_value(name)!r}",
        do=f"{suggest(name, listed)}Commands: {', '.join(listed)}.",
    )


def suggest(given: str, known: Iterable[str]) -> str:
    """`Did you mean 'x'? ` where one of the `known` names is like the one given, else nothing."""
    from difflib import get_close_matches

    near = get_close_matches(given, list(known), n=1)
    return f"Did you mean {near[0]!r}? " if near else ""


def _list_options(command: click.Command) -> list[str]:
    return [name for each in command.params if isinstance(each, click.Option) for name in each.opts]


def _spell(parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Argument):
        return str(getattr(parameter, "spelled", parameter.name))
    return max(parameter.opts, key=len)


def _hide_passwords(message: str, given: Sequence[str]) -> str:
    """`message` without the password of a broker's URL at a wrong place, or behind a misspelt option."""
    for each in given:
        values = [each.partition("=")[2]] if each.startswith("--") else [each]
        if _SHORT.match(each) and not each.startswith("--"):
            values += [each[2:].removeprefix("="), each]
        for value in values:
            for spelled, hidden in ((value, hide_in_value(value)), (repr(value), repr(hide_in_value(value)))):
                if hidden != spelled:
                    message = message.replace(spelled, hidden)
    return message
