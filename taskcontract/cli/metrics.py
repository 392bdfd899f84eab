"""`taskcontract metrics`: numbers to watch, printed once or served to Prometheus."""

from __future__ import annotations

import signal
import sys
from threading import Event
from typing import TYPE_CHECKING, Any

import click

from taskcontract.cli.cluster import System, find_queues, find_systems
from taskcontract.cli.command import command, option
from taskcontract.cli.options import cluster_options, queue_option, read_project_config, timeout_option
from taskcontract.cli.services import modules_argument, select_services, service_option, spell_choices
from taskcontract.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from celery import Celery

    from taskcontract.model.config import Config
    from taskcontract.operations.metrics import LookCollector, Numbers, Watched

__all__ = ["run"]

EPILOG = """\
examples:
  taskcontract metrics                           print them, for a look or for a textfile collector
  taskcontract metrics --listen 9540             serve http://127.0.0.1:9540/metrics until it is stopped
  taskcontract metrics --broker redis://queue/0  the quarantine's depth and age, without bindings

These are what a broker tells: the quarantine's depth and age, what waits, what is in flight by version.
What a broker cannot tell is left out, and ..._unknown is 1. Nothing is taken: on RabbitMQ the first
messages of a queue are taken and given back at once, as `inflight` does. Workers serve what they
themselves count (refused calls, deprecated calls) at the address in TASKCONTRACT_METRICS.

exit codes: 0 printed, or stopped by SIGTERM; 2 a mistake in the input, or the broker tells nothing.
"""


@command("metrics", "Numbers to watch, for Prometheus.", epilog=EPILOG)
@modules_argument()
@service_option()
@option("--listen", metavar="ADDRESS", help="serve them at this address: HOST:PORT, or a PORT of 127.0.0.1")
@option(
    "--every",
    type=click.IntRange(min=1, max=3600),
    default=60,
    metavar="SECONDS",
    help="with --listen: seconds between two looks at the broker, however often it is scraped (default: 60)",
)
@option(
    "--sample",
    type=click.IntRange(min=1),
    default=1000,
    metavar="N",
    help="look at N messages of each queue to tell their versions (default: 1000)",
)
@queue_option()
@timeout_option()
@cluster_options
def run(
    modules: tuple[str, ...],
    services: tuple[str, ...],
    listen: str | None,
    every: int,
    sample: int,
    queues: tuple[str, ...],
    timeout: float,
    app: str | Celery | None,
    broker: str | None,
    backend: str | None,
) -> int:
    """Print or serve the numbers of the services of `modules` and `services`."""
    from taskcontract.operations.metrics import LookCollector, VersionBound, look_at
    from taskcontract.safety_net.metrics_server import MetricsServer, demand_prometheus, read_address

    demand_prometheus()
    address = None if listen is None else read_address(listen, "--listen")
    systems = _find_systems(select_services(read_project_config(), modules, services), app, broker, backend)
    watched = [_watch(system, queues) for system in systems]
    bound = VersionBound()

    def look() -> Numbers:
        return look_at(watched, bound, timeout=timeout, sample=sample)

    from prometheus_client import CollectorRegistry, generate_latest

    registry = CollectorRegistry()
    declaring = dict.fromkeys(each for system in systems for each in system.services)
    collector = LookCollector([task for service in declaring for task in service.tasks])
    registry.register(collector)
    if address is None:
        numbers = look()
        if numbers.is_blind and numbers.faults:
            raise numbers.faults[0]
        collector.show(numbers)
        _complain(numbers, [])
        sys.stdout.write(generate_latest(registry).decode())
        return 0
    server = MetricsServer(address, registry, "--listen")
    try:
        sys.stderr.write(f"taskcontract: metrics at {server.url}, of a look every {every} s\n")
        _keep_looking(look, collector, every)
    finally:
        server.close()
    return 0


def _find_systems(
    parts: Sequence[Config], app: str | Celery | None, broker: str | None, backend: str | None
) -> list[System]:
    """Return the systems of `parts`, with services where bindings name any; a ConfigError for two brokers."""
    named = [part for part in parts if part.bindings]
    systems = find_systems(named or parts, app, broker, backend, with_services=bool(named))
    if len({str(each.app.conf.broker_read_url or each.app.conf.broker_url) for each in systems}) > 1:
        raise ConfigError(
            "metrics are those of one broker, and several are configured",
            do=f"Run one for each: {spell_choices(parts)}.",
        )
    return systems


def _watch(system: System, queues: Sequence[str]) -> Watched:
    from taskcontract.operations.metrics import Watched

    tasks = [task for service in system.services for task in service.tasks]
    wanted = find_queues(tasks, system.app) or {system.app.conf.task_default_queue}
    declared = {name: (task.service.name, task.version) for task in tasks for name in task.wire_names}
    return Watched.make(system.app, frozenset({*queues, *wanted}), declared)


def _keep_looking(look: Callable[[], Numbers], collector: LookCollector, every: int) -> None:
    """Look, and wait, until SIGTERM: a container or a service is stopped with it."""
    stop = Event()

    def end(*_: Any) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    said: list[str] = []
    while not stop.is_set():
        numbers = look()
        collector.show(numbers)
        said = _complain(numbers, said)
        stop.wait(every)


def _complain(numbers: Numbers, said: list[str]) -> list[str]:
    """Say on stderr why something is not known, where that was not `said` the last time."""
    faults = list(dict.fromkeys(str(fault) for fault in numbers.faults))
    for fault in faults:
        if fault not in said:
            sys.stderr.write(f"taskcontract: {fault}\n")
    if said and not faults:
        sys.stderr.write("taskcontract: the broker tells everything again\n")
    sys.stderr.flush()
    return faults
