"""Whether versions may go out, as a page, as Markdown and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.deployment.cells import ANSWERS
from taskcontract.reporting.markdown_text import code_span, escape_text
from taskcontract.reporting.page import Block, Style, Table, line
from taskcontract.reporting.rehearsal import SAID

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from taskcontract.deployment.cells import Answer, Cell, Outcome, Trouble
    from taskcontract.deployment.compatibility import CompatibilityCheck
    from taskcontract.deployment.matrix import Group
    from taskcontract.deployment.verdict import Step, Verdict
    from taskcontract.model.canonical import Json
    from taskcontract.operations.rehearsal import Rehearsal

__all__ = [
    "advise",
    "render_groups",
    "render_groups_markdown",
    "render_matrix",
    "render_verdict",
    "render_verdict_markdown",
    "write_cell",
    "write_groups",
    "write_verdict",
]

STYLES: dict[Answer, Style] = {"yes": "safe", "no": "breaking", "not known": "dangerous"}
HEADS = ("consumer", "provider", "answer", "reason")
MOST_TROUBLES = 10
"""Interactions that a page shows of each cell and reason."""
MAIN_TITLE = "the newest of all main branches"
ORDER = "its workers first, then what calls them"


def render_verdict(verdict: Verdict) -> Iterator[Block]:
    """Yield the answer, each step with its cells and what stands in the way, and how to go on."""
    yield line((_headline(verdict), STYLES[verdict.answer]))
    for number, step in enumerate(verdict.steps, 1):
        if len(verdict.steps) > 1 or step.workers_first:
            order = f": {ORDER}" if step.workers_first else ""
            yield line(f"  {number}. ", (f"{step.service} {step.version}", "name"), order)
        yield from render_matrix(step.cells, indent=4)
        for check in step.checks:
            yield from _show_check(check)
        if not step.cells:
            yield line("    no contract is with what runs there")
    for each in advise(verdict):
        yield line("  ", each)


def render_matrix(cells: Iterable[Cell], indent: int = 0) -> Iterator[Block]:
    """Yield a table of `cells`, and behind it what stands in the way of each."""
    cells = tuple(cells)
    yield Table(HEADS, tuple(map(_row, cells)), indent=indent)
    for cell in cells:
        if cell.troubles:
            versions = f"{cell.consumer} {cell.consumer_version} with {cell.provider} {cell.provider_version}"
            yield line(f"{'':{indent}}{versions}:")
        for outcome, why, troubles in _group_troubles(cell):
            yield line(f"{'':{indent}}  ", (outcome, STYLES[ANSWERS[outcome]]), f" {why}")
            for trouble in troubles[:MOST_TROUBLES]:
                yield line(f"{'':{indent}}    {trouble.description}")
                if outcome != "unknown":
                    yield line((f"{'':{indent}}      {trouble.call}", "aside"))
            if len(troubles) > MOST_TROUBLES:
                yield line(f"{'':{indent}}    and {len(troubles) - MOST_TROUBLES} more")


def _group_troubles(cell: Cell) -> Iterator[tuple[Outcome, str, list[Trouble]]]:
    """Yield the interactions in the way by what is in theirs, the worst first."""
    grouped: dict[tuple[Outcome, str], list[Trouble]] = {}
    for each in cell.troubles:
        grouped.setdefault((each.outcome, each.why), []).append(each)
    for (outcome, why), troubles in grouped.items():
        yield outcome, why, troubles


def render_groups(groups: Iterable[Group]) -> Iterator[Block]:
    """Yield a table of the cells of each group, and what stands in the way of each."""
    for group in groups:
        yield line(
            (group.where or MAIN_TITLE, "name"), "" if group.cells else ": no contract between two versions"
        )
        yield from render_matrix(group.cells, indent=2)


def render_groups_markdown(groups: Iterable[Group]) -> str:
    """Return the same for a comment or a job's summary."""
    lines = []
    for group in groups:
        lines += [f"### {escape_text(group.where or MAIN_TITLE)}", "", *_write_table(group.cells)]
        lines += [*_list_troubles(group.cells), ""]
    return "\n".join(lines).rstrip() + "\n"


def write_groups(groups: Iterable[Group]) -> list[Json]:
    """Return the same as JSON."""
    return [
        {"environment": group.where or None, "cells": [write_cell(cell) for cell in group.cells]}
        for group in groups
    ]


def render_verdict_markdown(verdict: Verdict, rehearsals: Iterable[Rehearsal] = ()) -> str:
    """Return the verdict for a comment or a job's summary, and what becomes of what waits."""
    lines = [f"### {escape_text(_headline(verdict))}", ""]
    for number, step in enumerate(verdict.steps, 1):
        if len(verdict.steps) > 1 or step.workers_first:
            order = f": {ORDER}" if step.workers_first else ""
            lines += [f"{number}. **{escape_text(f'{step.service} {step.version}')}**{order}", ""]
        lines += _write_table(step.cells)
        for check in step.checks:
            lines += [f"- {escape_text(_say_check(check))}", ""]
        lines += _list_troubles(step.cells)
    advice = list(advise(verdict))
    if advice:
        lines += ["", *(f"- {escape_text(each)}" for each in advice)]
    for each in rehearsals:
        lines += ["", f"Waiting for {escape_text(each.service)}: {_count_fates(each)}", ""]
        for group in each.groups[:MOST_TROUBLES]:
            what = f"{group.count:,} {group.task} from {group.consumer or 'unknown callers'}: {group.reason}"
            lines.append(f"- {escape_text(f'{group.outcome}: {what}')}")
    return "\n".join(lines).rstrip() + "\n"


