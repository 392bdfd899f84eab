"""The group of all commands: each is imported when it runs, and not to be listed."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any, cast

import click

from taskcontract.cli.command import SETTINGS, Command, make_help_option, make_printing_option
from taskcontract.cli.help_text import write_epilog, write_parameters

__all__ = ["COMMANDS", "COMPLETION", "CommandGroup", "make_group"]

COMMANDS = {
    "diff": "what a change breaks, for whom, with a call that proves it",
    "lint": "what is wrong today: calls that do not fit their tasks, options that nothing reads",
    "check": "is the declared version bump enough, against the last published API",
    "snapshot": "write a service's task API as JSON, or publish it",
    "catalogue": "write pages on all services: their tasks, what changed, who calls whom",
    "export": "write it as AsyncAPI or JSON Schema, for other tools",
    "generate": "write the typed delegates that consumers import",
    "explain": "what a rule means, why it breaks, what to do",
    "rules": "every rule that a comparison or `lint` knows",
    "init": "look at a project, and set it up: its section in pyproject.toml, a job for its CI",
    "adopt": "write bindings for tasks that exist, to start from",
    "scaffold": "write the skeleton of an adapter and its test, from what changed",
    "changelog": "what changed from version to version, in the adapters' words",
    "usage": "who still calls which version, when last, and what they send",
    "observe": "the API of tasks without types, as their callers use it",
    "inflight": "what waits for a service, without taking any of it",
    "retire": "may this version of a task go?",
    "inspect": "do the running workers serve what the bindings declare?",
    "quarantine": "messages that workers could not serve: list, show, replay, drop",
    "metrics": "numbers to watch, for Prometheus: printed, or served",
    "publish": "publish a version of a service: its API, its contracts, its results",
    "fetch": "bring the contracts of a service's consumers, and the APIs that it calls",
    "record-deployment": "record that a version runs in an environment",
    "record-release": "record that others may run a version, beside older ones",
    "record-undeployment": "record that a version no longer runs in an environment",
    "can-i-deploy": "may these versions go to an environment, and in which order?",
    "matrix": "which versions go together, where they run",
    "completion": "print the script with which bash, zsh or fish completes commands",
}

COMPLETION = "_TASKCONTRACT_COMPLETE"
"""The variable that a shell sets when it asks for completions."""

DESCRIPTION = """\
taskcontract: contracts for Celery tasks.

A service declares its tasks once, as bindings that its callers import. taskcontract publishes that API, \
compares its versions, and proves each break with a call that worked and no longer does."""

EPILOG = """\
examples:
  taskcontract snapshot bindings.pusher --publish     publish the API as contracts/pusher/1.0.0.json
  taskcontract diff v1 bindings.pusher                what would break if this went out now?
  taskcontract check --format github                  in CI: fail where the version says too little

next:
  taskcontract COMMAND --help       the command's options
  taskcontract explain RULE         the rule behind a finding
  pytest --taskcontract             replay every consumer's expectations on a live worker
  [tool.taskcontract]               in pyproject.toml: the bindings, app and policies that commands read

exit codes: 0 nothing found, 1 findings, 2 a mistake in the input.
"""


class CommandGroup(click.Group):
    """The commands of `COMMANDS`, and `help`, which is for who types that."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, whose module is imported now; None where there is none."""
        if cmd_name == "help":
            return _HELP
        if cmd_name not in COMMANDS:
            return None
        return cast("click.Command", import_module(f"taskcontract.cli.{cmd_name.replace('-', '_')}").run)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that `args` begin with; a ConfigError lists what there is."""
        if args[0] not in (*COMMANDS, "help") and not ctx.resilient_parsing:
            from taskcontract.cli.usage_errors import refuse_command

            raise refuse_command(args[0], COMMANDS)
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse what stands before the command; nothing at all asks for the help."""
        given = list(args)
        try:
            return super().parse_args(ctx, args or ["--help"])
        except click.UsageError as error:
            from taskcontract.cli.usage_errors import explain_usage

            raise explain_usage(error, ctx, given) from None

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what this is for and all commands, without importing one."""
        formatter.write_text(DESCRIPTION)
        formatter.write_paragraph()
        formatter.write_usage(ctx.command_path, "COMMAND ...", "usage: ")
        with formatter.section("commands"):
            formatter.write_dl(list(COMMANDS.items()))
        write_parameters(self, ctx, formatter)
        write_epilog(EPILOG, formatter)


def make_group(name: str, cls: type[CommandGroup] = CommandGroup) -> CommandGroup:
    """Return the group under `name`."""
    return cls(
        name,
        callback=lambda: None,  # Celery wraps the callbacks of its commands
        add_help_option=False,
        context_settings={**SETTINGS, "help_option_names": ["-h", "--help"]},
        params=[
            make_printing_option(("-V", "--version"), "show the version", _write_version),
            make_help_option(),
        ],
    )


def _write_version(ctx: click.Context) -> str:
    from importlib.metadata import version

    return f"taskcontract {version('taskcontract')}"


def _help(names: tuple[str, ...]) -> int:
    """Print the help of the group, or of the command that is named."""
    ctx: Any = click.get_current_context().parent
    if names:
        _, command, _ = ctx.command.resolve_command(ctx, list(names))
        ctx = command.context_class(command, info_name=names[0], parent=ctx, **command.context_settings)
    sys.stdout.write(f"{ctx.get_help()}\n")
    return 0


_HELP = Command(
    "help",
    callback=_help,
    params=[click.Argument(["names"], nargs=-1)],
    help="The help of a command.",
    hidden=True,
    context_settings={"ignore_unknown_options": True},
    add_help_option=False,
)
