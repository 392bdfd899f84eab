"""Files that are no specs, as `taskcontract diff` meets them: one message, exit code 2, bounded memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from taskcontract.model.service import ServiceSpec, TaskSpec
from taskcontract.model.spec_file import dump_spec

if TYPE_CHECKING:
    from tests.support.project import Project

GOOD = dump_spec(ServiceSpec("pusher", "1.0.0", (TaskSpec("send", "1.0.0", "pusher.send"),)))
DEEP = "".join('{"items":' for _ in range(10_000)) + "true" + "}" * 10_000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "cut short"),
        (GOOD[:-20], "cut short"),
        ("<html>", "this is not JSON"),
        ('{"openapi": "3.1.0"}', "not a task API written by taskcontract"),
        (GOOD.replace('"taskcontract": 2', '"taskcontract": 99'), "format 99"),
        (GOOD.replace('"result": true', '"result": NaN'), "$.tasks[0].result: NaN"),
        (
            GOOD.replace('"name": "send"', '"name": "send", "name": "x"'),
            "$.tasks[0]: the key 'name'",
        ),
        (GOOD.replace('"result": true', f'"result": {DEEP}'), "levels deep"),
        (GOOD.replace('"result": true', '"result": {"type": "strin"}'), "$.tasks[0].result.type"),
        (GOOD.replace('"result": true', '"result": {"pattern": "("}'), "$.tasks[0].result.pattern"),
        (GOOD.replace('"result": true', '"result": {"$ref": "#/$defs/x"}'), "$.tasks[0].result.$ref"),
        (GOOD.replace('"result": true', '"result": {"$ref": "#"}'), "$.tasks[0].result.$ref"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(project: Project, text: str, said: str) -> None:
    project.write("good.json", GOOD)
    project.write("bad.json", text)
    for sides in (["good.json", "bad.json"], ["bad.json", "good.json"]):
        done = project.run("diff", *sides)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("taskcontract: bad.json: ")
        assert said in done.stderr


def test_a_schema_that_is_its_own_part_is_compared(project: Project) -> None:
    cycle = '"result": {"$ref": "#/$defs/A", "$defs": {"A": {"items": {"$ref": "#/$defs/A"}}}}'
    project.write("good.json", GOOD)
    project.write("cycle.json", GOOD.replace('"result": true', cycle))
    done = project.run("diff", "good.json", "cycle.json")
    assert done.returncode in (0, 1)
    assert done.stdout.startswith("pusher 1.0.0 -> 1.0.0")


MEASURE = """
import sys
from pathlib import Path
from taskcontract.cli.main import main
code = main(["diff", "big.json", "big.json"])
status = Path("/proc/self/status")
if status.exists():  # the most that this program had; ru_maxrss is also what the one had that started it
    kilobytes = int(status.read_text().split("VmHWM:")[1].split()[0])
else:
    import resource
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(kilobytes // 1024)
sys.exit(code)
"""


@pytest.mark.process
@pytest.mark.parametrize("megabytes", [50, 30])
@pytest.mark.parametrize("piece", ["[],", '{"a":[{}]},', '"' + "x" * 100 + '",'])
def test_megabytes_of_json_are_refused_in_bounded_memory(
    project: Project, piece: str, megabytes: int
) -> None:
    project.write("big.json", "[" + piece * (megabytes * 1_000_000 // len(piece)) + "1]")
    done = project.run_python(MEASURE)
    assert done.returncode == 2
    assert done.stderr.startswith("taskcontract: big.json: ")
    assert int(done.stdout) < 300
