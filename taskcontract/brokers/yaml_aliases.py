"""What a YAML text makes of itself by aliases: 300 bytes may mean a billion values."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["MOST_REPEATED", "refuse_large_yaml"]

MOST_REPEATED = 100_000
"""Values that aliases may stand for in one text, all together."""


def refuse_large_yaml(body: Any, content_type: Any) -> None:
    """Raise a ValueError if `body` is YAML whose aliases expand to more than MOST_REPEATED values.

    They are counted while it is parsed, which makes none of them. What has no alias is not looked at.
    """
    if content_type != "application/x-yaml" or not isinstance(body, (str, bytes, bytearray, memoryview)):
        return
    text = body.encode(errors="surrogatepass") if isinstance(body, str) else bytes(body)
    if b"*" not in text:
        return
    yaml: Any = import_module("yaml")

    values: dict[str, int] = {}
    inside: list[tuple[str | None, int]] = []
    made = repeated = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        match event:
            case yaml.CollectionStartEvent():
                inside.append((event.anchor, made))
                made += 1
            case yaml.CollectionEndEvent():
                anchor, before = inside.pop()
                values[anchor or ""] = made - before
            case yaml.ScalarEvent():
                made += 1
                values[event.anchor or ""] = 1
            case yaml.AliasEvent():
                if any(event.anchor == anchor for anchor, _ in inside):
                    raise ValueError("an alias in it stands for what it is a part of")
                repeated += values.get(event.anchor, 0)
                made += values.get(event.anchor, 0)
        if repeated > MOST_REPEATED:
            raise ValueError(f"its aliases stand for more than {MOST_REPEATED} values")
