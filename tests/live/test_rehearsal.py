"""What a rehearsal says of 2,000 waiting messages is what a worker of the new version does with them."""

from __future__ import annotations

import inspect
import json
import random
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from celery import Celery

from taskcontract.errors import ArgumentTypeError, ArgumentValueError
from taskcontract.operations.inflight import Findings, Look, find_in_flight
from taskcontract.operations.rehearsal import BindingsReceiver, Rehearser, SpecReceiver
from taskcontract.safety_net.quarantine import Quarantine
from tests.support.bindings_pairs import service_of, source_of
from tests.support.brokers import BROKERS, Room, open_room
from tests.support.celery_worker import ROOT, run_celery_worker
from tests.support.closing import close_app
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from taskcontract import Service

pytestmark = pytest.mark.live

Call = tuple[str, list[Any], dict[str, Any]]

MESSAGES = 2_000
OLD = (
    "swap(a: str, b: str = '') -> None; put(a: int, b: int = 0) -> None; keep(a: str, *, n: int = 0) -> None;"
    " name(a: str) -> None; rest(a: str, *more: int) -> None; gone(a: str) -> None"
)
NEW = (
    "swap(b: str, a: str = '') -> None; put(a: int, mid: int = 0, b: int = 0) -> None;"
    " keep(a: str, *, n: int) -> None; name(z: str) -> None; rest(a: str, b: int = 0, *more: int) -> None;"
    " fresh(a: str) -> None"
)
SERVICE = """
import json
from celery import Celery
from new_bindings import shop, {names}
from taskcontract import Provider
from taskcontract.safety_net import install_safety_net

app = Celery("shop")
app.conf.task_default_queue = {queue!r}
provider = Provider(app, shop)
install_safety_net(app, quarantine={queue!r} + ".quarantine")


def note(task, bound):
    with open("served.jsonl", "a") as out:
        out.write(json.dumps([task.request.id, bound]) + "\\n")

"""


def write_service(folder: Path, queue: str, service: Service) -> None:
    """A worker of `service` that notes the arguments of each call by the names of its parameters."""
    names = [task.function.__name__ for task in service.tasks]
    text = SERVICE.format(names=", ".join(names), queue=queue)
    source = source_of(NEW)
    for name in names:
        (line,) = (each for each in source.splitlines() if each.startswith(f"def {name}("))
        signature = line.removeprefix(f"def {name}(").partition(") ->")[0]
        text += (
            f"@provider.implements({name}, bind=True)\ndef serve_{name}(self, {signature}):\n"
            "    got = dict(locals())\n    note(got.pop('self'), got)\n\n"
        )
    (folder / "service.py").write_text(text)
    (folder / "new_bindings.py").write_text(source)


def make_calls(rng: random.Random, *services: Service) -> dict[str, Call]:
    """Calls by their ids: as callers of one of `services` write them, and some of them marred."""
    tasks = [task for service in services for task in service.tasks]
    calls: dict[str, Call] = {}
    for number in range(MESSAGES):
        task = rng.choice(tasks)
        args: list[Any] = []
        kwargs: dict[str, Any] = {}
        for place, parameter in enumerate(inspect.signature(task.function).parameters.values()):
            value = number + place if "int" in str(parameter.annotation) else f"{place} {number}"
            if parameter.kind is parameter.VAR_POSITIONAL:
                args += [value] * rng.choice((0, 2)) if len(args) == place else []
            elif parameter.kind is parameter.KEYWORD_ONLY or kwargs or rng.random() < 0.3:
                kwargs[parameter.name] = value
            elif parameter.default is parameter.empty or rng.random() < 0.7:
                args.append(value)
            else:
                break
        marred = rng.random()
        if marred < 0.1:
            args.append(None)
        elif marred < 0.2:
            kwargs["beyond"] = 1
        wire_name = "shop.nothing" if marred > 0.97 else task.wire_name
        calls[str(uuid4())] = (wire_name, args, kwargs)
    return calls


