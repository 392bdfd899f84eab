"""`celery -A APP contract ...`: the same commands, on the app that Celery's own option names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.cli.group import CommandGroup, make_group
from taskcontract.cli.main import end

if TYPE_CHECKING:
    import click

__all__ = ["contract"]


class _CeleryGroup(CommandGroup):
    """The group as a command of Celery's, which knows the exceptions of click alone."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Parse what stands before the command; a mistake ends the process with its message."""
        made: list[click.Context] = []

        def make() -> int:
            made.append(super(_CeleryGroup, self).make_context(info_name, args, parent, **extra))
            return 0

        code = end(make)
        if not made:
            raise SystemExit(code)
        return made[0]

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command and end the process with its exit code."""
        ctx.exit(end(lambda: super(_CeleryGroup, self).invoke(ctx)))


contract = make_group("contract", _CeleryGroup)
