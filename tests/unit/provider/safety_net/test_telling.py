"""Everyone who waits behind a refused message is told, in canvases of every shape."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from celery import Celery, chain, chord, group
from celery.result import AsyncResult, GroupResult

from taskcontract.errors import UnknownTaskError
from taskcontract.provider.safety_net.telling import tell

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
    tell(app.backend, sent[0], ERROR, None)
    return result, sent


def leaves(result: Any) -> list[AsyncResult[Any]]:
    if isinstance(result, GroupResult):
        return [leaf for each in result.results for leaf in leaves(each)]
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
    tell(app.backend, message, ERROR, None)
    assert app.AsyncResult("odd").state == "FAILURE"
    app.backend.forget("odd")


def test_monitors_hear_of_it() -> None:
    told: list[tuple[str, dict[str, Any]]] = []
    events = SimpleNamespace(enabled=True, send=lambda kind, **fields: told.append((kind, fields)))
    message = SimpleNamespace(
        headers={"task": "unknown", "id": "seen"}, properties={}, payload=[[], {}, {}], delivery_info={}
    )
    tell(app.backend, message, ERROR, events)
    assert [(kind, fields["uuid"]) for kind, fields in told] == [("task-failed", "seen")]
