"""A test that is not marked for it can neither start a process nor reach the network."""

from __future__ import annotations

import os
import sys
import textwrap
import threading

import pytest

pytest_plugins = ["pytester"]

LEAVING = {
    "a program": "subprocess.run(['true'], check=True)",
    "a fork": "os.fork() or os._exit(0)",
    "a connection": "with socket.socket() as client:\n    client.connect(('127.0.0.1', 1))",
    "a server": "with socket.socket() as server:\n    server.bind(('127.0.0.1', 0))",
    "a failure that is caught": "try:\n    os.system('true')\nexcept BaseException:\n    pass",
    "a thread": "thread = threading.Thread(target=os.system, args=('true',))\nthread.start()\nthread.join()",
}


def run(pytester: pytest.Pytester, body: str, mark: str = "") -> pytest.RunResult:
    pytester.makeini("[pytest]\nmarkers = process: starts a process\n  live: runs workers\n")
    pytester.makepyfile(
        "import os, socket, subprocess, threading\nimport pytest\n"
        f"{mark}\ndef test_it():\n{textwrap.indent(body, '    ')}\n"
    )
    return pytester.runpytest_inprocess("-p", "tests.support.outside", "-W", "ignore")


@pytest.mark.parametrize("body", LEAVING.values(), ids=LEAVING)
def test_leaving_the_process_fails_and_says_what_to_do(pytester: pytest.Pytester, body: str) -> None:
    done = run(pytester, body)
    assert done.ret == pytest.ExitCode.TESTS_FAILED
    done.stdout.fnmatch_lines(["*::test_it * and is not marked for it.", "*@pytest.mark.process*"])


@pytest.mark.process
def test_what_a_thread_of_another_test_does_is_not_this_ones(pytester: pytest.Pytester) -> None:
    may_go = threading.Event()
    other = threading.Thread(target=lambda: may_go.wait(30) and os.system("true"))
    other.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "may_go", lambda: may_go.set() or other.join(30), raising=False)
        run(pytester, "import sys\nsys.may_go()").assert_outcomes(passed=1)


def test_what_stays_inside_passes(pytester: pytest.Pytester) -> None:
    run(pytester, "open('here', 'w').close()").assert_outcomes(passed=1)


@pytest.mark.process
@pytest.mark.parametrize("mark", ["process", "live"])
def test_a_marked_test_may(pytester: pytest.Pytester, mark: str) -> None:
    run(pytester, LEAVING["a program"], f"@pytest.mark.{mark}").assert_outcomes(passed=1)