def takes(service: Service, task: str, args: list[Any], kwargs: dict[str, Any]) -> dict[str, Any] | None:
    """What each parameter gets, by the codec of `service`; None where it refuses the call."""
    found = next((each for each in service.tasks if each.wire_name == task), None)
    if found is None:
        return None
    try:
        found.binder.decode_call(args, kwargs)
    except (ArgumentTypeError, ArgumentValueError):
        return None
    return inspect.signature(found.function).bind(*args, **kwargs).arguments


def rehearse(app: Celery, room: Room, old: Service, new: Service, kind: str) -> Findings:
    today = date.today()  # noqa: DTZ011 - as the worker's provider
    if kind == "bindings":
        rehearser = Rehearser(BindingsReceiver(old, today), BindingsReceiver(new, today), ["json"])
    else:
        rehearser = Rehearser(SpecReceiver(old.spec(), today), SpecReceiver(new.spec(), today), ["json"])
    return find_in_flight(app, [room.name], timeout=0.2, look=Look(rehearse=rehearser))


@pytest.mark.parametrize("broker", BROKERS)
def test_a_worker_does_what_the_rehearsal_says(broker: str, tmp_path: Path) -> None:
    old, new = service_of(OLD), service_of(NEW)
    calls = make_calls(random.Random(f"2026 {broker}"), old, new)
    with open_room(broker) as room:
        write_service(tmp_path, room.name, new)
        app = Celery("web", broker=room.broker, backend=room.backend, set_as_current=False)
        app.conf.task_default_queue = room.name
        app.conf.taskcontract_quarantine = f"{room.name}.quarantine"
        with app.connection_for_write() as connection, app.amqp.Producer(connection) as producer:
            for task_id, (task, args, kwargs) in calls.items():
                app.send_task(task, args, kwargs, task_id=task_id, queue=room.name, producer=producer)
        looks = [rehearse(app, room, old, new, kind) for kind in ("bindings", "specs", "bindings")]
        fates = [{each.id: each.fate for each in found.messages} for found in looks]
        assert set(fates[0]) == set(calls)
        assert fates[2] == fates[0], "looking changes nothing"
        outcomes = {task_id: fate.outcome for task_id, fate in fates[0].items() if fate is not None}
        by_spec = {task_id: fate.outcome for task_id, fate in fates[1].items() if fate is not None}
        assert by_spec == outcomes

        environment = {**room.environment, "PYTHONPATH": str(ROOT)}
        with (
            run_celery_worker(
                "service", tmp_path, room.name, "-P", "threads", "-c", "1", environment=environment
            ),
            Quarantine(app, name=f"{room.name}.quarantine") as quarantine,
        ):
            wait_until(lambda: len(read_served(tmp_path)) + len(quarantine.look()) == MESSAGES, 120, every=1)
            refused = {kept.id for kept in quarantine.look()}
        served = read_served(tmp_path)
        close_app(app)

    assert set(served) | refused == set(calls)
    for task_id, (task, args, kwargs) in calls.items():
        outcome, before = outcomes[task_id], takes(old, task, args, kwargs)
        said = f"{task} {args} {kwargs}: {outcome}"
        assert (task_id in refused) is outcome.startswith("refused"), said
        assert (before is None) is (outcome in ("taken", "refused-already")), said
        if outcome == "same" and task != "shop.name":  # whose only parameter is renamed
            given = {name: served[task_id][name] for name in before or {}}
            assert given == json.loads(json.dumps(before)), said
        if outcome == "moved":
            assert {name: served[task_id].get(name) for name in before or {}} != before, said
    assert min(Counter(outcomes.values()).values()) > MESSAGES / 50
    assert len(Counter(outcomes.values())) == 5


def read_served(folder: Path) -> dict[str, dict[str, Any]]:
    """The arguments of each call that the worker served, by its id."""
    noted = folder / "served.jsonl"
    lines = noted.read_text().splitlines() if noted.exists() else []
    return dict(json.loads(line) for line in lines)
