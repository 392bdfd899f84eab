"""Making foreign text harmless where it is shown."""

from __future__ import annotations

__all__ = ["escape_controls", "flatten"]


def escape_controls(text: str) -> str:
    """`text` with all that is not printed spelled out, but for tab and line feed: `\\x1b[31m`.

    That is what moves a terminal's cursor or colours it, what turns text around or hides in it, and
    what may not stand in XML.
    """
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() or letter in "\t\n" else _spell(letter) for letter in text)


def flatten(text: str) -> str:
    """The same in one line: tabs and line feeds are spelled out too."""
    return escape_controls(text).replace("\t", "\\t").replace("\n", "\\n")


def _spell(letter: str) -> str:
    return letter.encode("unicode_escape").decode()
