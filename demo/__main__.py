"""The main job on a machine with no servers: a worker, its contracts verified, and a break caught.

Exit code 0 when all contracts held and the break was caught, 1 when not.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from demo.breaking_change import copy_project, make_change
from demo.s3 import connect, make_environment, serve_s3
from demo.stage import head, run, say
from demo.worker import COMMAND, ROOT, run_worker
from taskcontract.embedded import write_url

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = ROOT / ".demo"
PYTEST = [sys.executable, "-m", "pytest", "--taskcontract", "-v"]
TASKCONTRACT = [sys.executable, "-m", "taskcontract"]


def main() -> int:
    """Show it all; the exit code."""
    if FOLDER.exists():
        shutil.rmtree(FOLDER)
    copy_project(ROOT, FOLDER / "pusher")
    with serve_s3() as url:
        # The change keeps a file's size, perhaps within a second: compiled code would look up to date.
        environment = {**make_environment(url), "PYTHONDONTWRITEBYTECODE": "1"}
        connect(url).create_bucket(Bucket=environment["PUSHER_BUCKET"])
        say(f"S3 is a look-alike on {url}, the broker is a folder: there is no server to install.")
        if call_pusher(environment) != 0:
            return end("The call of pusher failed: see above.")

        head("2. What two services rely on, replayed on a live worker")
        if run("pytest --taskcontract -v", PYTEST, FOLDER / "pusher", environment) != 0:
            return end("The contracts do not hold for this pusher: see above.")

        head("3. A colleague puts the content first; every type still fits")
        for line in make_change(FOLDER / "pusher"):
            say(line, {"+": "32", "-": "31"}.get(line[0], ""))

        head("4. The same contracts, replayed on the changed pusher")
        caught = run("pytest --taskcontract -v", PYTEST, FOLDER / "pusher", environment)

        head("5. The same change, without a worker: whom it breaks, with a call that proves it")
        proved = run(
            "taskcontract diff v2 bindings.pusher",
            [*TASKCONTRACT, "diff", "v2", "bindings.pusher"],
            FOLDER / "pusher",
            environment,
        )
    # 1 is a finding; anything else is a command that failed itself.
    if (caught, proved) != (1, 1):
        return end(f"The break was NOT caught: pytest ended with {caught}, taskcontract diff with {proved}.")
    return end("")


def call_pusher(environment: Mapping[str, str]) -> int:
    """Start the worker and call it as a consumer does; the consumer's exit code."""
    head("1. A worker, and a service that calls it")
    say(f"$ {' '.join(COMMAND)}", "1")
    log = FOLDER / "worker.log"
    broker = write_url(FOLDER / "broker")
    with run_worker(broker, environment, log):
        run("cat consumer.py", ["cat", str(Path(__file__).with_name("consumer.py"))], ROOT, {})
        addresses = {"CELERY_BROKER_URL": broker, "CELERY_RESULT_BACKEND": broker}
        consumer = [sys.executable, "-m", "demo.consumer"]
        code = run("python consumer.py", consumer, ROOT, {**environment, **addresses})
    say("What the worker logged:")
    for line in log.read_text(encoding="utf-8").splitlines():
        _, _, message = line.partition("] ")
        if any(word in message for word in ("ready.", "received", "succeeded")):
            say(f"  {message}")
    return code


def end(failure: str) -> int:
    """Say how it went; the exit code."""
    head("The end")
    if failure:
        say(failure, "1;31")
        return 1
    say("Both callers' contracts held for pusher, and the break was caught before it was deployed.", "1;32")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