def _count_fates(rehearsal: Rehearsal) -> str:
    counted = (f"{count:,} {SAID[outcome][0]}" for outcome, count in rehearsal.outcomes.items())
    return ", ".join(counted) or "nothing"


def _write_table(cells: Iterable[Cell]) -> list[str]:
    rows = [f"| {' | '.join(map(escape_text, _row(cell)))} |" for cell in cells]
    return [f"| {' | '.join(HEADS)} |", f"{'| --- ' * len(HEADS)}|", *rows, ""] if rows else []


def _list_troubles(cells: Iterable[Cell]) -> Iterator[str]:
    for cell in cells:
        for outcome, why, troubles in _group_troubles(cell):
            yield f"- {escape_text(f'{cell.consumer} with {cell.provider}, {outcome}: {why}')}"
            for trouble in troubles[:MOST_TROUBLES]:
                yield f"    - {escape_text(trouble.description)}: {code_span(trouble.call)}"
            if len(troubles) > MOST_TROUBLES:
                yield f"    - and {len(troubles) - MOST_TROUBLES} more"


def write_verdict(verdict: Verdict) -> Json:
    """Return the verdict as JSON."""
    return {
        "environment": verdict.environment,
        "answer": verdict.answer,
        "steps": [_write_step(step) for step in verdict.steps],
        "ready": verdict.ready,
        "advice": list(advise(verdict)),
    }


def write_cell(cell: Cell) -> Json:
    """Return a cell as JSON."""
    return {
        "consumer": cell.consumer,
        "consumer_version": cell.consumer_version,
        "provider": cell.provider,
        "provider_version": cell.provider_version,
        "answer": cell.answer,
        "outcome": cell.outcome,
        "reason": cell.reason,
        "interactions": cell.interactions,
        "troubles": [
            {
                "description": each.description,
                "task": each.task,
                "call": each.call,
                "outcome": each.outcome,
                "why": each.why,
            }
            for each in cell.troubles
        ],
    }


def advise(verdict: Verdict) -> Iterator[str]:
    """Yield how to go on, each as a sentence; nothing where the answer is yes."""
    told = dict.fromkeys(
        each for step in verdict.steps for cell in step.cells for each in _advise(cell, step, verdict)
    )
    yield from told
    for step in verdict.steps:
        if any(check.answer == "no" for check in step.checks):
            yield f"See the whole change: taskcontract diff, from what runs to {step.service} {step.version}."


def _advise(cell: Cell, step: Step, verdict: Verdict) -> Iterator[str]:
    if cell.answer == "yes":
        return
    pair = f"{cell.provider} {cell.provider_version}"
    if cell.provider in verdict.ready and cell.consumer == step.service:
        ready = verdict.ready[cell.provider]
        yield (
            f"Deploy {cell.provider} {ready} first, which does what {step.service} {step.version} expects: "
            f"taskcontract can-i-deploy {cell.provider} {ready} --to {verdict.environment}"
        )
    elif cell.outcome == "absent":
        yield f"Deploy {cell.provider} to {verdict.environment} first, and record that."
    elif cell.outcome == "unknown":
        yield (
            f"A run would tell: on {pair}, taskcontract fetch {cell.provider}, pytest --taskcontract "
            f"--taskcontract-json FILE, taskcontract publish {pair} --verified FILE."
        )
    elif cell.provider == step.service:
        yield (
            f"Serve {cell.consumer} {cell.consumer_version} as before, beside the new version (taskcontract "
            "scaffold writes an adapter), or deploy a version of it that does without."
        )
    else:
        yield (
            f"Change what {step.service} {step.version} sends, or deploy a version of {cell.provider} that "
            "takes it."
        )


def _headline(verdict: Verdict) -> str:
    names = " and ".join(f"{step.service} {step.version}" for step in verdict.steps)
    match verdict.answer:
        case "yes":
            ordered = ", in this order" if len(verdict.steps) > 1 else ""
            return f"{names} may go to {verdict.environment}{ordered}"
        case "no":
            return f"{names} may not go to {verdict.environment}"
        case "not known":
            return f"it is not known whether {names} may go to {verdict.environment}"


def _row(cell: Cell) -> tuple[str, ...]:
    provider = f"{cell.provider} {cell.provider_version}".rstrip()
    return f"{cell.consumer} {cell.consumer_version}", provider, cell.answer, cell.reason


def _show_check(check: CompatibilityCheck) -> Iterator[Block]:
    yield line("    ", (_say_check(check), STYLES[check.answer]))
    for finding in check.broken[:MOST_TROUBLES]:
        yield line(f"      {finding.rule} {finding.task_id}: {finding.consequence}")
    if len(check.broken) > MOST_TROUBLES:
        yield line(f"      and {len(check.broken) - MOST_TROUBLES} more")


def _say_check(check: CompatibilityCheck) -> str:
    kept = {"yes": "keeps", "no": "does not keep", "not known": "may not keep"}[check.answer]
    return f"{kept} the promise `{check.mode}` to {check.service} {check.old_version}: {check.reason}"


def _write_step(step: Step) -> Json:
    return {
        "service": step.service,
        "version": step.version,
        "answer": step.answer,
        "workers_first": step.workers_first,
        "cells": [write_cell(cell) for cell in step.cells],
        "compatibility": [
            {
                "service": check.service,
                "old_version": check.old_version,
                "mode": check.mode,
                "answer": check.answer,
                "reason": check.reason,
                "broken": [
                    {"rule": each.rule, "task": each.task_id, "consequence": each.consequence}
                    for each in check.broken
                ],
            }
            for check in step.checks
        ],
    }
