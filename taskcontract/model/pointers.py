"""JSON pointers (RFC 6901), as the references of schemas carry them: `#/$defs/a~1b`, percent-encoded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json

__all__ = ["NOWHERE", "follow_reference", "read_reference", "spell_reference", "take_step"]

NOWHERE: Final = object()
"""What a pointer leads to that names nothing."""

MOST_DIGITS = 9
"""No array has an index of more digits: it is not converted."""


def read_reference(reference: str) -> list[str]:
    """Return the steps of the pointer in the fragment of `reference`: `#/$defs/a~1b` has `$defs`, `a/b`.

    A fragment that is empty, or an anchor's name, has no steps.
    """
    pointer = reference.partition("#")[2]
    if "%" in pointer:
        from urllib.parse import unquote

        pointer = unquote(pointer)
    if not pointer.startswith("/"):
        return []
    steps = pointer[1:].split("/")
    return [step.replace("~1", "/").replace("~0", "~") for step in steps] if "~" in pointer else steps


def spell_reference(*steps: str) -> str:
    """Return the reference within a document that these steps make: a URI, in ASCII."""
    if not all(step.isascii() and step.replace("$", "").replace("_", "").isalnum() for step in steps):
        from urllib.parse import quote

        escaped = (step.replace("~", "~0").replace("/", "~1") for step in steps)
        steps = tuple(quote(step, safe="$~!&'()*+,;=:@") for step in escaped)
    return "".join(("#", *(f"/{step}" for step in steps)))


def take_step(value: Json, name: str) -> Json:
    """Return the member `name` of an object, or the item of an array that has this index, or NOWHERE."""
    if isinstance(value, dict):
        return cast("dict[str, Json]", value).get(name, NOWHERE)
    if isinstance(value, list) and _is_index(name):
        items: list[Json] = value
        return items[int(name)] if int(name) < len(items) else NOWHERE
    return NOWHERE


def follow_reference(root: Json, reference: str) -> Json:
    """Return what a reference within the document `root` leads to, or NOWHERE."""
    found = root
    for step in read_reference(reference):
        found = take_step(found, step)
    return found


def _is_index(name: str) -> bool:
    """Return whether `name` is an index as RFC 6901 spells one: 01 is not."""
    plain = name.isascii() and name.isdecimal() and len(name) <= MOST_DIGITS
    return plain and (name == "0" or name[0] != "0")
