"""One command of the command line: a click command with this project's help and messages."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from taskcontract.cli.help_text import write_epilog, write_parameters

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "Argument",
    "Command",
    "Option",
    "argument",
    "command",
    "make_help_option",
    "make_printing_option",
    "option",
]

SETTINGS = {"max_content_width": 100}
"""The widest help text; a narrower terminal, or COLUMNS, makes it narrower."""


class Argument(click.Argument):
    """An argument with a help text; in the usage its `metavar` stands in brackets if it may be left out."""

    def __init__(self, *names: Any, help: str = "", **settings: Any) -> None:  # noqa: A002 - click's own word
        super().__init__(*names, **settings)
        self.help = help

    def get_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return `MODULE`, `[MODULE]` or `[MODULE]...`."""
        name = self.spelled if self.required else f"[{self.spelled}]"
        return [f"{name}..." if self.nargs == -1 else name]

    def get_help_record(self, ctx: click.Context) -> tuple[str, str]:
        """Return the argument's row in the help."""
        return self.spelled, self.help or ""

    @property
    def spelled(self) -> str:
        """The argument as the usage and messages name it."""
        if isinstance(self.type, click.Choice):
            return "|".join(self.type.choices)
        return self.metavar or (self.name or "").upper()


class Option(click.Option):
    """An option that belongs to a section of the help, and whose value is never another option's name."""

    def __init__(self, *names: Any, section: str = "options", **settings: Any) -> None:
        super().__init__(*names, **settings)
        self.section = section

    def type_cast_value(self, ctx: click.Context, value: Any) -> Any:
        """Return the value; a BadParameter for `-o --check`, where `-o` was left without one."""
        if not self.is_flag and not ctx.resilient_parsing:
            spelled = {name for each in ctx.command.params for name in (*each.opts, *each.secondary_opts)}
            for given in value if isinstance(value, (list, tuple)) else (value,):
                if isinstance(given, str) and given.startswith("-") and given in spelled:
                    raise click.BadParameter(f"a value is missing before {given}", ctx=ctx, param=self)
        return super().type_cast_value(ctx, value)


class Command(click.Command):
    """A command whose usage mistakes are ConfigErrors: one message, exit code 2."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse `args`; a ConfigError says what is wrong with them and shows the usage."""
        given = list(args)
        try:
            return super().parse_args(ctx, _part_short_values(self, args))
        except click.UsageError as error:
            from taskcontract.cli.usage_errors import explain_usage

            raise explain_usage(error, ctx, given) from None

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage, what the command does, its arguments, its options and examples."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), "usage: ")
        formatter.write_paragraph()
        formatter.write_text(self.help or "")
        write_parameters(self, ctx, formatter)
        write_epilog(self.epilog or "", formatter)


def command(
    name: str, description: str, *, epilog: str = "", options_metavar: str = "[OPTIONS]"
) -> Callable[[Callable[..., int]], Command]:
    """Make a function that returns the exit code the command `name`; its parameters are the parsed values."""

    def make(function: Callable[..., int]) -> Command:
        made = click.command(
            name,
            cls=Command,
            help=description,
            epilog=epilog,
            options_metavar=options_metavar,
            context_settings=SETTINGS,
            add_help_option=False,
        )(function)
        made.params.append(make_help_option())
        return made

    return make


def argument(*names: str, **settings: Any) -> Callable[[Any], Any]:
    """Add an `Argument` to a command."""
    return click.argument(*names, cls=Argument, **settings)


def option(*names: str, **settings: Any) -> Callable[[Any], Any]:
    """Add an `Option` to a command."""
    return click.option(*names, cls=Option, **settings)


def make_help_option() -> click.Option:
    """`-h` and `--help`, which print the help and end the command."""
    return make_printing_option(("-h", "--help"), "show this help", lambda ctx: ctx.get_help())


def make_printing_option(
    names: tuple[str, ...], summary: str, write: Callable[[click.Context], str]
) -> click.Option:
    """Return a flag that prints what `write` gives for the command, and ends it; `summary` is its help."""

    def show(ctx: click.Context, param: click.Parameter, value: bool) -> None:
        if value and not ctx.resilient_parsing:
            sys.stdout.write(f"{write(ctx)}\n")
            ctx.exit()

    return Option(names, is_flag=True, is_eager=True, expose_value=False, help=summary, callback=show)


def _part_short_values(command: click.Command, args: list[str]) -> list[str]:
    """`-o=FILE` as `-oFILE`: click would take the `=` for the value's first character."""
    short = {
        f"{name}="
        for each in command.params
        if isinstance(each, click.Option) and not each.is_flag
        for name in each.opts
        if len(name) == 2
    }
    end = args.index("--") if "--" in args else len(args)
    parted = [each[:2] + each[3:] if each[:3] in short and len(each) > 3 else each for each in args[:end]]
    return parted + args[end:]
