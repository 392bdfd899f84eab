"""JSON values and texts as somebody hostile, or a bug, would change them."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

__all__ = ["change_bytes", "change_value", "spell"]


# As text, and put in when all else is text: Python itself writes and copies no value as deep.
NESTED = {f"<{depth} deep>": '{"a":[' * depth + "1" + "]}" * depth for depth in (3, 30, 200, 495)}

LEAVES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    10**400,
    300_000_000,
    float("nan"),
    float("inf"),
    "",
    "\ud800",
    "\x00\x1b]0;x\x07",
    "::stop-commands::x",
    "\u202e",
    "../../etc",
    "a" * 5_000,
    "9" * 5_000,
    "1e999999",
    "2026-13-45T99:99:99Z",
    [],
    {},
    [[]],
    {"": {}},
    [None] * 200,
    # What kombu's JSON makes objects of, with something else in it.
    {"__type__": "decimal", "__value__": "ten"},
    {"__type__": "datetime", "__value__": 3},
    {"__type__": "uuid", "__value__": {}},
    {"__type__": "bytes", "__value__": 300_000_000},
)
KEYS = ("", "id", "task", "\ud800", "__class__", "$ref", "x" * 300, "headers", "properties")


def change_value(value: Any, rng: random.Random) -> Any:
    """A copy of `value` with one to four places replaced, removed, doubled or nested."""
    changed = copy.deepcopy(value)
    for _ in range(rng.randint(1, 4)):
        places = list(_places(changed))
        if not places:
            return _hostile(rng)
        holder, key = rng.choice(places)
        _change(holder, key, rng)
    return changed


def change_bytes(data: bytes, rng: random.Random) -> bytes:
    """`data` with a few bytes flipped, cut, doubled or put in."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(changed) + 1)
        match rng.randrange(4):
            case 0 if changed:
                changed[at % len(changed)] = rng.randrange(256)
            case 1:
                del changed[at : at + rng.randint(1, 40)]
            case 2:
                changed[at:at] = changed[at : at + rng.randint(1, 40)]
            case _:
                changed[at:at] = rng.randbytes(rng.randint(1, 6))
    return bytes(changed)


def spell(value: Any) -> bytes:
    """`value` as JSON text, lone surrogates escaped, as JSON can, and the nested ones at full depth."""
    text = json.dumps(value)
    for name, deep in NESTED.items():
        text = text.replace(json.dumps(name), deep)
    return text.encode()


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in `value` that can hold something else: its container and its key."""
    waiting = [value]
    while waiting:
        at = waiting.pop()
        keys: Any = at if isinstance(at, dict) else range(len(at)) if isinstance(at, list) else ()
        for key in keys:
            yield at, key
            waiting.append(at[key])


def _change(holder: Any, key: Any, rng: random.Random) -> None:
    match rng.randrange(5):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, dict):
            holder[rng.choice(KEYS)] = holder[key] if rng.random() < 0.5 else _hostile(rng)
        case 1:
            holder.insert(key, holder[key])
        case 2:
            holder[key] = [holder[key]] if rng.random() < 0.5 else {"a": holder[key]}
        case _:
            holder[key] = _hostile(rng)


def _hostile(rng: random.Random) -> Any:
    return copy.deepcopy(rng.choice((*LEAVES, *NESTED)))
