"""The paths of matching rules: `$`, `$.url`, `$['a key']`, `$.items[0]`, `$.items[*].id`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias

from taskcontract.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "ANY_INDEX",
    "ANY_KEY",
    "Step",
    "is_index",
    "parse_rule_path",
    "spell_fragment",
    "spell_step",
    "spell_value_path",
]


class _Star:
    """The type of ANY_KEY and ANY_INDEX: a step that stands for all members of an object or an array."""

    __slots__ = ("spelling",)

    def __init__(self, spelling: str) -> None:
        self.spelling = spelling

    def __repr__(self) -> str:
        return self.spelling


ANY_KEY: Final = _Star(".*")
ANY_INDEX: Final = _Star("[*]")

Step: TypeAlias = "str | _Star"
"""A key of an object or an index of an array, which Pact does not tell apart, or all of them."""

_STEP = re.compile(
    r"""
    \.(?P<name>(?:[^\W_]|[_:\#@-])+) | \['(?P<quoted>[^']+)'\]
    | \[(?P<index>[0-9]{1,9})\] | (?P<star>\.\*|\[\*\])
    """,
    re.VERBOSE,
)
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_INDEX = re.compile(r"\+?[0-9]{1,19}", re.ASCII)


def parse_rule_path(path: str) -> tuple[Step, ...]:
    """Return the steps from the root that `path` takes; raise a ContractError for another path.

    Without the `$` it begins with a name, and an empty path is the root.
    """
    steps: list[Step] = []
    path = f"$.{path}" if path[:1].isalnum() else path or "$"
    position = 1
    while path[:1] == "$" and position < len(path):
        found = _STEP.match(path, position)
        if found is None:
            break
        position = found.end()
        name, quoted, index, star = found.group("name", "quoted", "index", "star")
        if index is not None:
            steps.append(str(int(index)))
        elif star is not None:
            steps.append(ANY_KEY if star == ".*" else ANY_INDEX)
        else:
            steps.append(name if name is not None else quoted)
    if path[:1] != "$" or position < len(path):
        raise ContractError(
            f"{path!r} is not a path that a matching rule can have",
            do="Paths look like $, $.url, $['a key'], $.items[0] and $.items[*].id.",
        )
    return tuple(steps)


def spell_fragment(part: str | int) -> str:
    """Return the step that leads to a key or an index: a key that is a number is the same as an index."""
    if isinstance(part, str):
        return str(int(part)) if _INDEX.fullmatch(part) else part
    return str(part)


def is_index(fragment: str) -> bool:
    """Return whether `[*]` stands for this step."""
    return (fragment.isdecimal() and fragment.isascii()) or fragment == "[*]"


def spell_step(step: Step | int) -> str:
    """Return `step` as part of a path; raise a ContractError for a key that no path can name."""
    if isinstance(step, _Star):
        return step.spelling
    if isinstance(step, int):
        return f"[{step}]"
    if _PLAIN_NAME.fullmatch(step):
        return f".{step}"
    if "'" in step or not step:
        why = "holds a quote" if step else "is empty"
        raise ContractError(
            f"the key {step!r} {why}, and Pact has no way to name it in a path",
            do="Put the matcher around the object that holds this key.",
        )
    return f"['{step}']"


def spell_value_path(steps: Iterable[str | int]) -> str:
    """Return the path of a value: `$.items[0]['a key']`; unlike a rule's it can name every key."""
    return "$" + "".join(
        f"['{step}']" if isinstance(step, str) and "'" in step else spell_step(step) for step in steps
    )
