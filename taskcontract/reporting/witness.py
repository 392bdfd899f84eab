"""A witness in Python's own words: the call that would fail, typed and as its message, or a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.model.python_text import spell_json, spell_keywords
from taskcontract.reporting.escape import flatten

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskcontract.model.finding import Finding, Senders, Traffic

__all__ = [
    "list_senders",
    "list_witness",
    "say_senders",
    "say_traffic",
    "show_binding",
    "show_call",
    "show_message",
    "show_value",
]

LONGEST = 72
"""Characters of one value where it is only looked at; what is cut says so."""
MOST_SENDERS = 5
"""Senders that a report of lines names; more are in the others."""
MOST_CONSUMERS = 10
"""Consumers that a line names."""
LONGEST_CALL = 400
"""Characters of a call in a report of lines: a longer one is left out, as half a call would mislead."""


def list_witness(finding: Finding, *, whole: bool = False) -> list[tuple[str, str]]:
    """Return the lines that show the witness of `finding`, and its senders, each with its label.

    A call can be pasted unchanged. One that is too long for a line is only shown if the report is
    to be `whole`; others say where it is.
    """
    seen = [] if finding.traffic is None else [("seen", say_traffic(finding.traffic))]
    return [*_list_call(finding, whole=whole), *list_senders(finding, whole=whole), *seen]


def _list_call(finding: Finding, *, whole: bool) -> list[tuple[str, str]]:
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


def list_senders(finding: Finding, *, whole: bool = False) -> list[tuple[str, str]]:
    """Return the lines on the project's own old senders: each that breaks, and how many there are.

    A report of lines names the first of them.
    """
    senders = finding.senders
    if senders is None:
        return []
    lines = [("sender", f"{sender.place} {sender.call}: {flatten(sender.why)}") for sender in senders.broken]
    lines += [
        ("sender", f"{sender.place} {sender.call}: it depends on what is sent") for sender in senders.unknown
    ]
    shown = lines if whole else lines[:MOST_SENDERS]
    return [*shown, ("sender", say_senders(senders))]


def say_senders(senders: Senders) -> str:
    """Return what becomes of the project's own old senders, in one sentence."""
    broken, unknown = len(senders.broken), len(senders.unknown)
    number = broken + unknown + senders.working
    if not number:
        return "no place in the old code sends this task by a name that could be read"
    places = "the only place" if number == 1 else f"all {number} places"
    if broken == number:
        return f"{places} in the old code that send{'s' * (number == 1)} this task would break"
    if not broken and not unknown:
        return (
            f"{places} in the old code that send{'s' * (number == 1)} this task would still work, "
            "and so would queued messages of these shapes"
        )
    said = [f"{broken} would break"] if broken else []
    said += [f"{unknown} may, by what they send"] if unknown else []
    said += [f"{senders.working} would still work"] if senders.working else []
    return f"of {number} place{'s' * (number > 1)} in the old code that send this task, {', '.join(said)}"


def say_traffic(traffic: Traffic) -> str:
    """Return whom the change hits of those who were observed, in one sentence."""
    from taskcontract.reporting.operations import spell_duration
    from taskcontract.reporting.page import pluralise

    span = min(traffic.counted, traffic.days * 86_400)
    within = spell_duration(span) if span >= 1 else "less than 1 s"
    if not traffic.hit and not traffic.may:
        late = (
            ""
            if traffic.is_long_enough
            else f": calls are counted only since then, not for {traffic.days:g} d"
        )
        return f"no observed call in {within}{late}"
    said = [f"hits {len(traffic.hit)}"] if traffic.hit else []
    said += [f"may hit {len(traffic.may)}"] if traffic.may else []
    names = [*traffic.hit, *(f"perhaps {name}" for name in traffic.may)]
    shown = ", ".join(names[:MOST_CONSUMERS]) + (", ..." if len(names) > MOST_CONSUMERS else "")
    number = pluralise(traffic.consumers, "consumer")
    calls = f"{traffic.calls:,} call{'' if traffic.calls == 1 else 's'}"
    return f"{' and '.join(said)} of {number}: {flatten(shown)}, {calls} in {spell_duration(traffic.counted)}"


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
