"""A pytest plugin: a test function without the mark `process` or `live` stays inside its own process.

`make test-quick` leaves out what is marked. A test that lacks its mark fails in every run and says why.
"""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["LEAVES"]

#: Python's audit events of a process that reaches beyond itself, and what they say.
LEAVES = {
    "subprocess.Popen": "starts the program",
    "os.exec": "becomes the program",
    "os.fork": "forks",
    "os.forkpty": "forks",
    "os.posix_spawn": "starts the program",
    "os.system": "runs the command",
    "socket.bind": "opens the server socket",
    "socket.connect": "connects the socket",
    "socket.getaddrinfo": "looks up the host",
}
PROBE = ("::1", 0)
"""What urllib3 binds for a moment when it is imported, to see whether there is IPv6."""
ALLOWING = ("process", "live")


class _Watch:
    """What runs now: the test that has to stay inside, if it has to, and what it did nevertheless."""

    def __init__(self) -> None:
        self.test = ""
        self.seen: list[str] = []
        self.others: set[int] = set()
        """The threads that were there before the test: what they do is another test's."""

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.bind" and arguments[1:] == (PROBE,):
            return
        if self.test and event in LEAVES and threading.get_ident() not in self.others:
            what = f"{LEAVES[event]} {_describe(arguments)}".strip()
            self.seen.append(what)
            pytest.fail(explain(self.test, what))


def explain(test: str, what: str) -> str:
    """Say what a test did, and what its author has to do."""
    return (
        f"{test} {what}, and is not marked for it.\n"
        "Mark it with `@pytest.mark.process` (or the file: `pytestmark = pytest.mark.process`): "
        "`make test-quick` then leaves it out. Better: use a port's in-memory twin."
    )


def _describe(arguments: tuple[Any, ...]) -> str:
    return " ".join(str(each) for each in arguments[:2] if not hasattr(each, "fileno"))[:200]


_watch = _Watch()
sys.addaudithook(_watch.hear)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """Watch a test from its first fixture to its last; the test of another run may be around it."""
    outer = _watch.test, _watch.seen, _watch.others
    # An interaction of `pytest --taskcontract` is no test of this project's: it talks to a live worker.
    marked = any(item.get_closest_marker(name) for name in ALLOWING)
    inside = isinstance(item, pytest.Function) and not marked
    here = threading.get_ident()
    others = {each.ident for each in threading.enumerate() if each.ident is not None} - {here}
    _watch.test, _watch.seen, _watch.others = (item.nodeid if inside else ""), [], others
    try:
        return (yield)
    finally:
        _watch.test, _watch.seen, _watch.others = outer


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, Any, Any]:
    """Fail a test whose thread left, or that caught the failure."""
    result = yield
    if _watch.test == item.nodeid and _watch.seen:
        pytest.fail(explain(item.nodeid, _watch.seen[0]))
    return result
