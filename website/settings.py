"""The page of the configuration, from the table that the reader of `[tool.taskcontract]` has."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from taskcontract.model.keys import KEYS

if TYPE_CHECKING:
    from taskcontract.model.keys import Key

INTRODUCTION = """\
# Configuration

`[tool.taskcontract]` in the nearest `pyproject.toml`, from the folder that a command is run in upwards. A
key that does not exist or a wrong value is an error. Each key that is no table is also an option of `pytest
--taskcontract`, such as `--taskcontract-startup-timeout 30`. How they are used: [the command
line](../cli.md#configuration), [verification](../verification.md#configure-it).

| key | value | default | what it says |
| --- | --- | --- | --- |
"""
SERVICES = """
## Several services

`[tool.taskcontract.services.NAME]` is the table of one of several services: it takes the same keys, but for
`consumer` and `results`, which are the whole project's. What it does not say is as `[tool.taskcontract]` says
it; `bindings` and `accept` may then stand in services' tables alone. [How commands use
it](../cli.md#several-services-in-one-repository).
"""
SHAPES = {
    "text": "text",
    "texts": "list of texts",
    "count": "whole number from 1",
    "seconds": "seconds",
    "map": "table of name to word",
    "tables": "list of tables",
}


def write_settings() -> str:
    """The page, with a row for each key."""
    return INTRODUCTION + "\n".join(_write_row(key) for key in KEYS.values()) + "\n" + SERVICES


def _write_row(key: Key) -> str:
    value = SHAPES[key.shape]
    if key.words:
        words = ", ".join(f"`{word}`" for word in key.words)
        value = f"{value}: {words}" if key.shape == "map" else words
    default = "" if key.default in (None, (), {}) else f"`{json.dumps(key.default)}`"
    return f"| `{key.name}` | {value} | {default} | {key.help} |"
