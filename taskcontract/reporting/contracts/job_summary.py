"""The same in Markdown, for the summary of a CI job or a comment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.reporting.contracts.replayed import (
    Unreplayed,
    count,
    group,
    spell_counts,
    title,
    verdict_of,
)
from taskcontract.reporting.escape import escape_controls, tame
from taskcontract.reporting.markdown_text import code_span, escape_text, fence_for
from taskcontract.reporting.replay import explain_outcome, summarise_outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.reporting.contracts.replayed import Entry, Replayed

__all__ = ["render_job_summary"]

MOST_DETAILS = 50
"""Failures that are told in full: a job's summary may be 1 MB."""
LONGEST, LONGEST_LINE = 4000, 400
"""Characters of one of them, and of what is said of it in a line."""


def render_job_summary(run: Replayed) -> str:
    """Return a table of consumers and providers, and what failed or is pending below it."""
    lines = [f"### {escape_text(title(run))}", "", "| consumer | provider | interactions |", "|---|---|---|"]
    groups = group(run)
    for (consumer, provider), entries in groups:
        cells = (consumer or "(unreadable)", provider, spell_counts(count(entries)))
        lines.append(f"| {' | '.join(map(escape_text, cells))} |")
    told = [each for _, entries in groups for each in entries if verdict_of(each) != "passed"]
    for each in told[:MOST_DETAILS]:
        lines += ["", *_details(each)]
    if len(told) > MOST_DETAILS:
        lines += ["", f"{len(told) - MOST_DETAILS} more failed or are pending."]
    if run.skipped:
        lines += ["", f"<details><summary>{len(run.skipped)} files were left out</summary>", ""]
        lines += [f"- {code_span(file)}: {escape_text(why)}" for file, why in run.skipped]
        lines += ["", "</details>"]
    if run.facts:
        lines += ["", f"<sub>{escape_text(', '.join(f'{label}: {text}' for label, text in run.facts))}</sub>"]
    return tame("\n".join(lines) + "\n")


def _details(entry: Entry) -> Iterator[str]:
    if isinstance(entry, Unreplayed):
        heading, wrong, text = entry.name, entry.what.splitlines()[0], entry.what
    else:
        heading, wrong, text = entry.interaction.description, summarise_outcome(entry), explain_outcome(entry)
    who = f"{escape_text(entry.consumer)}: " if entry.consumer else ""
    yield f"<details><summary><b>{verdict_of(entry)}</b> {who}{escape_text(heading)}</summary>"
    yield ""
    yield escape_text(_cut(wrong, LONGEST_LINE))
    yield ""
    shown = escape_controls(_cut(text, LONGEST))
    fence = fence_for(shown)
    yield f"{fence}text\n{shown.rstrip()}\n{fence}"
    yield ""
    yield "</details>"


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}... ({len(text)} characters)"
