"""A witness in Python's own words: the call that would fail, typed and as its message, or a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.model.python_text import spell_json, spell_keywords
from taskcontract.reporting.escape import flatten

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskcontract.model.finding import Finding

__all__ = ["list_witness", "show_binding", "show_call", "show_message", "show_value"]

LONGEST = 72
"""Characters of one value where it is only looked at; what is cut says so."""
LONGEST_CALL = 400
"""Characters of a call in a report of lines: a longer one is left out, as half a call would mislead."""


def list_witness(finding: Finding, *, whole: bool = False) -> list[tuple[str, str]]:
    """Return the lines that show the witness of `finding`, each with its label; none without a witness.

    A call can be pasted unchanged. One that is too long for a line is only shown if the report is
    to be `whole`; others say where it is.
    """
    witness = finding.witness
    if witness is None:
        return []
    if witness.is_value:
        return [("result" if finding.directions[:1] == ("result",) else "value", show_value(witness.value))]
    lines = [("call", show_call(finding)), ("sent", show_message(finding))]
    if not whole:
        lines = [(label, _short(text)) for label, text in lines]
    if witness.old_binding is not None and witness.new_binding is not None:
        lines.append(("before", show_binding(witness.old_binding)))
        lines.append(("now", show_binding(witness.new_binding)))
    elif witness.refusal:
        lines.append(("now", f"refused: {flatten(witness.refusal)}"))
    return lines


def show_call(finding: Finding) -> str:
    """Return what a typed caller writes: `send_to_s3.delay("a", at=date.fromisoformat("2026-01-01"))`."""
    witness = finding.witness
    assert witness is not None
    if witness.typed:
        return flatten(witness.typed)
    arguments = [spell_json(value) for value in witness.args]
    arguments += spell_keywords({name: spell_json(value) for name, value in (witness.kwargs or {}).items()})
    return f"{flatten(finding.task)}.delay({', '.join(arguments)})"


def show_message(finding: Finding) -> str:
    """Return `app.send_task("pusher.send_to_s3", args=["items/1.json"], kwargs={}, queue="pusher")`."""
    witness = finding.witness
    assert witness is not None
    kwargs = {**(witness.kwargs or {}), **(witness.carried or {})}
    options = spell_keywords({name: spell_json(value) for name, value in (witness.options or {}).items()})
    sent = [
        spell_json(witness.wire_name or finding.task),
        f"args={spell_json(witness.args)}",
        f"kwargs={spell_json(kwargs)}",
        *options,
    ]
    return f"app.send_task({', '.join(sent)})"


def show_binding(binding: Mapping[str, Any]) -> str:
    """Return `key="items/1.json", content="body"`."""
    return (
        ", ".join(f"{flatten(name)}={show_value(value)}" for name, value in binding.items()) or "no arguments"
    )


def show_value(value: Any) -> str:
    """Return a JSON value as a Python literal in one line, cut where it is long."""
    text = spell_json(value)
    return (
        text if len(text) <= LONGEST else f"{text[: LONGEST - 4]} ...{text[-1] if text[-1] in ']})' else ''}"
    )


def _short(text: str) -> str:
    if len(text) <= LONGEST_CALL:
        return text
    return f"{len(text):,} characters: in full with --format markdown or --format json"
