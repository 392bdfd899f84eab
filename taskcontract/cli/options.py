"""The options that several commands share, and the configuration that they all read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from taskcontract.cli.command import option

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskcontract.model.config import Config

__all__ = [
    "app_option",
    "bindings_option",
    "cluster_options",
    "days_option",
    "format_option",
    "queue_option",
    "read_project_config",
    "timeout_option",
]

LONGEST_DAYS, LONGEST_TIMEOUT = 36_500, 3_600
SYSTEM = "the running system (default: the app that is configured)"


class _Number(click.ParamType):  # type: ignore[type-arg, unused-ignore] # generic from click 8.4 on
    """A number within bounds."""

    name = "number"

    def __init__(self, least: float, most: float) -> None:
        self.least, self.most = least, most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number; refuse other text and numbers beyond the bounds."""
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        if not self.least <= number <= self.most:  # which NaN fails too
            self.fail(f"{value!r} is not a number from {self.least:g} to {self.most:g}", param, ctx)
        return number


def bindings_option() -> Callable[[Any], Any]:
    """`--bindings`, for commands whose arguments name something else."""
    return option(
        "--bindings",
        multiple=True,
        metavar="MODULE",
        help="a bindings module that declares the task; repeatable (default: those configured)",
    )


def queue_option() -> Callable[[Any], Any]:
    """`--queue`: more queues to look into."""
    return option(
        "--queue", "queues", multiple=True, metavar="QUEUE", help="look into this queue too; repeatable"
    )


def format_option(*forms: str) -> Callable[[Any], Any]:
    """`--format`, one of `forms`, the first by default."""
    return option("--format", "form", type=click.Choice(forms), default=forms[0], help=f"default: {forms[0]}")


def app_option(text: str, section: str = "options") -> Callable[[Any], Any]:
    """`--app`; without it `celery -A APP contract ...` gives the app itself, not its name."""
    return option("--app", metavar="APP", section=section, help=text, callback=_find_celerys_app)


def _find_celerys_app(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
    root = ctx.find_root()
    is_named = value is not None or root.params.get("app") is None
    return value if is_named else getattr(root.obj, "app", None)


def cluster_options(function: Any) -> Any:
    """Add `--app`, `--broker` and `--backend`: which running system is meant."""
    backend = option("--backend", metavar="URL", section=SYSTEM, help="its result backend")
    broker = option("--broker", metavar="URL", section=SYSTEM, help="a broker alone, without an app")
    return app_option("the Celery app, as for `celery -A`", SYSTEM)(broker(backend(function)))


def days_option() -> Callable[[Any], Any]:
    """`--days`: how recent a call must be for its sender to count as a caller."""
    return option(
        "--days",
        type=_Number(0, LONGEST_DAYS),
        default=30.0,
        metavar="DAYS",
        help="who called within so many days is a caller (default: 30)",
    )


def timeout_option(default: float = 1.0, of: str = "") -> Callable[[Any], Any]:
    """`--timeout`: how long the workers of a running system, or those that `of` names, have to answer."""
    return option(
        "--timeout",
        type=_Number(0.001, LONGEST_TIMEOUT),
        default=default,
        metavar="SECONDS",
        help=f"how long to wait for the next worker{of} to answer (default: {default:g})",
    )


def read_project_config() -> Config:
    """Return the configuration of the project in the working directory."""
    from taskcontract.model.config import read_config

    return read_config(Path.cwd())
