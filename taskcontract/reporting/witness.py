"""A witness in Python's own words: the call that would fail, or the value that does not fit."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from taskcontract.reporting.escape import flatten

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskcontract.model.finding import Finding

__all__ = ["list_witness", "show_binding", "show_call", "show_value"]

LONGEST = 72
"""Characters of one value; what is cut says so."""


def list_witness(finding: Finding) -> list[tuple[str, str]]:
    """The lines that show the witness of `finding`, each with its label; none without a witness."""
    witness = finding.witness
    if witness is None:
        return []
    if witness.is_value:
        return [("result" if finding.directions[:1] == ("result",) else "value", show_value(witness.value))]
    lines = [("call", show_call(finding))]
    if witness.old_binding is not None and witness.new_binding is not None:
        lines.append(("before", show_binding(witness.old_binding)))
        lines.append(("now", show_binding(witness.new_binding)))
    return lines


def show_call(finding: Finding) -> str:
    """`send_to_s3.delay("items/1.json", "body")`."""
    witness = finding.witness
    assert witness is not None
    arguments = [show_value(value) for value in witness.args]
    odd: dict[str, Any] = {}
    for name, value in (witness.kwargs or {}).items():
        if name.isidentifier():
            arguments.append(f"{name}={show_value(value)}")
        else:
            odd[name] = value
    if odd:
        arguments.append(f"**{show_value(odd)}")
    return f"{flatten(finding.task)}.delay({', '.join(arguments)})"


def show_binding(binding: Mapping[str, Any]) -> str:
    """`key="items/1.json", content="body"`."""
    return (
        ", ".join(f"{flatten(name)}={show_value(value)}" for name, value in binding.items()) or "no arguments"
    )


def show_value(value: Any) -> str:
    """A JSON value as a Python literal in one line, cut where it is long."""
    text = flatten(_spell(value))
    return (
        text if len(text) <= LONGEST else f"{text[: LONGEST - 4]} ...{text[-1] if text[-1] in ']})' else ''}"
    )


def _spell(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_spell(name)}: {_spell(item)}" for name, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_spell, value)) + "]"
    return repr(value)
