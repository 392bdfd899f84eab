"""All that can be seen of an exception, for comparing two."""

from __future__ import annotations

from typing import Any

__all__ = ["look_at"]


def look_at(error: Any) -> dict[str, Any]:
    """Its text, its arguments, and each attribute that is no method."""
    names = {name for name in dir(error) if not name.startswith("__")} - {"characters_written"} | {
        "__notes__"
    }
    found = {name: getattr(error, name, None) for name in names}
    return {
        # pydantic's UTC is not the standard library's, though equal to it.
        "text": str(error).replace("datetime.timezone.utc", "TzInfo(0)"),
        "args": error.args,
        "notes": getattr(error, "__notes__", []),
        **{
            name: value
            for name, value in found.items()
            if not callable(value) and name != "characters_written"
        },
    }
