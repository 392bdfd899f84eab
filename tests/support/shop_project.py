"""A small provider in a folder of its own, the contracts that ask something of it, and what a run left."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import psutil

from taskcontract.model.config import Config
from taskcontract.model.contract import Contract, Interaction
from taskcontract.model.pact_writing import dump_contract
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["ShopProject", "ask"]

PLUGIN = "taskcontract.pytest_plugin.plugin"

BINDINGS = """\
from taskcontract import Service

shop = Service("shop", queue="shop")


@shop.task(version="1.2.0")
def order(item: str, count: int) -> str: ...


@shop.task(version="1.0.0")
def again(times: int) -> int: ...


class ShopError(Exception):
    pass


class GoneError(ShopError):
    def __init__(self, item: str, *, left: int) -> None:
        super().__init__(f"only {left} {item} left")
        self.item = item
        self.left = left


class TextError(Exception):
    pass


@shop.task(version="1.0.0", errors=(ShopError, GoneError, TextError))
def take(item: str, count: int) -> str: ...
"""

SHOP = """\
import os
import time
from pathlib import Path

from celery import Celery
from celery.signals import worker_ready

from shop_bindings import GoneError, ShopError, TextError, again, order, shop, take
from taskcontract import Provider

app = Celery("shop")
provider = Provider(app, shop)
journal = Path("journal.txt")
stock = {}


def note(text):
    with journal.open("a") as file:
        file.write(text + "\\n")


@worker_ready.connect
def name_run(sender, **_):
    with open("runs.txt", "a") as file:
        file.write(sender.hostname.partition("@")[0].removeprefix("taskcontract-") + "\\n")


@provider.implements(order)
def take_order(item: str, count: int) -> str:
    print("packing", item)
    note(f"order {item}")
    return f"s3://{item}/{stock.get(item, count)}"


@provider.implements(again, bind=True, max_retries=9)
def try_again(self, times: int) -> int:
    if self.request.retries < times:
        raise self.retry(countdown=0)
    return self.request.retries


class MissingError(GoneError):
    pass


@provider.implements(take)
def take_some(item: str, count: int) -> str:
    if count == 1:
        raise MissingError(item, left=0)
    if count == 2:
        raise ShopError("closed")
    if count == 3:
        raise TextError("sorry", item)
    if count == 4:
        raise KeyError(item)
    return item


@provider.state("in stock")
def put_in_stock(item, count=7):
    note(f"set up {item}")
    stock[item] = count
    yield
    del stock[item]
    note(f"tear down {item}")


@provider.state("burnt down")
def burn_down():
    raise RuntimeError("no matches")


@provider.state("a shelf", touches="shelf:{name}")
def put_up_shelf(name="left"):
    note(f"set up {name}")
    yield
    note(f"tear down {name}")


@provider.state("counted", touches="orders")
def counted(by):
    def check():
        assert Path("orders.txt").read_text() == by

    yield check
    Path("orders.txt").unlink(missing_ok=True)


@provider.state("broken end")
def end_badly():
    yield
    raise RuntimeError("cannot clean up")


@provider.state("here", where="tests", touches="here")
def set_up_here(fail=""):
    note(f"here {os.getpid()} {app.conf.broker_url.partition(':')[0]}")
    if fail == "soon":
        raise RuntimeError("not here")
    if fail == "never":
        time.sleep(60)
    yield
    note("gone from here")


@provider.state("endless")
def never_ready():
    time.sleep(60)


@app.task
def plain(value=None):
    return {"given": value}


@app.task(bind=True)
def see_headers(self):
    return sorted(self.request.headers or {})


@app.task
def refuse(text):
    raise ValueError(f"refused: {text}")


@app.task(ignore_result=True)
def silent():
    return 5


@app.task
def nested():
    # A message of the task's own, to a queue that it names itself.
    app.send_task("shop.plain", queue="elsewhere")
    return True


@app.task(ignore_result=True)
def count_order(by):
    Path("orders.txt").write_text(by)


@app.task
def wait_for(number, name=""):
    # Ends when so many of its kind run at the same time, or in vain after five seconds.
    Path(f"waiting-{number}-{os.urandom(4).hex()}").touch()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if len(list(Path().glob(f"waiting-{number}-*"))) >= number:
            note(f"met {name}")
            return "met"
        time.sleep(0.005)
    return "alone"


