"""The changelog of a service's tasks, as a page and as markdown."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING

from taskcontract.reporting.page import Block, line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from taskcontract.model.changelog import TaskHistory, VersionNotes

__all__ = ["render_changelog", "render_changelog_markdown"]


def render_changelog(histories: Sequence[TaskHistory]) -> Iterator[Block]:
    """Yield each task with its versions, the newest first, and what each means to callers of older ones."""
    for number, history in enumerate(histories):
        if number:
            yield line("")
        yield line((f"{history.service}: {history.task}", "name"))
        for notes in history.versions:
            yield line(f"  {notes.version}", (_say_dates(notes), "aside"))
            for each in notes.description.split("\n") if notes.description else ():
                yield line(f"    {each}" if each.strip() else "")
            for label, text in _say_changes(notes):
                yield line((f"    {label}", "aside"))
                for each in text.split("\n"):
                    yield line(f"      {each}" if each.strip() else "")


def render_changelog_markdown(histories: Sequence[TaskHistory]) -> str:
    """Format the same as markdown: a heading per task and version, the adapters' docstrings unchanged."""
    lines: list[str] = []
    for history in histories:
        lines += [f"## `{history.task}` of {history.service}", ""]
        for notes in history.versions:
            lines += [f"### {notes.version}{_say_dates(notes)}", ""]
            if notes.description:
                lines += [notes.description, ""]
            for label, text in _say_changes(notes):
                lines += [f"- {label} {indent(text, '  ').lstrip()}"]
            if notes.changes:
                lines.append("")
    return "\n".join(lines)


def _say_changes(notes: VersionNotes) -> Iterator[tuple[str, str]]:
    for change in notes.changes:
        about = change.about if change.about in ("calls", "result") else f"`{change.about}`"
        yield f"for callers of {change.callers}, {about}:", change.text


def _say_dates(notes: VersionNotes) -> str:
    dates = {"deprecated": notes.deprecated, "sunset": notes.sunset}
    said = ", ".join(f"{name} {date}" for name, date in dates.items() if date)
    return f" ({said})" if said else ""
