"""Foreign text in markdown: it is shown, never read as markup."""

from __future__ import annotations

import re

from taskcontract.reporting.escape import flatten

__all__ = ["code_span", "escape_text", "fence_for", "sentence"]

SIGNS = str.maketrans(
    {sign: f"\\{sign}" for sign in "\\`*_[]~|"}
    | {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;", "#": "&#35;"}
)


def fence_for(text: str) -> str:
    """Return the fence of a code block that nothing in `text` can end."""
    return "`" * max(3, _longest_run(text) + 1)


def code_span(text: str) -> str:
    """Return `text` as a code span that nothing in it can end."""
    text = flatten(text)
    fence = "`" * (_longest_run(text) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") or not text else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def escape_text(text: str) -> str:
    """Return `text` with everything escaped that markdown, HTML or GitHub (@name, #1) would interpret."""
    return flatten(text).translate(SIGNS)


def sentence(text: str) -> str:
    """Return one of our sentences, whose names are in backticks; with unpaired ones it is plain text."""
    parts = text.split("`")
    if len(parts) % 2 == 0 or "``" in text:
        return escape_text(text)
    return "".join(code_span(part) if index % 2 else escape_text(part) for index, part in enumerate(parts))


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
