"""The package of bindings for tasks that exist: what `taskcontract adopt` writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from taskcontract.codegen.annotations import is_plain_json, spell_type
from taskcontract.codegen.formatting import LONGEST, FreshNames, lay_out, quote, write_docstring
from taskcontract.codegen.imports import Imports, Origin
from taskcontract.declare.declaration import OPTIONS
from taskcontract.model.expressions import expression_of
from taskcontract.model.service import MISSING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from taskcontract.model.canonical import Json
    from taskcontract.model.service import ParameterSpec, TaskSpec

__all__ = ["BindingsPackage", "write_package"]

FIRST = "1.0.0"
"""The version that each adopted task starts with."""

MODULE = '''\
# mypy: disable-error-code="empty-body"
"""What {service} offers to other services."""

{imports}from taskcontract import Service

{variable} = Service({name}{queue})


{tasks}\
'''

PROJECT = """\
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = "{name}-bindings"
version = "{version}" # the version of the service's API
description = "What {name} offers to other services: typed Celery delegates, without its code."
requires-python = ">=3.11"
dependencies = ["taskcontract"]

[tool.setuptools]
packages = ["{module}"]

[tool.setuptools.package-data]
{module} = ["py.typed"]
"""


class BindingsPackage(NamedTuple):
    """A package as text: `files` by their path in its folder; `module` holds the `service`, as `variable`.

    `functions` are the bindings' names, by the tasks' names. `notes` say what could not be taken over.
    """

    service: str
    module: str
    variable: str
    files: Mapping[str, str]
    functions: Mapping[str, str]
    notes: tuple[str, ...]


def write_package(service: str, tasks: Sequence[TaskSpec]) -> BindingsPackage:
    """Return the package that declares `tasks`, by their registered names, as version 1.0.0 of `service`.

    The queue of most of them is the service's. A type that has no spelling without the project's own
    classes is `Any`, and a default that is no JSON value is None: the notes say which.
    """
    variable = service.replace("-", "_")
    module = f"{variable}_bindings"
    imports = Imports({"Service": Origin("taskcontract", "Service"), variable: Origin("", variable)})
    names = FreshNames({*imports.names, "Any", "Literal"}, "run")
    functions = {task.name: names.add(_shorten(task.name)) for task in tasks}
    queues = [task.queue for task in tasks]
    queue = max(dict.fromkeys(queues), key=queues.count, default=None)
    notes: list[str] = []
    bodies = [
        _write_task(task, functions[task.name], variable, queue, imports, notes)
        for task in sorted(tasks, key=lambda task: functions[task.name])
    ]
    text = MODULE.format(
        service=service,
        variable=variable,
        name=quote(service),
        queue="" if queue is None else f", queue={quote(queue)}",
        imports="\n".join([*imports.write(LONGEST), "", ""]) if imports.write(LONGEST) else "",
        tasks="\n\n".join(bodies),
    )
    files = {
        f"{module}/__init__.py": text,
        f"{module}/py.typed": "",
        "pyproject.toml": PROJECT.format(name=service, module=module, version=FIRST),
    }
    return BindingsPackage(service, module, variable, files, functions, tuple(notes))


def _shorten(name: str) -> str:
    """Return the last part of a task's name, without a version's suffix, as it starts at version 1."""
    return name.rpartition(".")[2].replace("-", "_")


def _write_task(
    task: TaskSpec, function: str, service: str, queue: str | None, imports: Imports, notes: list[str]
) -> str:
    options: dict[str, Json] = {"version": FIRST, "name": task.name}
    options |= {} if task.queue == queue else {"queue": task.queue_name}
    options |= {} if task.serializer == "json" else {"serializer": task.serializer}
    options |= {
        key: value for key, value in task.options.items() if key in OPTIONS and expression_of(value) is None
    }
    given = ", ".join(f"{key}={_spell_value(value)}" for key, value in options.items())
    result = spell_type(task.result, imports)
    head = f"def {function}({_write_parameters(task, imports, notes)}) -> {result}:"
    body = f"\n{write_docstring(task.description)}\n    ..." if task.description else " ..."
    return f"{lay_out(f'@{service}.task({given})')}\n{lay_out(head)}{body}\n"


def _write_parameters(task: TaskSpec, imports: Imports, notes: list[str]) -> str:
    parts: list[str] = []
    before = None
    for parameter in task.parameters:
        if before == "positional-only" != parameter.kind:
            parts.append("/")
        if parameter.kind == "keyword-only" and before not in ("keyword-only", "var-positional"):
            parts.append("*")
        before = parameter.kind
        parts.append(_write_parameter(parameter, task.name, imports, notes))
    return ", ".join([*parts, *(["/"] if before == "positional-only" else [])])


def _write_parameter(parameter: ParameterSpec, task: str, imports: Imports, notes: list[str]) -> str:
    stars = {"var-positional": "*", "var-keyword": "**"}.get(parameter.kind, "")
    default = parameter.default
    spelled = spell_type(parameter.schema, imports)
    if default is MISSING:
        return f"{stars}{parameter.name}: {spelled}"
    expression = expression_of(default)
    if expression is not None:
        notes.append(f"{task}: `{parameter.name}` defaults to None here, to {expression} in the worker")
        default = None
    if default is not None and not is_plain_json(parameter.schema):
        notes.append(f"{task}: `{parameter.name}` is Any, as its default is no JSON value")
        spelled = imports.add(Origin("typing", "Any"))
    if default is None and spelled not in ("Any", "None") and "None" not in spelled:
        spelled = f"{spelled} | None"
    return f"{parameter.name}: {spelled} = {_spell_value(default)}"


def _spell_value(value: Json) -> str:
    """Return a JSON value as a literal of Python's, its texts in double quotes."""
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_spell_value, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{quote(key)}: {_spell_value(item)}' for key, item in value.items())}}}"
    return repr(value)
