"""Sides of a comparison that are projects without bindings: an app that is imported, workers that run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.cli.services import add_to_path

if TYPE_CHECKING:
    from taskcontract.extract.found import FoundProject
    from taskcontract.model.config import Config

__all__ = ["APP", "LIVE", "LIVE_WORKER", "PATIENCE", "read_named_project"]

APP, LIVE = "app:", "live:"
PATIENCE = 2.0
"""Seconds that running workers have to answer."""
LIVE_WORKER = f" of a {LIVE} side"
"""Whose patience `--timeout` is, for its help."""


def read_named_project(
    text: str, config: Config, patience: float = PATIENCE
) -> tuple[FoundProject, str] | None:
    """Return the project that `app:module:attribute` or `live:BROKER_URL` names, and how to print that.

    None for any other text. Running workers have `patience` seconds to answer.
    """
    if text.startswith(APP):
        from taskcontract.extract.app import read_app

        add_to_path(config)
        return read_app(text.removeprefix(APP)), text
    if text.startswith(LIVE):
        from taskcontract.cli.cluster import find_app
        from taskcontract.operations.live_api import read_live
        from taskcontract.urls import hide_password

        url = text.removeprefix(LIVE)
        origin = f"{LIVE}{hide_password(url)}"
        return read_live(find_app(config, broker=url), origin, patience), origin
    return None
