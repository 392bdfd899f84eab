"""What a real worker and `taskcontract metrics` show, scraped over HTTP, against what was sent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from taskcontract.errors import RefusedMessageError
from tests.support.brokers import BROKERS
from tests.support.own_redis import open_redis
from tests.support.running_shop import Shop, open_shop
from tests.support.scraping import Samples, find_url, read_samples, scrape
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.live

HOSTILE = 'web"} 1\\n{x="'
"""A caller whose name would end a label, were it not escaped."""


@pytest.fixture(params=["embedded"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    with open_shop(tmp_path, request.param) as shop:
        shop.environment["TASKCONTRACT_METRICS"] = "0"
        yield shop


def labelled(name: str, **labels: str) -> tuple[str, frozenset[tuple[str, str]]]:
    return name, frozenset(labels.items())


def of(samples: Samples, name: str) -> dict[tuple[str, ...], float]:
    """The samples of that name that are not 0, by their labels' values in the labels' order."""
    return {
        tuple(value for _, value in sorted(labels)): number
        for (found, labels), number in samples.items()
        if found == name and number
    }


@contextmanager
def exporting(shop: Shop, *options: str) -> Iterator[str]:
    """The address of a running `taskcontract metrics --listen`, which SIGTERM must end with exit code 0."""
    log = shop.folder / "exporter.log"
    with log.open("w") as output:
        exporter = subprocess.Popen(
            [sys.executable, "-m", "taskcontract", "metrics", "--listen", "0", "--every", "1", *options],
            cwd=shop.folder,
            env={**os.environ, **shop.environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        yield find_url(log)
        exporter.send_signal(signal.SIGTERM)
        assert exporter.wait(20) == 0, log.read_text()
        assert "Traceback" not in log.read_text()
    finally:
        exporter.kill()
        exporter.wait(10)


def send_all(shop: Shop) -> list[Any]:
    """Three calls of the old version, one by an odd caller; two of the new; four that no worker serves."""
    served = [shop.send("shop.sell", "pen") for _ in range(2)]
    odd = {"taskcontract": {"version": "1.0.0", "consumer": HOSTILE}}
    served.append(shop.caller.send_task("shop.sell", ("pen",), headers=odd))
    served += [shop.send("shop.sell_v2", "pen", version="2.0.0") for _ in range(2)]
    refused = [shop.send("shop.sell", 1), shop.send("shop.sell_v2", "pen", "many", version="2.0.0")]
    refused += [shop.send("shop.sold", "pen"), shop.send("nobody.knows", "pen")]
    assert [each.get(timeout=20) for each in served] == [1] * 5
    for each in refused:
        with pytest.raises(RefusedMessageError):
            each.get(timeout=20)
    return refused


@pytest.mark.parametrize("shop", BROKERS, indirect=True)
def test_a_worker_counts_what_it_was_sent(shop: Shop) -> None:
    with shop.work():
        url = find_url(shop.folder / "worker.log")
        send_all(shop)
        quarantine = f"{shop.room.name}.quarantine"
        samples = wait_until(
            lambda: found if of(found := scrape(url), "taskcontract_quarantine_messages") else None
        )
        assert samples is not None
        assert of(samples, "taskcontract_refused_total") == {
            ("kept", "arguments"): 2,
            ("kept", "unknown-task"): 2,
        }
        old = {("web", "shop", "shop.sell", "1.0.0"): 3, (HOSTILE, "shop", "shop.sell", "1.0.0"): 1}
        assert of(samples, "taskcontract_calls_total") == old | {("web", "shop", "shop.sell_v2", "2.0.0"): 3}
        assert of(samples, "taskcontract_deprecated_calls_total") == old
        assert of(samples, "taskcontract_quarantine_unknown") == {}
        assert of(samples, "taskcontract_quarantine_messages") == {(quarantine,): 4}
        assert of(samples, "taskcontract_quarantine_oldest_seconds").keys() == {(quarantine,)}
        sunset = labelled("taskcontract_refused_total", reason="sunset", outcome="kept")
        assert samples[sunset] == 0, "not absent: Prometheus sees no increase from nothing to 1"


@pytest.mark.parametrize("shop", BROKERS, indirect=True)
def test_the_command_shows_what_the_broker_has(shop: Shop) -> None:
    queue, quarantine = shop.room.name, f"{shop.room.name}.quarantine"
    with shop.work():
        send_all(shop)
    waiting = [shop.send("shop.sell", "pen") for _ in range(3)]
    waiting += [shop.send("shop.sell", "pen", version=version) for version in ("1.1.0", "nonsense")]
    late = shop.send("shop.sell_v2", "pen", version="2.0.0", countdown=600)
    shop.send("shop.sold", "pen")
    in_flight = {
        ("waiting", "shop", "shop.sell", "1.0.0"): 4.0,
        ("waiting", "shop", "shop.sell", "1.1.0"): 1.0,
        ("waiting", "shop", "shop.sell_v2", "2.0.0"): 1.0,
        ("waiting", "(none)", "(other)", "(none)"): 1.0,
    }
    with exporting(shop, "--queue", f"{queue}.none") as url:
        samples = wait_until(
            lambda: found if of(found := scrape(url), "taskcontract_queue_messages") else None
        )
        assert samples is not None
        assert of(samples, "taskcontract_in_flight_messages") == in_flight
        assert of(samples, "taskcontract_queue_messages") == {(queue,): 7}
        assert of(samples, "taskcontract_quarantine_messages") == {(quarantine,): 4}
        assert of(samples, "taskcontract_quarantine_unknown") == {}
        assert of(samples, "taskcontract_in_flight_unknown") == {}
        assert samples[labelled("taskcontract_in_flight_unknown", queue=queue)] == 0
        age = samples[labelled("taskcontract_quarantine_oldest_seconds", queue=quarantine)]
        sunset = labelled(
            "taskcontract_sunset_timestamp_seconds", service="shop", task="shop.sell", version="1.0.0"
        )
        assert samples[sunset] > samples[labelled("taskcontract_look_timestamp_seconds")]
        # Many looks later all of it is there, and a worker still gets it.
        wait_until(
            lambda: (
                scrape(url)[labelled("taskcontract_quarantine_oldest_seconds", queue=quarantine)] > age + 2
            )
        )
        with shop.work():
            assert [each.get(timeout=20) for each in waiting] == [1] * 5
            held = {("scheduled", "shop", "shop.sell_v2", "2.0.0"): 1.0}
            wait_until(lambda: of(scrape(url), "taskcontract_in_flight_messages") == held)
    assert late.id in str(shop.in_flight()) or shop.in_flight() == [("shop.sell_v2", "2.0.0", "waiting")]


def test_printed_once_they_are_the_same_and_a_sample_says_so(shop: Shop) -> None:
    for _ in range(5):
        shop.send("shop.sell", "pen")
    samples = read_samples(shop.run("metrics", "--timeout", "0.2", "--sample", "2"))
    assert of(samples, "taskcontract_in_flight_messages") == {("waiting", "shop", "shop.sell", "1.0.0"): 2}
    assert of(samples, "taskcontract_queue_messages") == {(shop.room.name,): 5}
    assert of(samples, "taskcontract_in_flight_unknown") == {(shop.room.name,): 1}


def test_a_pool_of_processes_that_write_theirs_down(shop: Shop, tmp_path: Path) -> None:
    """The main process serves for all of them, and what the broker tells with it."""
    folder = tmp_path / "written"
    folder.mkdir()
    shop.environment["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    with shop.work("-P", "prefork", "-c", "2", "--max-tasks-per-child", "1"):
        url = find_url(shop.folder / "worker.log")
        send_all(shop)
        samples = wait_until(
            lambda: found if of(found := scrape(url), "taskcontract_quarantine_messages") else None
        )
    assert samples is not None
    assert of(samples, "taskcontract_refused_total") == {
        ("kept", "arguments"): 2,
        ("kept", "unknown-task"): 2,
    }
    assert sum(of(samples, "taskcontract_calls_total").values()) == 7
    assert of(samples, "taskcontract_quarantine_messages") == {(f"{shop.room.name}.quarantine",): 4}


def test_a_second_worker_at_the_same_address_works_on_without(shop: Shop) -> None:
    with shop.work():
        url = find_url(shop.folder / "worker.log")
        shop.environment["TASKCONTRACT_METRICS"] = url.removeprefix("http://").removesuffix("/metrics")
        with shop.work():
            log = shop.folder / "worker.log"
            wait_until(lambda: "no metrics are served: TASKCONTRACT_METRICS: " in log.read_text())
            assert "Each worker needs one of its own." in log.read_text()
            assert shop.send("shop.sell", "pen").get(timeout=20) == 1
    assert "Traceback" not in log.read_text()


@pytest.mark.parametrize("shop", ["sqs"], indirect=True)
def test_what_sqs_cannot_tell_is_absent(shop: Shop) -> None:
    shop.send("shop.sell", "pen")
    samples = read_samples(shop.run("metrics"))
    quarantine = f"{shop.room.name}.quarantine"
    assert of(samples, "taskcontract_in_flight_messages") == {}
    assert of(samples, "taskcontract_in_flight_unknown") == {(shop.room.name,): 1}
    assert of(samples, "taskcontract_queue_messages") == {(shop.room.name,): 1}
    assert samples[labelled("taskcontract_quarantine_unknown", queue=quarantine, figure="messages")] == 0


@pytest.mark.parametrize("shop", ["rabbitmq"], indirect=True)
def test_a_quorum_queue_is_counted_alone(shop: Shop) -> None:
    queue = f"{shop.room.name}.quorum"
    with shop.caller.connection_for_write() as connection:
        channel: Any = connection.default_channel
        arguments = {"x-queue-type": "quorum"}
        channel.queue_declare(queue, durable=True, auto_delete=False, arguments=arguments)
        try:
            for _ in range(3):
                shop.caller.amqp.Producer(channel).publish({}, exchange="", routing_key=queue)
            counted = labelled("taskcontract_queue_messages", queue=queue)
            samples = wait_until(
                lambda: (
                    found
                    if (found := read_samples(shop.run("metrics", "--queue", queue))).get(counted) == 3
                    else None
                )
            )
        finally:
            channel.queue_delete(queue)
    assert samples is not None
    assert of(samples, "taskcontract_in_flight_unknown") == {(queue,): 1}
    assert of(samples, "taskcontract_in_flight_messages") == {}


def test_a_broker_that_hangs_is_not_known_of_until_it_answers(shop: Shop) -> None:
    with open_redis(shop.folder) as (url, server):
        shop.environment["CELERY_BROKER_URL"] = shop.environment["CELERY_RESULT_BACKEND"] = url
        with exporting(shop, "--timeout", "0.2") as page:
            wait_until(lambda: of(scrape(page), "taskcontract_look_timestamp_seconds"))
            assert of(scrape(page), "taskcontract_quarantine_unknown") == {}
            server.send_signal(signal.SIGSTOP)
            wait_until(lambda: of(scrape(page), "taskcontract_quarantine_unknown"), 60)
            samples = scrape(page)
            assert of(samples, "taskcontract_in_flight_unknown") == {(shop.room.name,): 1}
            assert "taskcontract_quarantine_messages" not in {name for name, _ in samples}, "no wrong number"
            server.send_signal(signal.SIGCONT)
            wait_until(lambda: not of(scrape(page), "taskcontract_quarantine_unknown"), 60)
        said = (shop.folder / "exporter.log").read_text()
    assert "cannot be reached" in said
    assert "tells everything again" in said
