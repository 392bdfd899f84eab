"""The worker's process: `python -m taskcontract.verification.worker.worker_process COMMANDS ANSWERS NEWS`.

They are numbers of inherited pipe ends. The first command is the worker's settings. It runs the
provider's own app as `celery -A APP worker` does, in the sandbox of one run.
"""

from __future__ import annotations

import atexit
import faulthandler
import gc
import os
import sys
import warnings
from importlib import import_module
from typing import TYPE_CHECKING, Any

from taskcontract.verification.sandbox.app_in_sandbox import configure, name_servers
from taskcontract.verification.sandbox.control import Control, Stopper
from taskcontract.verification.sandbox.leftovers import join_sandbox
from taskcontract.verification.sandbox.worker_settings import settings_from_json
from taskcontract.verification.tracebacks import describe_exception
from taskcontract.verification.worker.stacks import STACK_SIGNAL

if TYPE_CHECKING:
    from collections.abc import Callable

    from celery import Celery

    from taskcontract.verification.sandbox.worker_settings import WorkerSettings

__all__ = ["main"]

PING, PING_QUEUE, DESCRIBE = "taskcontract.ping", "ping", "taskcontract.describe"
NEEDED = (
    "celery.apps.worker",
    "celery.concurrency.thread",
    "celery.worker.components",
    "celery.worker.consumer",
    "taskcontract.embedded.backend",
    "taskcontract.embedded.transport",
    "taskcontract.verification.states.provided_states",
    "taskcontract.verification.sandbox.run_queues",
    "taskcontract.verification.worker.gate",
    "taskcontract.verification.worker.serving",
    "taskcontract.verification.worker.stored_results",
    "taskcontract.verification.worker.worker_log",
)
"""What is loaded before it is known for whom; none of it reads the environment."""


def main(commands: int, answers: int, news: int) -> int:
    """Run one worker until it is told to stop, or until the verifier is gone; return its exit code."""
    control = Control(commands, answers, news)
    trouble = _load_celery()
    first = control.read()
    if first is None:
        return 1
    settings = settings_from_json(first["settings"])
    try:
        _settle(settings, first["environment"])
        join_sandbox(settings.sandbox)  # held as long as this process and those of its pool live
    except FileNotFoundError:
        return 1
    control.start(settings.sandbox)
    faulthandler.register(STACK_SIGNAL, file=2)
    try:
        if trouble is not None:
            raise trouble
        worker = _prepare(settings, control)
    except Exception as error:  # the app is the provider's code: whatever it raises is reported
        control.answer(event="failed", trace=describe_exception(error))
        control.finish()
        return 1
    worker.start()
    control.finish()
    return int(worker.exitcode or 0)


def _load_celery() -> Exception | None:
    """Import what any worker needs, while it may not be known yet which one this is; what fails is kept."""
    try:
        for name in NEEDED:
            import_module(name)
    except Exception as error:  # an installation that is broken, to be reported once the run is connected
        return error
    return None


def _settle(settings: WorkerSettings, environment: dict[str, str]) -> None:
    """Go to where the provider's modules are, in the environment of the verifier; print to where it reads."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(settings.root)
    sys.path.insert(0, settings.root)
    output = os.open(settings.output_file, os.O_WRONLY | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(output, stream)
    os.close(output)


def _prepare(settings: WorkerSettings, control: Control) -> Any:
    os.environ.update(name_servers(settings.sandbox))
    from taskcontract import embedded

    embedded.register()
    from celery.app.utils import find_app
    from celery.exceptions import SecurityWarning

    # A worker that lives for one test run may be root's; the warning would hide what matters.
    warnings.simplefilter("ignore", SecurityWarning)

    app: Celery = find_app(settings.app)
    for module in (*settings.bindings, *((settings.states,) if settings.states else ())):
        import_module(module)
    return _make_worker(app, settings, control)


def _make_worker(app: Celery, settings: WorkerSettings, control: Control) -> Any:
    from celery.signals import worker_ready

    from taskcontract.verification.states.provided_states import ProvidedStates
    from taskcontract.verification.worker.gate import Gate
    from taskcontract.verification.worker.serving import describe_capabilities, queues_of, services_of
    from taskcontract.verification.worker.stored_results import store_final_states_only, tell_of_results
    from taskcontract.verification.worker.worker_log import start_logging

    sandbox = settings.sandbox
    configure(app, sandbox, settings.run)
    store_final_states_only()
    tell_of_results(app, sandbox.backend, control.tell)
    start_logging(sandbox.log_file)
    services = services_of(app, settings.bindings)
    queues = queues_of(app, services)
    app.task(name=PING, ignore_result=False)(_answer_ping)
    app.task(name=DESCRIBE, ignore_result=False)(_describer_of(app))
    worker: Any = app.Worker(
        hostname=f"taskcontract-{settings.run}@",
        pool=settings.pool,
        concurrency=settings.concurrency,
        queues=[PING_QUEUE, *(queues or (app.conf.task_default_queue,))],
        loglevel="INFO",
        task_events=False,
        without_mingle=True,
        without_gossip=True,
        without_heartbeat=True,
        quiet=True,
    )
    stopper = Stopper()
    gate = Gate(worker.consumer, worker.concurrency)

    def on_ready(sender: Any = None, **_: object) -> None:
        control.states, control.gate = ProvidedStates(app), gate
        control.stop = stopper.stop
        stopper.watch(sender)
        capabilities = describe_capabilities(app, services, queues, holds=gate.capacity)
        control.answer(event="ready", capabilities=capabilities.to_json())

    worker_ready.connect(on_ready, weak=False)
    return worker


def _describer_of(app: Celery) -> Callable[[], Any]:
    """Return the task that tells what calls can be made up from."""

    def describe() -> Any:
        from taskcontract.verification.described import describe_services

        return describe_services(app)

    return describe


def _answer_ping() -> str:
    return "pong"


if __name__ == "__main__":
    atexit.register(gc.freeze)  # else half of the time that the end takes is spent on looking for garbage
    sys.exit(main(*map(int, sys.argv[1:])))
