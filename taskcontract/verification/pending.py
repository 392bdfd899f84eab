"""Which interactions are pending: asked for by a consumer, and never yet kept by the provider."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from taskcontract.registry.results import Entry, Passed, digest_of, load_results, merge_results, now
from taskcontract.verification.outcome import Outcome, Pending

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["PendingBook", "spell_pending"]


class PendingBook:
    """Judges outcomes by the results file at `path`, and writes there what is new.

    Without a file, only what a contract itself calls pending is. Raises a SpecError for a file that is not
    one of results.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.is_new = path is not None and not path.exists()
        self._results = load_results(path) if path else None
        self._entries: list[Entry] = []

    def judge(self, outcome: Outcome, version: str) -> Outcome:
        """Return `outcome`, marked where it is pending; `version` is that of the provider that was asked."""
        moment = now()
        entry = self._note(outcome, version, moment)
        if outcome.interaction.pending:
            return replace(outcome, pending=Pending(outcome.consumer, entry.asked[:10], said=True))
        if self._results is None or entry.passed is not None:
            return outcome
        return replace(outcome, pending=Pending(outcome.consumer, entry.asked[:10]))

    def write(self) -> bool:
        """Add what was found to the file; return whether that changed it."""
        entries, self._entries = self._entries, []
        return bool(self.path and entries and merge_results(self.path, entries))

    def _note(self, outcome: Outcome, version: str, moment: str) -> Entry:
        known = None
        if self._results is not None:
            known = self._results.find(outcome.consumer, outcome.provider, outcome.interaction)
        entry = known or Entry(
            outcome.consumer,
            outcome.provider,
            outcome.interaction.description,
            digest_of(outcome.interaction) if self._results is not None else "",
            moment,
        )
        if outcome.ok and entry.passed is None:
            entry = replace(entry, passed=Passed(moment, version))
        if entry != known and self._results is not None:
            self._results.add(entry)
            self._entries.append(entry)
        return entry


def spell_pending(pending: Pending) -> str:
    """Return in a few words why a failure breaks no build."""
    said = ", whose contract says so" if pending.said else ""
    return f"pending: asked by {pending.consumer}{said} since {pending.since}"
