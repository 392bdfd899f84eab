"""What `make coverage` counts: what runs in a forked child of a worker alone is among it."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from coverage import CoverageData

from taskcontract.provider.route import Route
from tests.support.celery_worker import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.live

CALL = """\
import sys
from pathlib import Path
from celery import Celery
from tests.support.adapted_shop import add, shop
from tests.support.brokers import open_room
from tests.support.celery_worker import run_celery_worker

folder = Path(sys.argv[1])
with open_room("embedded") as room:
    app = Celery("caller", broker=room.broker, backend=room.backend, set_as_current=False)
    app.conf.task_default_queue = room.name
    environment = {**room.environment, "ROOM": room.name}
    pool = ("-P", sys.argv[2], "-c", "1")
    with run_celery_worker("tests.support.adapted_shop", folder, room.name, *pool, environment=environment):
        shop.use(app)
        assert add.delay(1, 2).get(timeout=60) == 3
"""


@pytest.mark.parametrize("pool", ["prefork", "threads"])
def test_what_runs_in_a_pool_is_counted(pool: str, tmp_path: Path) -> None:
    """A caller never serves a call, and the main process of a worker with forked children does not either."""
    (tmp_path / "call.py").write_text(CALL)
    file = tmp_path / "data"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COVERAGE_FILE": str(file)}

    def run(*arguments: str) -> None:
        command = [sys.executable, "-m", "coverage", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr

    run("run", str(tmp_path / "call.py"), str(tmp_path), pool)
    run("combine")
    data = CoverageData(str(file))
    data.read()
    source, first = inspect.getsourcelines(Route.serve)
    called = first + next(number for number, line in enumerate(source) if "implementation.run" in line)
    assert called in set(data.lines(inspect.getfile(Route)) or ())
