"""Numbers, addresses and nesting that Python itself refuses: one error, exit code 2, no traceback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from taskcontract.model.service import ServiceSpec, TaskSpec
from taskcontract.model.spec_file import dump_spec

if TYPE_CHECKING:
    from tests.support.project import Project

GOOD = dump_spec(ServiceSpec("pusher", "1.0.0", (TaskSpec("send", "1.0.0", "pusher.send"),)))
DIGITS = "9" * 4_400


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        (
            '{"$id": "http://[", "type": "string"}',
            "$.tasks[0].result.$id: $id must be a string, and a URI reference",
        ),
        (
            '{"$id": "http://[", "$ref": "x"}',
            "$.tasks[0].result.$id: $id must be a string, and a URI reference",
        ),
        ('{"$id": "http://a/", "$ref": "http://["}', "$.tasks[0].result.$ref: $ref must be"),
        ('{"$id": "http://a\\u2100b/", "$ref": "x"}', "$.tasks[0].result.$id: $id must be"),
        (
            f'{{"$id": "http://a/", "allOf": [true], "$ref": "#/allOf/{DIGITS}"}}',
            "$.tasks[0].result.$ref: $ref must be a string, and a URI reference of at most 2,000 characters",
        ),
        (
            '{"pattern": "(?a)(?u)x"}',
            "$.tasks[0].result.pattern: this is not a regular expression: ASCII and UNICODE flags are",
        ),
        ('{"patternProperties": {"(?a)(?u)x": {}}}', "this is not a regular expression: ASCII and UNICODE"),
        (f'{{"maximum": {DIGITS}}}', "a number here has thousands of digits"),
    ],
)
def test_a_schema(project: Project, schema: str, said: str) -> None:
    project.write("good.json", GOOD)
    project.write("bad.json", GOOD.replace('"result": true', f'"result": {schema}'))
    done = project.run("diff", "good.json", "bad.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("taskcontract: bad.json: ")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"timeout = {'9' * 400}", "timeout: 999"),
        ("timeout = 1e300", "timeout: 1e+300 is not allowed here"),
        (f"timeout = 0x{'f' * 5_000}", "timeout: a number of thousands of digits"),
        (f"timeout = {'9' * 5_000}", "a number here has thousands of digits"),
        (f"concurrency = -0b{'1' * 20_000}", "pyproject.toml"),
        (f"accept = {'[' * 20_000}", "pyproject.toml"),
    ],
)
def test_a_configuration(project: Project, line: str, said: str) -> None:
    project.write("good.json", GOOD)
    project.write("pyproject.toml", f"[tool.taskcontract]\n{line}\n")
    done = project.run("diff", "good.json", "good.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("taskcontract: ")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
