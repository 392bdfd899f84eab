"""An entry is wrong exactly where the real scheduler's message is one that a worker's gate refuses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID, uuid4

import pytest
from celery import Celery
from celery.beat import BeatLazyFunc, ScheduleEntry, Scheduler, SchedulingError
from kombu import Connection, Queue

from taskcontract import Provider, Secret, Service
from taskcontract.declare.beat.entries import ScheduledCall, read_schedule, read_scheduler
from taskcontract.declare.beat.judging import find_wrong_entries
from taskcontract.declare.carried import Carried
from taskcontract.errors import RefusedMessageError
from taskcontract.safety_net.admission import Admission
from taskcontract.safety_net.envelope import read_envelope, read_name

if TYPE_CHECKING:
    from collections.abc import Iterator

TODAY = date(2026, 11, 27)

shop = Service("shop", queue="shop")
shop.today = lambda: TODAY


@shop.task(version="1.0.0", sunset="2026-11-26")
def sell(item: str) -> int: ...


@shop.task(version="2.0.0", supersedes=sell, sunset="2026-11-27")
def sell_v2(item: str, count: int = 1) -> int: ...


@shop.task(version="1.0.0")
def report(
    day: date, at: datetime | None = None, price: Decimal | None = None, key: UUID | None = None
) -> None: ...


@shop.task(version="1.0.0")
def tag(*names: str, **more: int) -> None: ...


@shop.task(version="1.0.0")
def pay(token: Annotated[str, Secret]) -> None: ...


@shop.task(version="1.0.0", name="custom.name")
def named(item: str) -> None: ...


NOW = datetime(2026, 11, 27, tzinfo=UTC)
TAKEN: dict[str, dict[str, Any]] = {
    "by place": {"task": "shop.sell_v2", "args": ("pen", 2)},
    "by a list": {"task": "shop.sell_v2", "args": ["pen"]},
    "by name": {"task": "shop.sell_v2", "kwargs": {"item": "pen", "count": 2}},
    "on the day of its sunset": {"task": "shop.sell_v2", "args": ("pen",)},
    "a date as a text": {"task": "shop.report", "args": ("2026-11-27",)},
    "any number": {"task": "shop.tag", "args": ("a", "b"), "kwargs": {"c": 1}},
    "another wire name": {"task": "custom.name", "args": ("pen",)},
    "options": {
        "task": "shop.sell_v2",
        "args": ("pen",),
        "options": {"queue": "shop", "expires": 60, "priority": 3, "headers": {"a": 1}, "time_limit": 5},
    },
    "an absolute end": {
        "task": "shop.sell_v2",
        "args": ("pen",),
        "options": {"expires": NOW + timedelta(9999)},
    },
    "a stamp": {"task": "shop.sell_v2", "args": ("pen",), "options": {"stamped_headers": ["x"], "x": 1}},
    "a function": {"task": "shop.sell_v2", "args": (BeatLazyFunc(lambda: "pen"),)},
    "a function by name": {"task": "shop.sell_v2", "kwargs": {"item": BeatLazyFunc(lambda: "pen")}},
    "functions among any number": {"task": "shop.tag", "args": (BeatLazyFunc(lambda: "pen"), "b")},
    "nobody's": {"task": "reports.run", "args": (1, 2, 3)},
    "a module of the same name": {"task": "shop.tasks.clean", "args": (1, 2, 3)},
}
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no argument": ({"task": "shop.sell_v2"}, "missing 1 required"),
    "one too many": ({"task": "shop.sell_v2", "args": ("pen", 1, 2)}, "takes from 1 to 2"),
    "another name": ({"task": "shop.sell_v2", "kwargs": {"thing": "pen"}}, "'thing'"),
    "another type": ({"task": "shop.sell_v2", "args": ("pen", "2")}, "'count'"),
    "a type among any number": ({"task": "shop.tag", "args": ("a", 2)}, "'names'"),
    "no date": ({"task": "shop.report", "args": ("today",)}, "'day'"),
    "a secret": ({"task": "shop.pay", "args": (77123,)}, "'token'"),
    "a sunset": ({"task": "shop.sell", "args": ("pen",)}, "had its sunset on 2026-11-26: call shop.sell_v2"),
    "a function and too few": (
        {"task": "shop.report", "kwargs": {"at": BeatLazyFunc(lambda: None)}},
        "'day'",
    ),
    "a date object that is a datetime": ({"task": "shop.report", "args": (NOW,)}, "'day'"),
    "a wire name of its own": ({"task": "custom.name"}, "'item'"),
    "no such task": ({"task": "shop.sel"}, "declares no such task: did you mean shop.sell"),
    "a newer version": (
        {"task": "shop.sell_v3", "args": ("pen",)},
        "declares no such task: did you mean shop.sell",
    ),
    "a set": ({"task": "shop.sell_v2", "args": ({1, 2, object()},)}, "cannot be sent as json"),
    "text for a list": ({"task": "shop.sell_v2", "args": "pen"}, "sent letter by letter"),
    "a secret for a list": ({"task": "shop.pay", "args": "77123"}, "sent letter by letter"),
    "one value for a list": ({"task": "shop.sell_v2", "args": 7}, "not a list"),
    "a list for names": ({"task": "shop.sell_v2", "kwargs": ["a"]}, "not a mapping"),
    "an end that is none": (
        {"task": "shop.sell_v2", "args": ("pen",), "options": {"expires": "soon"}},
        "sent as",
    ),
    "a limit that is none": (
        {"task": "shop.sell_v2", "args": ("pen",), "options": {"time_limit": "5"}},
        "not a number",
    ),
}


@pytest.fixture
def app() -> Iterator[Celery]:
    app = Celery(broker=f"memory://{uuid4().hex}", set_as_current=False)
    app.conf.task_routes = {"shop.*": "shop", "custom.*": "shop"}
    yield app
    app.close()


def entry_of(facts: dict[str, Any]) -> dict[str, Any]:
    return {"schedule": 60, **facts}


def deliver(app: Celery, facts: dict[str, Any]) -> None:
    """What a worker makes of the message that Celery's own scheduler sends; its refusal is raised."""
    worker = Celery(set_as_current=False)
    Provider(worker, shop, today=shop.today)
    gate = Admission(worker)
    connection: Any
    with Connection(app.conf.broker_url) as connection:
        for name in ("shop", "celery"):  # which other tests of this process send to as well
            connection.default_channel.queue_purge(name)
    scheduler: Any = Scheduler(app, lazy=True)
    with Connection(app.conf.broker_url) as connection:  # a process has these queues once, whatever the URL
        for name in ("shop", "celery"):
            queue: Any = Queue(name)(connection.default_channel)
            queue.declare()
            queue.purge()
    scheduler.apply_async(ScheduleEntry(name="e", app=app, **entry_of(facts)), advance=False)
    with Connection(app.conf.broker_url) as connection:
        for name in ("shop", "celery"):
            message: Any = Queue(name)(connection.default_channel).get(no_ack=True)
            if message is not None:
                break
    name = read_name(message)
    if not gate.knows(name) and name.count(".") == 1 and name.startswith("shop."):
        raise RefusedMessageError("unknown")
    gate.let_through(read_envelope(message, name), message, None)


