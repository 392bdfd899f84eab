"""The same as data, for the registry that tells consumers whether their contracts were kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from taskcontract.registry.publishing import shorten_digest
from taskcontract.registry.results import digest_of
from taskcontract.registry.verified import dump_run
from taskcontract.reporting.replay import summarise_outcome

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json
    from taskcontract.reporting.contracts.replayed import Replayed
    from taskcontract.verification.outcome import Outcome

__all__ = ["render_verified"]


def render_verified(run: Replayed) -> str:
    """Return what each interaction of a contract came to; made-up examples are of none."""
    return dump_run(
        (_write(each) for each in run.outcomes if each.file),
        at=datetime.fromtimestamp(run.began, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        versions=dict(run.facts).get("versions", ""),
    )


def _write(outcome: Outcome) -> Json:
    return {
        "consumer": outcome.consumer,
        "provider": outcome.provider,
        "description": outcome.interaction.description,
        "task": outcome.interaction.wire_name,
        "digest": shorten_digest(digest_of(outcome.interaction)),
        "verdict": outcome.verdict,
        "why": "" if outcome.ok else summarise_outcome(outcome),
    }
