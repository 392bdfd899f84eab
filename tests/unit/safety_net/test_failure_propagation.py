"""Everyone who waits behind a refused message is told, in canvases of every shape."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from celery import Celery, chain, chord, group
from celery.result import AsyncResult, GroupResult

from taskcontract.errors import UnknownTaskError
from taskcontract.safety_net.failure_propagation import propagate_failure

ERROR = UnknownTaskError("no worker code")

app = Celery("shop", broker="memory://", backend="cache+memory://", set_as_current=False)
app.conf.task_always_eager = False


def sign(name: str, **options: Any) -> Any:
    return app.signature(name, options=options)


def refuse_first(canvas: Any) -> tuple[Any, list[Any]]:
    """Send `canvas` and refuse its first message alone; the result and the messages that were sent."""
    sent: list[Any] = []

    def publish(producer: Any, name: str, message: Any, **options: Any) -> None:
        headers, properties, body, _ = message
        sent.append(
            SimpleNamespace(headers=headers, properties=properties, payload=body, delivery_info={}, errors=[])
        )

    app.amqp.__dict__["send_task_message"] = publish
    result = canvas.apply_async()
    propagate_failure(app, app.backend, sent[0], ERROR, None)
    return result, sent


def leaves(result: Any) -> list[AsyncResult[Any]]:
    if isinstance(result, GroupResult):
        return [leaf for each in result.results or [] for leaf in leaves(each)]
    return [result]


CANVASES = {
    "one": lambda: sign("unknown"),
    "chain": lambda: chain(sign("unknown"), sign("add"), sign("add"), app=app),
    "a group at the end": lambda: chain(sign("unknown"), group(sign("add"), sign("add"), app=app), app=app),
    "a group of chains at the end": lambda: chain(
        sign("unknown"),
        group(chain(sign("add"), sign("add"), app=app), group(sign("add"), app=app), app=app),
        app=app,
    ),
    "a group of chords at the end": lambda: chain(
        sign("unknown"), group(chord([sign("add")], sign("sum"), app=app), sign("add"), app=app), app=app
    ),
    "a chain in a chain": lambda: chain(
        sign("unknown"),
        chain(sign("add"), group(sign("add"), sign("add"), app=app), app=app),
        app=app,
    ),
    "a chord in the middle": lambda: chain(
        sign("unknown"), group(sign("add"), sign("add"), app=app), sign("sum"), sign("add"), app=app
    ),
    "a chord's part": lambda: chord([sign("unknown")], chain(sign("sum"), sign("add"), app=app), app=app),
    "a chord's part before a group": lambda: chord(
        [sign("unknown")], group(sign("sum"), sign("sum"), app=app), app=app
    ),
    "no result of its own": lambda: chain(sign("unknown", ignore_result=True), sign("add"), app=app),
}


@pytest.mark.parametrize("make", CANVASES.values(), ids=CANVASES)
def test_all_that_waits_is_told(make: Any) -> None:
    result, sent = refuse_first(make())
    assert sent
    waiting = leaves(result)
    assert waiting
    for leaf in waiting:
        found = app.AsyncResult(leaf.id)
        assert found.state == "FAILURE", leaf.id
        assert "no worker code" in str(found.result)


@pytest.mark.parametrize(
    "embed",
    [
        {"chord": "x"},
        {"errbacks": 7},
        {"chain": [7, None]},
        {"chain": "abc"},
        {"chord": {"options": 5}},
        None,
        7,
    ],
)
def test_odd_canvases_are_passed_over(embed: Any) -> None:
    message = SimpleNamespace(
        headers={"task": "unknown", "id": "odd"},
        properties={},
        payload=[[], {}, embed],
        delivery_info={},
    )
    propagate_failure(app, app.backend, message, ERROR, None)
    assert app.AsyncResult("odd").state == "FAILURE"
    app.backend.forget("odd")


GOOD_ERRBACK: dict[str, Any] = {
    "task": "note",
    "args": [],
    "kwargs": {},
    "options": {},
    "subtask_type": None,
    "immutable": False,
}
WRONG_ERRBACKS = [{}, {"task": 7}, {"task": None}, {"task": "note", "args": 5, "options": 5}]


@pytest.mark.parametrize("wrong", WRONG_ERRBACKS)
@pytest.mark.parametrize("where", ["the call", "the body of its chord"])
def test_a_malformed_errback_keeps_nobody_from_being_told(
    wrong: Any, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Any] = []
    monkeypatch.setitem(
        app.amqp.__dict__,
        "send_task_message",
        lambda producer, name, message, **_: sent.append((name, message[2])),
    )
    errbacks = [GOOD_ERRBACK, wrong, GOOD_ERRBACK]
    body = {"task": "sum", "options": {"task_id": "body", "link_error": errbacks}}
    embed = {"errbacks": errbacks} if where == "the call" else {"chord": body}
    message = SimpleNamespace(
        headers={"task": "unknown", "id": "call"}, properties={}, payload=[[], {}, embed], delivery_info={}
    )
    propagate_failure(app, app.backend, message, ERROR, None)
    failed = ["call"] if where == "the call" else ["call", "body"]
    assert [app.AsyncResult(each).state for each in failed] == ["FAILURE"] * len(failed)
    assert [(name, args) for name, (args, *_) in sent] == [("note", (failed[-1],))] * 2
    for each in failed:
        app.backend.forget(each)


def test_an_id_that_no_store_can_have_keeps_nobody_from_being_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    def mark(task_id: str, *_: Any, **__: Any) -> None:
        told.append(task_id.encode().decode())

    monkeypatch.setattr(app.backend, "mark_as_failure", mark)
    message = SimpleNamespace(
        headers={"task": "unknown", "id": "call"},
        properties={},
        payload=[[], {}, {"chain": [{"options": {"task_id": each}} for each in ("first", "\ud800", "last")]}],
        delivery_info={},
    )
    propagate_failure(app, app.backend, message, ERROR, None)
    assert told == ["first", "last", "call"]


def test_what_the_result_store_raises_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def mark(*_: Any, **__: Any) -> None:
        raise ValueError("away")

    monkeypatch.setattr(app.backend, "mark_as_failure", mark)
    message = SimpleNamespace(
        headers={"task": "unknown", "id": "call"}, properties={}, payload=[[], {}, {}], delivery_info={}
    )
    with pytest.raises(ValueError, match="away"):
        propagate_failure(app, app.backend, message, ERROR, None)


def refuse(task_id: str, errbacks: list[Any], **embed: Any) -> None:
    message = SimpleNamespace(
        headers={"task": "unknown", "id": task_id, "root_id": "root"},
        properties={},
        payload=[[], {}, {"errbacks": errbacks, **embed}],
        delivery_info={},
    )
    propagate_failure(app, app.backend, message, ERROR, None)


@pytest.fixture
def overwriting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that writes whatever there is, as that of a database does; others look themselves."""

    def mark(task_id: str, error: Any, **_: Any) -> None:
        store: Any = app.backend
        store.set(store.get_key_for_task(task_id), store.encode({"status": "FAILURE", "result": None}))

    monkeypatch.setattr(app.backend, "mark_as_failure", mark)


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any, Any]]:
    sent: list[tuple[str, Any, Any]] = []
    publish = lambda producer, name, message, **options: sent.append((name, message, options))  # noqa: E731
    monkeypatch.setitem(app.amqp.__dict__, "send_task_message", publish)
    return sent


