"""From the bytes of a file to its tree, whatever its encoding, and whichever Python it was written for."""

from __future__ import annotations

import ast
import codecs
import io
import re
import tokenize
from dataclasses import dataclass

from taskcontract.extract.static.lost import FAILURES, Lost

__all__ = ["Parsed", "UnreadableError", "parse"]

WIDE = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
LEADING = re.compile(rb"^[ ]*\t[ \t]*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Parsed:
    """The tree of a file; `lost` are its parts that are not in the tree."""

    tree: ast.Module
    lost: tuple[Lost, ...] = ()


class UnreadableError(Exception):
    """Nothing of a file can be read; `line` is where reading ended."""

    def __init__(self, what: str, line: int) -> None:
        super().__init__(what)
        self.what = what
        self.line = line


def parse(text: bytes) -> Parsed:
    """Return the tree of a file; an UnreadableError where nothing of it can be read.

    Python's own parser comes first. What it refuses is repaired, line by line where it stood, by one that
    knows newer and older Pythons and goes on behind an error: the extra `source`.
    """
    try:
        return Parsed(ast.parse(text))
    except FAILURES:
        pass
    text = _as_utf8(text).replace(b"\0", b" ")
    try:
        return Parsed(ast.parse(text))
    except TabError:
        text = LEADING.sub(lambda found: found[0].expandtabs(8), text)  # as Python 2 counted them
        return parse(text) if not LEADING.search(text) else _repaired(text, "its indentation is mixed", 1)
    except SyntaxError as error:
        return _repaired(text, error.msg, error.lineno or 1)
    except (ValueError, RecursionError, MemoryError):
        return _repaired(text, "it is nested too deep", 1)


def _repaired(text: bytes, why: str, line: int) -> Parsed:
    try:
        from taskcontract.extract.static.repair import repair
    except ImportError:
        raise UnreadableError(f"{why}; `pip install taskcontract[source]` reads what it can", line) from None
    mended, lost = repair(text)
    try:
        return Parsed(ast.parse(mended), lost)
    except FAILURES:
        raise UnreadableError(why, line) from None


def _as_utf8(text: bytes) -> bytes:
    """Return a file's text as UTF-8 without a mark; read as Latin-1 where it is not what it says."""
    for mark in WIDE:
        if text.startswith(mark):
            name = "utf-32" if len(mark) == 4 else "utf-16"
            return text.decode(name, "replace").encode("utf-8", "replace")
    try:
        name, _ = tokenize.detect_encoding(io.BytesIO(text).readline)
        known = text.decode(name)
    except (SyntaxError, ValueError, LookupError):
        text = text.removeprefix(codecs.BOM_UTF8)
        try:
            known = text.decode()
        except UnicodeDecodeError:
            known = text.decode("latin-1")
    return _without_declaration(known.removeprefix("\ufeff")).encode("utf-8", "replace")


def _without_declaration(text: str) -> str:
    """Return `text` whose first two lines declare no encoding any more; its lines stay where they were."""
    lines = text.split("\n", 2)
    return "\n".join("#" if re.match(r"^[ \t\f]*#.*?coding[:=]", line) else line for line in lines[:2]) + (
        f"\n{lines[2]}" if len(lines) > 2 else ""
    )
