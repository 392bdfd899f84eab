"""A spec survives its file, and tasks that several specs share are read once."""

from __future__ import annotations

import json

from taskcontract.model.service import ParameterSpec, ServiceSpec, TaskSpec
from taskcontract.model.spec_file import SpecReader, dump_spec, read_spec


def test_a_spec_survives_its_file() -> None:
    every = TaskSpec(
        "a",
        "1.2.0",
        "p.a",
        (
            ParameterSpec("x", "positional-only", {"type": "string"}),
            ParameterSpec("y", default=None, secret=True),
        ),
        result={"type": "null"},
        queue="q",
        bind=True,
        enforced=False,
        errors=("KeyError",),
        options={"priority": 3},
        deprecated="2026-01-01",
        sunset="2026-06-30",
        supersedes="1.0.0",
        description="Does it.",
    )
    spec = ServiceSpec("p", "1.2.0", (every,))
    assert read_spec(json.loads(dump_spec(spec)), file="x") == spec


def test_a_task_of_several_specs_is_read_once_and_true_is_not_one() -> None:
    def spec(default: object) -> ServiceSpec:
        task = TaskSpec("a", "1.0.0", "p.a", (ParameterSpec("x", default=default),))
        return reader.read(json.loads(dump_spec(ServiceSpec("p", "1.0.0", (task,)))), file="x")

    reader = SpecReader()
    one, again, true, real = spec(1), spec(1), spec(True), spec(1.0)
    assert one.tasks[0] is again.tasks[0]
    assert [type(each.tasks[0].parameters[0].default) for each in (one, true, real)] == [int, bool, float]
