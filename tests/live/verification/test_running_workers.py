"""`--taskcontract-live`: contracts are replayed on workers that somebody else started."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from kombu import Connection

from taskcontract.errors import BrokerError, ConfigError, VerificationError
from taskcontract.model.contract import Contract, ProviderState
from taskcontract.verification.running.verifier import RunningVerifier
from tests.support.brokers import BROKERS, Room, open_room
from tests.support.celery_worker import run_celery_worker
from tests.support.shop_project import BINDINGS, ShopProject, ask

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from taskcontract.model.config import Config


@pytest.fixture(params=["embedded"])
def room(request: pytest.FixtureRequest) -> Iterator[Room]:
    with open_room(request.param, "elsewhere") as room:
        yield room


def work(project: ShopProject, room: Room, **options: str) -> AbstractContextManager[Any]:
    """A worker of the shop on the queue of the room, started as anybody starts one."""
    environment = {**room.environment, "ROOM": room.name, **options}
    pool = ("-P", "prefork" if room.broker.startswith("amqp") else "threads", "-c", "2")
    return run_celery_worker("shop", project.root, room.name, *pool, environment=environment)


def config_of(project: ShopProject, room: Room, **values: Any) -> Config:
    return replace(project.config(), live=room.broker, backend=room.backend, app=None, **values)


def keys_of(room: Room) -> set[bytes]:
    import redis

    client: Any = redis.Redis.from_url(room.backend)
    with client:
        return set(client.scan_iter("*celery-task-meta*"))


@pytest.mark.parametrize("room", BROKERS, indirect=True)
def test_contracts_hold_or_fail_on_a_worker_that_runs_already(project: ShopProject, room: Room) -> None:
    if room.broker.startswith("redis"):  # with a database of its own: other tests keep results beside it
        room = replace(room, backend=f"{room.broker.rpartition('/')[0]}/9")
    queue = room.name
    contract = Contract(
        "web",
        "shop",
        (
            ask("order", "pen", 2, queue=queue, result="s3://pen/2"),
            ask("order", "ink", 3, queue=queue, result="s3://pen/2"),
            ask("take", "pen", 4, queue=queue),
            ask("silent", queue=queue),
            ask("plain", 1, queue="nowhere"),
            ask("plain", 2, queue=queue, wire_name="shop.gone"),
            *(ask("plain", number, queue=queue, result={"given": number}) for number in range(40)),
        ),
    )
    before = keys_of(room) if room.broker.startswith("redis") else set()
    with work(project, room), RunningVerifier(config_of(project, room)) as verifier:
        described = verifier.describe()
        verification = verifier.verify(contract)
    first, wrong, raised, silent, nowhere, gone, *plain = verification.outcomes
    assert first.ok
    assert [str(each) for each in wrong.mismatches] == ['$: "s3://ink/3" is not equal to "s3://pen/2"']
    assert [each.what for each in raised.faults] == ["the task raised KeyError: 'pen'"]
    assert "keeps no result" in silent.faults[0].what
    assert nowhere.faults[0].what == "no running worker consumes the queue 'nowhere'"
    assert nowhere.sent is None
    assert "the provider has no task 'shop.gone'" in gone.faults[0].what
    assert all(each.ok for each in plain)
    assert any(queue in line and "shop.order 1.2.0" in line for line in described[1:]), described
    if room.broker.startswith("redis"):
        assert keys_of(room) - before == set(), "its own results are dropped, all others stay"


@pytest.mark.parametrize("room", BROKERS, indirect=True)
def test_no_message_of_others_is_touched(project: ShopProject, room: Room) -> None:
    contract = Contract("web", "shop", (ask("plain", 1, queue=room.name, result={"given": 1}),))
    with Connection(room.broker) as connection:
        with connection.SimpleQueue(f"{room.name}-theirs") as theirs:
            theirs.put({"task": "not ours"})
            with work(project, room), RunningVerifier(config_of(project, room)) as verifier:
                assert verifier.verify(contract).ok
            message = theirs.get(timeout=5)
            assert message.payload == {"task": "not ours"}
            message.ack()
        theirs.queue(connection.default_channel).delete()


def test_a_silent_broker_ends_it_at_once(project: ShopProject, room: Room) -> None:
    with pytest.raises(VerificationError, match="no running worker answers"):
        RunningVerifier(config_of(project, room)).start()


def test_a_password_is_never_shown(project: ShopProject) -> None:
    project.write_contract(ask("plain", 1))
    url = "amqp://guest:hunter2secret@127.0.0.1:1//"
    code, output = project.pytest("--taskcontract-live", url, "--taskcontract-backend", "rpc://")
    assert code == pytest.ExitCode.USAGE_ERROR
    assert "amqp://guest:**@127.0.0.1:1//" in output
    assert "hunter2secret" not in output


def test_without_a_result_backend_there_is_nothing_to_compare(project: ShopProject, room: Room) -> None:
    with pytest.raises(ConfigError, match="no result backend is known"):
        RunningVerifier(replace(config_of(project, room), backend=None))
    with pytest.raises(ConfigError, match="no app is configured"):
        RunningVerifier(replace(config_of(project, room), live="app"))


def test_each_worker_that_might_get_the_message_must_serve_it(project: ShopProject, room: Room) -> None:
    newer = BINDINGS.replace('version="1.2.0"', 'version="2.0.0"')
    contract = Contract("web", "shop", (ask("order", "pen", 2, queue=room.name),))
    with work(project, room):
        project.write("shop_bindings.py", newer)
        with work(project, room), RunningVerifier(config_of(project, room)) as verifier:
            (outcome,) = verifier.verify(contract).outcomes
    assert outcome.sent is None
    assert "the provider has shop.order at version 2.0.0" in outcome.faults[0].what
    assert outcome.faults[0].what.startswith("on test-")


def test_one_that_hangs_is_given_up_and_the_others_arrive(project: ShopProject, room: Room) -> None:
    hanging = ask("hang", queue=room.name)
    others = [ask("plain", number, queue=room.name, result={"given": number}) for number in range(5)]
    contract = Contract("web", "shop", (hanging, *others))
    with work(project, room) as worker:
        with RunningVerifier(config_of(project, room, timeout=1.0)) as verifier:
            first, *rest = verifier.verify(contract).outcomes
        worker.kill()
        worker.wait(5)
    assert "no result within 1 s; its state is PENDING" in first.faults[0].what
    assert f"'{room.name}' is consumed by test-" in first.faults[0].do
    assert all(outcome.ok for outcome in rest)


def test_states_run_here(project: ShopProject, room: Room) -> None:
    """The shop's state notes that it ran, in a file that both processes see."""
    state = ProviderState("in stock", {"item": "ink"})
    contract = Contract(
        "web",
        "shop",
        (
            ask("order", "ink", 1, queue=room.name, states=(state,), result="s3://ink/1"),
            ask("plain", 1, queue=room.name, states=(ProviderState("burnt down"),)),
            ask("plain", 1, queue=room.name, states=(ProviderState("full"),)),
        ),
    )
    project.write_contract(*contract.interactions)
    with work(project, room):
        code, output = project.pytest(
            "--taskcontract-live", room.broker, "--taskcontract-backend", room.backend
        )
    assert code == 1
    assert project.read("journal.txt") == ["set up ink", "order ink", "tear down ink"]
    assert "the state 'burnt down' could not be set up: no matches" in output
    assert "declares no state 'full'" in output
    assert "2 failed, 1 passed" in output


def test_without_an_app_states_are_refused(project: ShopProject, room: Room) -> None:
    contract = Contract("web", "shop", (ask("plain", 1, queue=room.name, states=(ProviderState("full"),)),))
    with work(project, room), RunningVerifier(config_of(project, room)) as verifier:
        (outcome,) = verifier.verify(contract).outcomes
    assert "declares no state 'full'" in outcome.faults[0].what
    assert outcome.sent is None


def test_the_app_may_say_where_its_workers_are(project: ShopProject, room: Room) -> None:
    project.write_contract(ask("plain", 1, queue=room.name, result={"given": 1}))
    with work(project, room):
        code, output = project.pytest("--taskcontract-live", "app", **room.environment)
    assert code == 0, output
    assert f"taskcontract: a running worker behind {room.broker}" in output


def test_a_broker_that_is_away(project: ShopProject) -> None:
    with pytest.raises(BrokerError, match="refuses"):
        RunningVerifier(
            replace(project.config(), app=None, live="amqp://guest:guest@127.0.0.1:1//", backend="rpc://")
        ).start()
