"""`taskcontract completion`: the script with which a shell completes commands and options."""

from __future__ import annotations

import sys

import click

from taskcontract.cli.command import argument, command

__all__ = ["run"]

EPILOG = """\
examples:
  eval "$(taskcontract completion bash)"     in ~/.bashrc; bash 4.4 or newer
  eval "$(taskcontract completion zsh)"      in ~/.zshrc, below compinit
  taskcontract completion fish | source      in ~/.config/fish/config.fish
"""


@command("completion", "Print the script with which a shell completes commands and options.", epilog=EPILOG)
@argument("shell", type=click.Choice(["bash", "zsh", "fish"]), help="the shell that reads it")
def run(shell: str) -> int:
    """Print click's script for `shell`; 0."""
    from click.shell_completion import get_completion_class

    from taskcontract.cli.group import COMPLETION, make_group

    writer = get_completion_class(shell)
    assert writer is not None, f"click knows no {shell}"
    made = writer(make_group("taskcontract"), {}, "taskcontract", COMPLETION)
    # The script alone: asking for the shell's version, as its source() does, would start that shell.
    sys.stdout.write(f"{made.source_template % made.source_vars()}\n")
    return 0
