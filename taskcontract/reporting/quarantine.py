"""The messages in quarantine, as a page and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from taskcontract.reporting.escape import flatten
from taskcontract.reporting.page import Block, Table, line, pluralise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from taskcontract.model.canonical import Json
    from taskcontract.safety_net.quarantine import Kept

__all__ = ["render_kept", "render_kept_json", "render_kept_list"]

WIDEST = 60
"""Characters of a cell in the list: names and arguments may be of any length."""

LONGEST = 2000
"""Characters of a body or of the headers that are shown."""


def render_kept_list(kept: Sequence[Kept], did: str) -> Iterator[Block]:
    """Yield a row per quarantined message and a summary: `did` says what was done with them."""
    rows = [
        (each.id[:8], each.note.reason, each.task or "(no task)", each.arguments, each.note.at[:19])
        for each in kept
    ]
    cells = tuple(tuple(_clip(flatten(cell), WIDEST) for cell in row) for row in rows)
    yield Table(("id", "reason", "task", "arguments", "kept"), cells)
    yield line((f"{pluralise(len(kept), 'message')} {did}", "name"))


def render_kept(kept: Kept) -> Iterator[Block]:
    """Yield all of one quarantined message that a person can read."""
    facts = {
        "task": kept.task or "(none)",
        "reason": f"{kept.note.reason}: {kept.note.explanation}",
        "do": kept.note.do or "(not known)",
        "kept": f"{kept.note.at} by {kept.note.worker}" if kept.note.at else "(not known when)",
        "queue": kept.note.queue or "(none)",
        **({} if kept.is_whole else {"a part": kept.note.cut}),
        "headers": json.dumps(kept.headers, default=str),
        "content": f"{kept.content_type}, {pluralise(len(kept.body), 'byte')}",
        "body": kept.text,
    }
    yield line((kept.id, "name"))
    for name, value in facts.items():
        yield line("  ", (f"{name:<8}", "aside"), f" {_clip(flatten(value), LONGEST)}")


def render_kept_json(kept: Kept) -> Json:
    """Return one quarantined message as JSON; the body as text, undecodable bytes spelled out."""
    return {
        "id": kept.id,
        "task": kept.task,
        "reason": kept.note.reason,
        "explanation": kept.note.explanation,
        "do": kept.note.do,
        "at": kept.note.at,
        "worker": kept.note.worker,
        "queue": kept.note.queue,
        "cut": kept.note.cut,
        "headers": json.loads(json.dumps(kept.headers, default=str)),
        "content_type": kept.content_type,
        "body": kept.text,
    }


def _clip(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