def judge(app: Celery, facts: dict[str, Any], **more: Any) -> list[str]:
    app.conf.beat_schedule = {"nightly": entry_of(facts)}
    return [str(wrong) for wrong in find_wrong_entries(app, [shop], read_schedule(app), **more)]


@pytest.mark.parametrize("facts", TAKEN.values(), ids=TAKEN)
def test_what_a_worker_takes_is_right(app: Celery, facts: dict[str, Any]) -> None:
    assert judge(app, facts) == []
    deliver(app, facts)


@pytest.mark.parametrize(("facts", "why"), REFUSED.values(), ids=REFUSED)
def test_what_a_worker_refuses_is_wrong(app: Celery, facts: dict[str, Any], why: str) -> None:
    (wrong,) = judge(app, facts)
    assert wrong.startswith(f"the entry 'nightly' calls {facts['task']}: ")
    assert why in wrong
    assert "77123" not in wrong
    with pytest.raises((RefusedMessageError, SchedulingError, TypeError, AttributeError)):
        deliver(app, facts)


def test_a_date_object_arrives_as_kombu_writes_it(app: Celery) -> None:
    """The scheduler encodes as Celery does, not as the bindings do: the real codec decides."""
    for value in (date(2026, 11, 27), Decimal("2.5"), uuid4(), NOW):
        facts = {"task": "shop.report", "args": (value,)}
        wrong = judge(app, facts)
        try:
            deliver(app, facts)
        except RefusedMessageError:
            assert wrong
        else:
            assert wrong == []


def test_an_option_that_celery_drops_is_wrong(app: Celery) -> None:
    call = {"task": "shop.sell_v2", "args": ("pen",)}
    (wrong,) = judge(app, {**call, "options": {"count_down": 5}})
    assert "'count_down' is not an option of a call" in wrong
    assert wrong.endswith("Did you mean countdown?")
    app.conf.beat_schedule = {"nightly": entry_of({**call, "queue": "shop"})}
    (found,) = find_wrong_entries(app, [shop], read_schedule(app))
    assert "'queue' is not a key of an entry: put it into 'options'" in found.why


@pytest.mark.parametrize("serializer", ["yaml", "pickle"])
@pytest.mark.parametrize("by", ["option", "setting"])
def test_a_serializer_that_the_bindings_do_not_have_is_wrong(app: Celery, serializer: str, by: str) -> None:
    facts: dict[str, Any] = {"task": "shop.sell_v2", "args": ("pen",)}
    if by == "option":
        facts["options"] = {"serializer": serializer}
    else:
        app.conf.task_serializer = serializer
    (wrong,) = judge(app, facts)
    assert f"it is sent as {serializer}, but sell@2.0.0 as json" in wrong


