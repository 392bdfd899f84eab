"""A rehearsal says of a message what the bindings' own codecs do with it, and never which value it has."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery
from celery.schedules import crontab
from kombu.compression import compress

from taskcontract import Carried, Service
from taskcontract.declare.beat.entries import read_schedule
from taskcontract.operations.inflight.message import counted, read_message
from taskcontract.operations.rehearsal import (
    BindingsReceiver,
    Rehearser,
    SpecReceiver,
    rehearse_schedule,
    summarise,
)
from taskcontract.reporting.page import write_plain
from taskcontract.reporting.rehearsal import render_rehearsal
from taskcontract.safety_net.envelope import Envelope
from tests.support.bindings_pairs import service_of

if TYPE_CHECKING:
    from taskcontract.operations.inflight import InFlight
    from taskcontract.operations.inflight.fate import Outcome
    from taskcontract.operations.rehearsal import Receiver

TODAY = date(2026, 11, 28)
OLD = (
    "send(a: str, b: int = 0, *, note: str = '') -> None; gone() -> None;"
    " [sunset='2026-12-31'] late() -> None"
)
NEW = (
    "send(b: int, a: str = '', *, note: str = '') -> None; fresh(a: str) -> None;"
    " [sunset='2026-11-27'] late() -> None"
)


def receivers(text: str) -> tuple[Receiver, Receiver]:
    service = service_of(text)
    return BindingsReceiver(service, TODAY), SpecReceiver(service.spec(), TODAY)


def make_rehearser(old: str = OLD, new: str = NEW, by: int = 0, others: tuple[str, ...] = ()) -> Rehearser:
    return Rehearser(receivers(old)[by], receivers(new)[by], ["json"], others)


def message(task: str, *args: Any, headers: dict[str, Any] | None = None, **kwargs: Any) -> dict[str, Any]:
    return {
        "headers": {"task": task, "id": "7", **(headers or {})},
        "body": json.dumps([args, kwargs, {}]),
        "content_type": "application/json",
        "content_encoding": "utf-8",
    }


FATES: dict[str, tuple[dict[str, Any], Outcome, str]] = {
    "by name": (message("shop.send", a="x", b=2), "same", ""),
    "what the new one refuses": (
        message("shop.send", "x", 2),
        "refused",
        "parameter 'b' does not take the value that is sent",
    ),
    "what it misses": (message("shop.send", a="x"), "refused", "missing"),
    "what only it takes": (
        message("shop.send", 2, "x"),
        "taken",
        "parameter 'a' does not take the value that is sent",
    ),
    "what both refuse": (message("shop.send", []), "refused-already", ""),
    "a task that is gone": (message("shop.gone"), "refused", "no task has this name"),
    "a task that comes": (message("shop.fresh", "x"), "taken", "no task has this name"),
    "a name of nobody": (message("shop.nothing"), "refused-already", "no task has this name"),
    "a version that is over by then": (message("shop.late"), "refused", "had its sunset on 2026-11-27"),
    "no body": ({**message("shop.send"), "body": "{"}, "refused-already", "it cannot be read: unreadable"),
    "no message": ({"headers": None, "body": ""}, "refused-already", "it cannot be read: unreadable"),
    "pickle": (
        {**message("shop.send"), "content_type": "application/x-python-serialize"},
        "refused-already",
        "it cannot be read: content-type",
    ),
    "one that is compressed": (
        {
            **message("shop.send", headers={"compression": "application/x-gzip"}),
            "body": compress(json.dumps([[], {"a": "x", "b": 1}, {}]), "gzip")[0],
        },
        "same",
        "",
    ),
}


@pytest.mark.parametrize("by", [0, 1], ids=["bindings", "specs"])
@pytest.mark.parametrize(("sent", "outcome", "reason"), FATES.values(), ids=FATES)
def test_each_message_has_its_fate(sent: dict[str, Any], outcome: str, reason: str, by: int) -> None:
    fate = make_rehearser(by=by).judge_message(sent)
    assert fate is not None
    assert fate.outcome == outcome
    assert reason in fate.reason


def test_a_value_that_lands_elsewhere_is_seen_where_both_take_the_call() -> None:
    rehearser = make_rehearser("send(a: str, b: str = '') -> None", "send(b: str, a: str = '') -> None")
    moved = rehearser.judge_message(message("shop.send", "x"))
    assert moved is not None
    assert (moved.outcome, moved.reason) == ("moved", "the value for `a` lands in `b`")
    named = rehearser.judge_message(message("shop.send", a="x", b="y"))
    assert named is not None
    assert named.outcome == "same"


def test_pickle_is_never_read_and_so_not_known_where_workers_take_it() -> None:
    old, new = receivers(OLD)[0], receivers(NEW)[0]
    sent = {**message("shop.send"), "content_type": "application/x-python-serialize"}
    fate = Rehearser(old, new, ["json", "pickle"]).judge_message(sent)
    assert fate is not None
    assert fate.outcome == "unknown"


def test_messages_of_other_services_are_left_out() -> None:
    rehearser = make_rehearser(others=("pay.book", "shop.send"))
    assert rehearser.judge_message(message("pay.book", 1)) is None
    assert rehearser.judge_message(message("shop.send", a="x", b=1)) is not None


def test_a_tasks_signature_that_is_not_known_is_not_judged() -> None:
    spec = service_of(OLD).spec()
    unknown = SpecReceiver(spec, TODAY, frozenset({"send"}))
    fate = Rehearser(unknown, unknown, ["json"]).judge_call("shop.send", ["x"], {})
    assert fate is not None
    assert fate.outcome == "unknown"


def test_what_is_not_known_of_one_side_is_never_called_the_same() -> None:
    spec = service_of(OLD).spec()
    known = SpecReceiver(spec, TODAY)
    for old, new in (
        (SpecReceiver(spec, TODAY, frozenset({"send"})), known),
        (SpecReceiver(replace(spec, tasks=()), TODAY, is_whole=False), known),
        (known, SpecReceiver(replace(spec, tasks=()), TODAY, is_whole=False)),
    ):
        fate = Rehearser(old, new, ["json"]).judge_call("shop.send", ["x"], {})
        assert fate is not None
        assert fate.outcome == "unknown"


def test_what_headers_carry_is_judged_where_they_are_known() -> None:
    carrying = Service("shop", queue="shop", carries=[Carried("tenant", str)])

    @carrying.task(version="1.0.0")
    def send(a: str) -> None: ...

    plain = receivers("send(a: str) -> None")
    carried: list[Receiver] = [BindingsReceiver(carrying, TODAY), SpecReceiver(carrying.spec(), TODAY)]
    for by, new in enumerate(carried):
        rehearser = Rehearser(plain[by], new, ["json"])
        without = rehearser.judge_message(message("shop.send", "x"))
        wrong = rehearser.judge_message(
            message("shop.send", "x", headers={"taskcontract": {"carried": {"tenant": 5}}})
        )
        right = rehearser.judge_message(
            message("shop.send", "x", headers={"taskcontract": {"carried": {"tenant": "acme"}}})
        )
        held = rehearser.judge_call("shop.send", ["x"], {})
        fates = [fate.outcome for fate in (without, wrong, right, held) if fate is not None]
        assert fates == ["refused", "refused", "same", "unknown"]


TYPES = (
    *("str", "int", "float", "bool", "None", "bytes", "list[int]", "dict[str, int]", "dict[int, str]"),
    *("set[str]", "tuple[int, str]", "int | str", "str | None", "Literal['a', 1]", "list[Note]"),
    *("Url", "Sized", "Note", "Plain", "datetime", "date", "timedelta", "Decimal", "UUID", "time"),
    *("Annotated[int, Ge(2), Le(5)]", "Annotated[str, MinLen(2)]", "Annotated[list[int], MaxLen(1)]"),
)
NUMBERS = (None, True, False, 0, 1, -1, 3, 1.0, 2.5, 1e300, 10**30)
TEXTS = (
    *("", "a", "ab", "1", "1.5", "true", "YQ==", "é", "NaN", "1e5", "12:00:00", "PT1H", "P1D", "2026-11-28"),
    *("2026-11-28T12:00:00Z", "2026-11-28T12:00:00", "00000000-0000-4000-8000-000000000001"),
)
LISTS: tuple[list[Any], ...] = ([], [1], [1, 2], [1, "a"], ["a", 1], [None], [{"text": "t"}])
OBJECTS: tuple[dict[str, Any], ...] = (
    *({}, {"a": 1}, {"1": "x"}, {"url": "u"}, {"url": "u", "size": 1}),
    *({"text": "t"}, {"text": "t", "tag": "g"}, {"text": 1}),
)
VALUES: tuple[Any, ...] = (*NUMBERS, *TEXTS, *LISTS, *OBJECTS)


@pytest.mark.parametrize("annotation", TYPES)
def test_a_spec_judges_values_as_the_bindings_do(annotation: str) -> None:
    bindings, spec = receivers(f"send(a: {annotation}) -> None")
    taken = 0
    for value in VALUES:
        call = Envelope("shop.send", "7", [value], {}, {})
        by_code, by_spec = bindings.judge(call), spec.judge(call)
        assert by_spec.known, f"{value!r} was not decided"
        assert by_spec.refusal == by_code.refusal, f"{value!r}"
        taken += not by_code.refusal
    assert 0 < taken < len(VALUES)


SCHEDULES: dict[str, tuple[dict[str, Any], Outcome]] = {
    "right": ({"kwargs": {"a": "x", "b": 1}}, "same"),
    "wrong": ({"args": ("x",)}, "refused"),
    "no json": ({"args": (object(),)}, "unknown"),
}


@pytest.mark.parametrize(("entry", "outcome"), SCHEDULES.values(), ids=SCHEDULES)
def test_what_beat_will_send_is_judged_too(entry: dict[str, Any], outcome: str) -> None:
    app = Celery("shop", broker="memory://", set_as_current=False)
    app.conf.beat_schedule = {"nightly": {"task": "shop.send", "schedule": crontab(), **entry}}
    (found,) = rehearse_schedule(read_schedule(app), make_rehearser(), "celery")
    assert (found.id, found.place, found.queue) == ("nightly", "beat", "celery")
    assert found.fate is not None
    assert found.fate.outcome == outcome


def look(*sent: dict[str, Any]) -> list[InFlight]:
    rehearser = make_rehearser()
    return [read_message(each, "shop", "waiting", rehearser) for each in sent]


def test_a_summary_counts_groups_and_gives_a_verdict() -> None:
    refused = look(message("shop.send", "x", 2), message("shop.send", "y", 3))
    fine = look(message("shop.send", a="x", b=1))
    found = summarise([*refused, *fine], "shop", "v1", "v2")
    assert (found.messages, found.verdict) == (3, "no")
    assert [(group.count, group.outcome, group.first) for group in found.groups] == [
        (2, "refused", refused[0])
    ]
    assert summarise(fine, "shop", "v1", "v2").verdict == "yes"
    assert summarise([counted("shop"), *fine], "shop", "v1", "v2").verdict == "not known"
    assert summarise(fine, "shop", "v1", "v2", [("shop", 1)]).verdict == "not known"
    assert summarise([], "shop", "v1", "v2").verdict == "yes"


def test_values_of_secrets_are_never_shown() -> None:
    old = "send(card: Annotated[str, Secret]) -> None"
    new = "send(card: Annotated[int, Secret]) -> None"
    for by in (0, 1):
        rehearser = make_rehearser(old, new, by)
        read = [read_message(message("shop.send", "4111"), "shop", "waiting", rehearser)]
        found = summarise(read, "shop", "v1", "v2")
        shown = write_plain(render_rehearsal(found, ["shop"]))
        assert "would be refused" in shown
        assert "4111" not in shown + repr(found)
