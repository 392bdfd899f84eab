"""The written package is imported as a caller imports it, and its API compared with that of the tasks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from taskcontract.codegen.bindings_package import BindingsPackage, write_package
from taskcontract.declare.service import Service
from taskcontract.model.service import ParameterSpec, TaskSpec

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json

INTEGER: Json = {"type": "integer"}
TEXT: Json = {"type": "string"}
PARAMETERS = (
    ParameterSpec("a", "positional-only", INTEGER),
    ParameterSpec("b", "positional-or-keyword"),
    ParameterSpec("c", "positional-or-keyword", TEXT, 'it\'s "c"'),
    ParameterSpec("rest", "var-positional", INTEGER),
    ParameterSpec("d", "keyword-only", {"type": "array", "items": TEXT}, ["x", "ü"]),
    ParameterSpec("e", "keyword-only", {"anyOf": [INTEGER, {"type": "null"}]}, None),
    ParameterSpec("f", "keyword-only", True, {"k": [1, None, True]}),
    ParameterSpec("others", "var-keyword"),
)


def plain(name: str, *parameters: ParameterSpec, **facts: Any) -> TaskSpec:
    return TaskSpec(name, "", name, tuple(parameters), enforced=False, **facts)


def load(package: BindingsPackage) -> Service:
    namespace: dict[str, Any] = {"__name__": package.module}
    text = package.files[f"{package.module}/__init__.py"]
    exec(compile(text, f"{package.module}/__init__.py", "exec"), namespace)
    service = namespace[package.variable]
    assert isinstance(service, Service)
    return service


def as_declared(task: TaskSpec, function: str) -> TaskSpec:
    return replace(task, name=function, version="1.0.0", enforced=True)


@pytest.mark.parametrize("first", range(len(PARAMETERS)))
@pytest.mark.parametrize("last", range(len(PARAMETERS)))
def test_each_signature_is_declared_as_it_is(first: int, last: int) -> None:
    task = plain("shop.tasks.order", *PARAMETERS[first:last])

    (declared,) = load(write_package("shop", [task])).spec().tasks

    assert declared.parameters == tuple(
        replace(each, schema={} if each.schema is True else each.schema) for each in task.parameters
    )
    assert declared.wire_name == "shop.tasks.order"
    assert declared.id == "order@1.0.0"


def test_queues_serializers_and_what_callers_notice_are_taken_over() -> None:
    tasks = [
        plain("shop.a", queue="shop"),
        plain("shop.b", queue="shop", serializer="yaml", options={"ignore_result": True, "priority": 3}),
        plain("shop.c", description='Says "c" \\ twice.'),
    ]

    package = write_package("shop", tasks)

    declared = load(package).spec().tasks
    assert [(task.queue, task.serializer, task.options) for task in declared] == [
        ("shop", "json", {}),
        ("shop", "yaml", {"ignore_result": True, "priority": 3}),
        ("celery", "json", {}),
    ]
    assert declared[2].description == "Says 'c' \\ twice."
    assert package.notes == ()


def test_tasks_of_one_function_name_and_names_of_python_stay_apart() -> None:
    names = ["shop.a.run", "shop.b.run", "shop.import", "shop.Any", "shop.shop", "shop.print", "shop.send_v1"]

    package = write_package("shop", [plain(name) for name in names])

    assert sorted(task.wire_name for task in load(package).tasks) == sorted(names)
    assert len(set(package.functions.values())) == len(names)


def test_a_default_that_stands_for_another_value_is_told() -> None:
    dated = ParameterSpec("day", schema={"type": "string", "format": "date"}, default="2026-01-01")
    from datetime import date

    from taskcontract.declare.codec import Codec

    package = write_package("shop", [plain("shop.a", replace(dated, schema=Codec(date).schema("read")))])

    (declared,) = load(package).spec().tasks
    assert declared.parameters == (ParameterSpec("day", schema={}, default="2026-01-01"),)
    assert package.notes == ("shop.a: `day` is Any, as its default is no JSON value",)


def test_a_default_that_is_an_expression_is_the_workers_to_evaluate() -> None:
    limit = ParameterSpec("limit", schema=INTEGER, default={"x-expression": "settings.LIMIT"})

    package = write_package("shop", [plain("shop.a", limit)])

    (declared,) = load(package).spec().tasks
    assert declared.parameters == (
        ParameterSpec("limit", schema={"anyOf": [INTEGER, {"type": "null"}]}, default=None),
    )
    assert package.notes == ("shop.a: `limit` defaults to None here, to settings.LIMIT in the worker",)