@app.task(bind=True)
def replaced(self, kind):
    from celery import chain, group

    link = plain.s(2)
    if kind == "chain":
        raise self.replace(chain(plain.s(1), plain.s().set(immutable=False)))
    raise self.replace(group(plain.si(1), link))


@app.task
def nap(seconds):
    time.sleep(seconds)
    return seconds


@app.task
def die(code):
    os._exit(code)


@app.task
def hang():
    note("hanging")
    time.sleep(60)
"""


EACH = """\
import json, sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
import pytest

sys.path.insert(0, "")
done = []
for options in json.loads(sys.argv[2]):
    with redirect_stdout(StringIO()) as output, redirect_stderr(output):
        code = pytest.main(["-p", sys.argv[1], "--taskcontract", *options])
    done.append([int(code), output.getvalue()])
print(json.dumps(done))
"""


def ask(task: str, *args: Any, **fields: Any) -> Interaction:
    """An interaction that calls `shop.TASK`; of its queue, unless the fields say otherwise."""
    plain = task not in ("order", "again", "take")
    usual = Interaction(f"{task} {args}", f"shop.{task}", "1.0.0", args, queue="celery" if plain else "shop")
    return replace(usual, **fields)


class ShopProject:
    """The provider's folder. Runs of it get a folder of their own for temporary files, `tmp`."""

    def __init__(self, root: Path) -> None:
        self.root = root / "the shop"
        self.tmp = root / "tmp"
        self.used: set[str] = set()
        """The brokers that were used, to be looked at afterwards."""
        self.tmp.mkdir()
        self.write("shop_bindings.py", BINDINGS)
        self.write("shop.py", SHOP)
        self.write("pyproject.toml", '[tool.taskcontract]\napp = "shop"\ntimeout = 5\n')

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def write_contract(self, *interactions: Interaction, consumer: str = "web") -> Path:
        contract = Contract(consumer, "shop", interactions)
        return self.write(f"contracts/{contract.file_name}", dump_contract(contract))

    def config(self, **values: Any) -> Config:
        self.used.add(values.get("broker", "embedded"))
        return replace(Config(root=self.root, app="shop", timeout=5.0), **values)

    def read(self, name: str) -> list[str]:
        path = self.root / name
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def start_pytest(self, *options: str, **environment: str) -> subprocess.Popen[str]:
        """`pytest --taskcontract` in the project's folder, running."""
        self.used.update(options)
        return subprocess.Popen(
            [sys.executable, "-m", "pytest", "-p", PLUGIN, "--taskcontract", *options],
            cwd=self.root,
            env={**os.environ, "TMPDIR": str(self.tmp), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def pytest(self, *options: str, **environment: str) -> tuple[int, str]:
        """The exit code and the output of `pytest --taskcontract`; a traceback of ours fails the test."""
        process = self.start_pytest(*options, **environment)
        try:
            output, _ = process.communicate(timeout=60)
        finally:
            process.kill()
        assert "INTERNALERROR" not in output, output
        assert "taskcontract/verification" not in output, output
        return process.returncode, output

    def pytest_each(self, runs: list[list[str]], **environment: str) -> list[tuple[int, str]]:
        """The same for runs that end before a worker starts, one after another in one process."""
        done = subprocess.run(
            [sys.executable, "-c", EACH, PLUGIN, json.dumps(runs)],
            cwd=self.root,
            env={**os.environ, "TMPDIR": str(self.tmp), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        return [(code, output) for code, output in json.loads(done.stdout)]

    def wait_for(self, condition: Callable[[], object], seconds: float = 20) -> None:
        wait_until(condition, seconds, every=0.02)

    def processes(self) -> list[psutil.Process]:
        """Every other process that runs in the project's folder: workers and their pools."""
        found = []
        for process in psutil.process_iter():
            try:
                if (
                    process.pid != os.getpid()
                    and process.cwd() == str(self.root)
                    and process.status() != psutil.STATUS_ZOMBIE
                ):
                    found.append(process)
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
        return found

    def end_all(self) -> None:
        """End what a failed test left running."""
        for process in self.processes():
            process.send_signal(signal.SIGKILL)
