"""A quick reader for JSON as we write it: orjson's, where it is installed, with a proof that it read all."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json

__all__ = ["parse_written"]

DEEP = b" " * 300
"""The indent of 150 levels: what is as deep, or may be, is for the careful reader."""


def parse_written(data: bytes) -> Json | None:
    """Return the value of a file that is indented as we write it; None for `null` and for any other file.

    None says nothing of a file but that the careful reader must have a look: `parse_json` is the judge of
    what is refused. What is read here is written again, and the bytes compared: so no key of it was doubled,
    no number was rounded, and nothing stood there that this reader overlooks.
    """
    if not data.startswith((b"{\n", b"[\n")) or DEEP in data:
        return None
    try:
        import orjson
    except ImportError:  # not there, or built for another machine: then all is read with care
        return None
    try:
        value = orjson.loads(data)
        written = orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    except (ValueError, TypeError):  # not JSON, or what it cannot write
        return None
    return value if written == data else None