def find_states(*task_ids: str) -> list[str]:
    cached: Any = app.backend
    cached._cache.clear()
    states: list[str] = [app.AsyncResult(each).state for each in task_ids]
    for each in task_ids:
        app.backend.forget(each)
    return states


LINK = {"task": "next", "options": {"task_id": "link"}}


@pytest.mark.usefixtures("overwriting")
def test_nobody_is_told_of_a_call_that_has_succeeded_since(published: list[Any]) -> None:
    """A replay was quicker: what waits behind the call is on its way, and nothing is to be undone."""
    app.backend.store_result("replayed", 3, "SUCCESS")
    refuse("replayed", [GOOD_ERRBACK], chain=[LINK])
    assert (find_states("replayed", "link"), published) == (["SUCCESS", "PENDING"], [])


@pytest.mark.usefixtures("overwriting", "published")
def test_a_success_behind_a_call_that_keeps_no_result_stays() -> None:
    app.backend.store_result("link", 3, "SUCCESS")
    refuse("call", [GOOD_ERRBACK], chain=[LINK])
    assert find_states("call", "link") == ["FAILURE", "SUCCESS"]


@pytest.mark.parametrize("backend", [None, "rpc://"])
def test_a_store_that_cannot_say_what_has_succeeded_is_not_asked(backend: str | None) -> None:
    own = Celery("own", broker="memory://", backend=backend, set_as_current=False)
    told: list[str] = []
    vars(own.backend)["mark_as_failure"] = lambda task_id, *_, **__: told.append(task_id)
    message = SimpleNamespace(
        headers={"task": "unknown", "id": "call"}, properties={}, payload=[[], {}, {}], delivery_info={}
    )
    propagate_failure(own, own.backend, message, ERROR, None)
    assert told == ["call"]
