"""One interaction on the page: what was sent, expected and got, with the difference marked."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from taskcontract.model.contract import ANYTHING
from taskcontract.reporting.contracts.marked_json import show_json
from taskcontract.reporting.contracts.markup import element

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from taskcontract.model.canonical import Json
    from taskcontract.model.contract import MatchRule
    from taskcontract.reporting.contracts.markup import Part
    from taskcontract.reporting.contracts.replayed import Unreplayed
    from taskcontract.verification.outcome import Outcome, StateRun
    from taskcontract.verification.sandbox.log_reader import LogLine

__all__ = ["show_outcome", "show_unreplayed"]


def show_unreplayed(each: Unreplayed) -> Element:
    """Return what could not be replayed, with the error."""
    return _disclose("failed", each.name, "", [element("pre", each.what, class_="wrong"), _place(each.file)])


def show_outcome(outcome: Outcome) -> Element:
    """Return an interaction that can be opened; one that failed is open."""
    interaction = outcome.interaction
    task = f"{interaction.wire_name} {interaction.version}"
    parts = [*_wrong(outcome), *_states(outcome), *_message(outcome), *_reply(outcome), *_times(outcome)]
    parts += _log(outcome.log)
    parts.append(_place(outcome.file, interaction.test))
    return _disclose(outcome.verdict, interaction.description, task, parts)


def _disclose(verdict: str, name: str, task: str, parts: list[Element]) -> Element:
    summary = element(
        "summary",
        element("b", verdict, class_="badge"),
        " ",
        element("span", name),
        " ",
        element("code", task),
    )
    opened = {"open": ""} if verdict == "failed" else {}
    return element("details", summary, *parts, class_=verdict, **opened)


def _wrong(outcome: Outcome) -> list[Element]:
    if outcome.ok:
        return []
    parts = []
    if outcome.pending is not None:
        asked = (
            "calls it pending itself"
            if outcome.pending.said
            else f"asks for it since {outcome.pending.since}"
        )
        parts.append(
            element("p", f"Breaks no build: it has never passed, and {outcome.pending.consumer} {asked}.")
        )
    for fault in outcome.faults:
        parts.append(element("p", element("strong", fault.what), class_="wrong"))
        parts += [element("p", fault.do)] if fault.do else []
        parts += [element("pre", fault.trace)] if fault.trace else []
    if outcome.mismatches:
        wrong = [element("li", element("code", each.path), f": {each.what}") for each in outcome.mismatches]
        parts.append(element("ul", *wrong, class_="wrong"))
    return parts


def _states(outcome: Outcome) -> list[Element]:
    if not outcome.interaction.states:
        return []
    ran = {(run.name, str(run.params)): run for run in outcome.states}
    items = [
        element("li", state.name, *_params(state.params), *_run(ran.get((state.name, str(state.params)))))
        for state in outcome.interaction.states
    ]
    return [element("h3", "given"), element("ul", *items)]


def _params(params: dict[str, Json]) -> list[Part]:
    if not params:
        return []
    return [" ", element("code", ", ".join(f"{name}={value!r}" for name, value in params.items()))]


def _run(run: StateRun | None) -> list[Part]:
    if run is None:
        return []
    text = f" in the {run.where}: {_spell_ms(run.set_up)} to set up, {_spell_ms(run.tear_down)} to tear down"
    return [element("small", text)]


def _message(outcome: Outcome) -> list[Element]:
    message = outcome.sent or outcome.interaction
    to = f" to the queue {message.queue}" if message.queue else ""
    values: dict[str, Json] = {}
    if message.args:
        values["args"] = list(message.args)
    if message.kwargs:
        values["kwargs"] = message.kwargs
    return [
        element("h3", "sent" if outcome.sent else "not sent"),
        element("p", element("code", f"{message.wire_name} {message.version}"), to),
        *([show_json(values)] if values else []),
    ]


def _reply(outcome: Outcome) -> list[Element]:
    reply = outcome.reply
    wrong = {each.path: each.what for each in outcome.mismatches}
    columns = [element("div", element("h3", "expected"), *_expected(outcome))]
    if reply is not None:
        got: list[Element] = [element("p", element("code", reply.status), f" {reply.error}")]
        if not reply.error or reply.declared:
            got.append(show_json(reply.result, wrong, set(wrong)))
        got += [element("pre", reply.traceback)] if reply.traceback else []
        columns.append(element("div", element("h3", "got"), *got))
    elif outcome.sent is not None:
        columns.append(element("div", element("h3", "got"), element("p", "no reply")))
    return [element("div", *columns, class_="columns")]


def _expected(outcome: Outcome) -> list[Element]:
    interaction = outcome.interaction
    if interaction.error is None and interaction.rules == (ANYTHING,):
        return [element("p", "that it succeeds")]
    notes: dict[str, str] = {}
    for rule in interaction.rules:
        also = f"{notes[rule.path]} {rule.combine.lower()} " if rule.path in notes else ""
        notes[rule.path] = f"{also}{_spell_rule(rule)}"
    error = [element("p", "the error ", element("code", interaction.error))] if interaction.error else []
    return [*error, show_json(interaction.result, notes, {each.path for each in outcome.mismatches})]


def _spell_rule(rule: MatchRule) -> str:
    told = (
        str(value) if name == rule.match else f"{name} {value}" for name, value in rule.parameters.items()
    )
    return " ".join([rule.match, *told])


def _times(outcome: Outcome) -> list[Element]:
    times = outcome.times
    parts = (("call", times.call), ("states", times.states), ("before its turn", times.waited))
    told = ", ".join(f"{what} {_spell_ms(seconds)}" for what, seconds in parts)
    return [element("p", element("small", told))]


def _log(lines: tuple[LogLine, ...]) -> list[Element]:
    if not lines:
        return []
    shown = "\n".join(
        f"{datetime.fromtimestamp(line.at).astimezone():%H:%M:%S.%f} {line.level:<7} {line.text}"
        for line in lines
    )
    return [element("h3", "the worker's log"), element("pre", shown, class_="log")]


def _place(file: str, test: str = "") -> Element:
    recorded: list[Part] = [", recorded by ", element("code", test)] if test else []
    return element("p", element("small", element("code", file), *recorded))


def _spell_ms(seconds: float) -> str:
    return f"{seconds * 1000:,.1f} ms"
