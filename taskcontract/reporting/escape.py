"""Making foreign text harmless where it is shown."""

from __future__ import annotations

import re

__all__ = ["escape_controls", "flatten", "tame", "tame_line"]

_START = re.compile(r"^((?:[^\S\n]|\x1b\[[0-9;]*m)*):(?=:)", re.MULTILINE)
_ANYWHERE = re.compile(r"#(?=#\w*\[)")
"""What the runner of a CI takes for a command to it: `::stop-commands::`, `##[group]`, `##vso[...]`."""


def escape_controls(text: str) -> str:
    r"""Return `text` with all unprintable characters but tab and line feed spelled out: `\x1b[31m`.

    That is what moves a terminal's cursor or colours it, what turns text around or hides in it, and
    what XML does not allow.
    """
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() or letter in "\t\n" else _spell(letter) for letter in text)


def flatten(text: str) -> str:
    """Return the same in one line: tabs and line feeds are spelled out too."""
    return escape_controls(text).replace("\t", "\\t").replace("\n", "\\n")


def tame(text: str, *, coloured: bool = False) -> str:
    """Return `text` for a terminal or a CI log, without control characters or commands to the runner.

    All text that people read goes through this last, but for formats with an escaping of their own.
    `coloured`: the colours in it are ours, and what is foreign was flattened before.
    """
    shown = text if coloured else escape_controls(text)
    return _ANYWHERE.sub(r"\\x23", _START.sub(r"\1\\x3a", shown))


def tame_line(text: str) -> str:
    """Return the same in one line: foreign text that stands in a line of ours starts none of its own."""
    return tame(flatten(text))


def _spell(letter: str) -> str:
    return letter.encode("unicode_escape").decode()
