"""The JSON documents of the commands: an object that begins with the number of its form.

`schemas/<command>.json` beside this file is the schema of each.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FORMAT", "write_document"]

FORMAT = 1
"""The number of each document's form; it grows when a reader of the last one could stumble."""


def write_document(command: str, content: Mapping[str, Any]) -> str:
    """Write the JSON document of `command`: `content` behind `taskcontract_<command>`, the form's number."""
    return json.dumps({f"taskcontract_{command}": FORMAT, **content}, indent=2) + "\n"