@pytest.mark.parametrize(
    ("routes", "options", "consumed", "queue"),
    [
        ({}, {}, (), "celery"),
        ({}, {}, ("celery",), None),
        ({}, {"queue": "other"}, (), "other"),
        ({}, {"queue": "shop"}, (), None),
        ({"shop.*": "shop"}, {}, (), None),
        ({"shop.*": {"queue": "mail"}}, {}, (), "mail"),
        ({"shop.*": "shop"}, {"queue": "other"}, (), "other"),
    ],
)
def test_a_call_that_may_wait_for_ever_is_doubtful(
    app: Celery, routes: Any, options: Any, consumed: tuple[str, ...], queue: str | None
) -> None:
    app.conf.task_routes = routes
    app.conf.beat_schedule = {
        "nightly": {"task": "shop.sell_v2", "args": ["pen"], "schedule": 9, "options": options}
    }
    before = dict(app.amqp.queues)
    found = list(find_wrong_entries(app, [shop], read_schedule(app), consumed=consumed))
    assert [wrong.is_certain for wrong in found] == ([] if queue is None else [False])
    assert all(
        f"it goes to the queue {queue!r}, but sell@2.0.0 is served from 'shop'" in str(w) for w in found
    )
    assert dict(app.amqp.queues) == before, "a worker would consume what was made here"


def test_all_ways_to_an_entry_are_read(app: Celery) -> None:
    app.conf.beat_schedule = {"configured": {"task": "a", "schedule": 9}}

    @app.on_after_configure.connect
    def configure(sender: Any, **_: Any) -> None:
        sender.add_periodic_task(9, report.si(TODAY), name="typed")

    @app.on_after_finalize.connect
    def finalize(sender: Any, **_: Any) -> None:
        sender.add_periodic_task(9, sender.signature("late"), name="finalized")

    shop.use(app)
    try:
        entries = read_schedule(app)
    finally:
        shop.app = None
    assert [(entry.name, entry.task) for entry in entries] == [
        ("configured", "a"),
        ("finalized", "late"),
        ("typed", "shop.report"),
    ]
    assert list(find_wrong_entries(app, [shop], entries)) == []
    scheduler: Any = Scheduler(app)
    scheduler.add(name="own", task="b", schedule=9)
    assert "b" in [entry.task for entry in read_scheduler(app, scheduler)]


def test_an_entry_may_call_a_task_by_its_alias(app: Celery) -> None:
    service = Service(f"depot-{uuid4().hex}")

    @service.task(version="1.0.0", aliases=("depot.put",))
    def store(item: str) -> None: ...

    for args, wrong in ((["pen"], 0), ([7], 1)):
        app.conf.beat_schedule = {"e": {"task": "depot.put", "schedule": 9, "args": args}}
        assert len(list(find_wrong_entries(app, [service], read_schedule(app)))) == wrong


def test_a_canvas_calls_all_that_is_in_it(app: Celery) -> None:
    one, two = (app.signature(name, args=("pen",)) for name in ("shop.sell_v2", "shop.sell"))
    entry = ScheduledCall("canvas", "celery.chain", (), {"tasks": [one, two]})
    assert entry.calls == {"celery.chain", "shop.sell_v2", "shop.sell"}
    (wrong,) = find_wrong_entries(app, [shop], [entry])
    assert wrong.task == "shop.sell"


@pytest.mark.parametrize(
    ("options", "kwargs", "why"),
    [
        ({}, {}, "it does not carry 'tenant'"),
        ({"headers": {"X-Tenant": "acme"}}, {}, "it does not carry 'place'"),
        ({"headers": {"X-Tenant": 7}}, {"_place": "here"}, "'tenant'"),
        ({"headers": {"X-Tenant": "acme"}}, {"_place": "here"}, ""),
    ],
)
def test_an_entry_carries_what_each_call_carries(app: Celery, options: Any, kwargs: Any, why: str) -> None:
    tenants = Carried("tenant", str, header="X-Tenant"), Carried("place", str, keyword="_place")
    service = Service(f"tenants-{uuid4().hex}", carries=tenants)

    @service.task(version="1.0.0")
    def ping() -> None: ...

    app.conf.beat_schedule = {
        "e": {"task": ping.wire_name, "schedule": 9, "options": options, "kwargs": kwargs}
    }
    found = list(find_wrong_entries(app, [service], read_schedule(app)))
    assert [why in wrong.why for wrong in found] == ([True] if why else [])


def test_a_task_of_the_apps_own_is_left_alone(app: Celery) -> None:
    @app.task(name="shop.clean", shared=False)
    def clean(what: str) -> None: ...

    assert judge(app, {"task": "shop.clean"}) == []
