"""The schema of a `str` and its constraints, as pydantic applies them: stripped first, then measured."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from taskcontract.declare.wire.checks import hash_of
from taskcontract.declare.wire.writer import with_check

if TYPE_CHECKING:
    from taskcontract.declare.wire.writer import Core, Schema, Writer

__all__ = ["write_text"]

_SPACE = r"\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"


def write_text(writer: Writer, core: Core) -> Schema:
    """Return the schema of a `str` core schema.

    A pattern is written only where Rust's regex reads it, which is how a spec's patterns are meant.
    """
    schema: Schema = {"type": "string"}
    pattern = core.get("pattern")
    strips = core.get("strip_whitespace")
    if pattern is not None:
        engine = core.get("regex_engine")
        if isinstance(pattern, re.Pattern) or engine == "python-re":
            schema = with_check(schema, "pattern", hash_of(re.compile(pattern)))
        elif strips:
            schema = with_check(schema, "pattern after stripping", hash_of(pattern))
        else:
            schema["pattern"] = pattern
    least, most = core.get("min_length") or 0, core.get("max_length")
    if strips and (least or most is not None):
        schema["pattern"] = _stripped(least, most)
    elif not strips and least:
        schema["minLength"] = least
    if not strips and most is not None:
        schema["maxLength"] = most
    if core.get("ascii_only"):
        schema["allOf"] = [{"pattern": r"^[\x00-\x7f]*$"}]
    return schema


def _stripped(least: int, most: int | None) -> str:
    """Return the expression for texts of `least` to `most` characters without the space around them."""
    edge = f"[^{_SPACE}]"
    parts = [""] if least == 0 else []
    if least <= 1 and (most is None or most >= 1):
        parts.append(edge)
    if most is None or most >= 2:
        inside = f"{{{max(least - 2, 0)},{'' if most is None else most - 2}}}"
        parts.append(rf"{edge}[\s\S]{inside}{edge}")
    return f"^[{_SPACE}]*(?:{'|'.join(parts)})[{_SPACE}]*$"
