"""Breaking a sentence into lines."""

from __future__ import annotations

__all__ = ["wrap"]


def wrap(text: str, width: int) -> list[str]:
    """Return `text` in lines of at most `width` characters, broken at spaces; never none.

    (The standard library's takes longer to import than a report to render.)
    """
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".lstrip()
    return lines
