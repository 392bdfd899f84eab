"""A bare Celery worker to compare with: `python _bare_worker.py BROKER POOL [PREFIX] [--fork]`.

On Redis, all its keys begin with PREFIX.

With `--fork` it loads all that it needs, says so, and forks one worker for each line that it reads.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from celery import Celery

from taskcontract import embedded

QUEUE = "bench"


def make_app(url: str, prefix: str = "") -> Celery:
    """The app that both workers run."""
    embedded.register()
    app = Celery("bench", broker=url, backend=url)
    options = {"global_keyprefix": prefix}
    app.conf.update(
        broker_transport_options=options,
        result_backend_transport_options=options,
        result_expires=300,
        worker_enable_remote_control=False,
    )
    app.task(name="bench.echo")(echo)
    return app


def echo(value: Any) -> Any:
    """The task of the benchmarks."""
    return value


def run(app: Celery, pool: str) -> None:
    """Run a worker as the verifier does, with Celery alone."""
    worker: Any = app.Worker(
        pool=pool,
        concurrency=4,
        queues=[QUEUE],
        loglevel="INFO",
        logfile=os.devnull,
        without_mingle=True,
        without_gossip=True,
        without_heartbeat=True,
        quiet=True,
    )
    worker.start()


def serve_forks(app: Celery, pool: str) -> None:
    """Fork one worker per line; a child is killed when the next line comes, or none."""
    # The rest of what a worker's start imports, too.
    import celery.apps.worker
    import celery.concurrency.thread
    import celery.worker.components
    import celery.worker.consumer  # noqa: F401

    app.finalize()
    print("loaded", flush=True)
    child = 0
    for _ in sys.stdin:
        if child:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        child = os.fork()
        if not child:
            run(app, pool)
            os._exit(0)
    if child:
        os.kill(child, signal.SIGKILL)


if __name__ == "__main__":
    broker, pool_name, *rest = sys.argv[1:]
    bench = make_app(broker, next((word for word in rest if not word.startswith("--")), ""))
    (serve_forks if "--fork" in rest else run)(bench, pool_name)
