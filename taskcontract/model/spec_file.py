"""The spec file: a ServiceSpec as JSON and back."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from taskcontract.errors import SpecError
from taskcontract.model.canonical import Json, dump_canonical
from taskcontract.model.checks import mark_not_recorded
from taskcontract.model.equality import fingerprint
from taskcontract.model.files import read_json_file
from taskcontract.model.reading import Node
from taskcontract.model.service import MISSING, CarriedSpec, ParameterSpec, ServiceSpec, TaskSpec
from taskcontract.model.spec_tasks import read_carried, read_task, read_version
from taskcontract.model.version import release_of

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FORMAT", "SpecReader", "dump_spec", "load_spec", "read_spec"]

FORMAT = 2
"""The spec format that this release writes; it reads this one and older ones.

Since 2, a schema accepts what the decoder takes; 1 left out the forms of values and the checks of code.
"""


def dump_spec(spec: ServiceSpec) -> str:
    """Return `spec` as canonical JSON: the same spec gives the same bytes."""
    return dump_canonical(
        {
            "taskcontract": FORMAT,
            "service": spec.name,
            **({"version": spec.version} if spec.version else {}),
            "tasks": [_task_json(task) for task in spec.tasks],
            **({"carries": [_carried_json(each) for each in spec.carries]} if spec.carries else {}),
        }
    )


class SpecReader:
    """Reads specs; a task that stands in several of them is read once, as two versions share most tasks."""

    def __init__(self) -> None:
        self._tasks: dict[bytes, TaskSpec] = {}

    def load(self, path: Path | str) -> ServiceSpec:
        """Return the spec in the file `path`; SpecErrors name the file and the JSON path of what is wrong."""
        return self.read(read_json_file(path), file=str(path))

    def read(self, value: Json, *, file: str) -> ServiceSpec:
        """Return the spec that the JSON `value`, read from `file`, spells."""
        root = _open(value, file)
        tasks = tuple(self._read_task(node) for node in root["tasks"].items())
        if root["taskcontract"].value == 1:
            tasks = tuple(map(_with_unknown_forms, tasks))
        _refuse_doubles(root, tasks)
        return ServiceSpec(
            name=root["service"].text(),
            version=read_version(root),
            tasks=tuple(sorted(tasks, key=_by_name_and_version)),
            carries=tuple(map(read_carried, carries.items())) if (carries := root.get("carries")) else (),
        )

    def _read_task(self, node: Node) -> TaskSpec:
        # Not the value itself: Python takes True for 1, and a task with another default for the same.
        content = fingerprint(node.value)
        task = self._tasks.get(content)
        if task is None:
            task = self._tasks[content] = read_task(node)
        return task


def load_spec(path: Path | str) -> ServiceSpec:
    """Return `SpecReader.load`, for one spec."""
    return SpecReader().load(path)


def read_spec(value: Json, *, file: str) -> ServiceSpec:
    """Return `SpecReader.read`, for one spec."""
    return SpecReader().read(value, file=file)


def _open(value: Json, file: str) -> Node:
    root = Node(value, file=file)
    if not isinstance(value, dict) or "taskcontract" not in value:
        raise SpecError(
            "this is not a task API written by taskcontract",
            where=file,
            do="Write one with `taskcontract snapshot MODULE`.",
        )
    if value["taskcontract"] is True or value["taskcontract"] not in range(1, FORMAT + 1):
        raise SpecError(
            f"this spec has format {value['taskcontract']!r}; this release reads format {FORMAT} and older",
            where=file,
            do="Upgrade taskcontract, or write the spec again with this release.",
        )
    return root


def _with_unknown_forms(task: TaskSpec) -> TaskSpec:
    """Return a task of a spec of format 1, whose schemas say less than the worker checks."""
    return replace(
        task,
        parameters=tuple(replace(each, schema=mark_not_recorded(each.schema)) for each in task.parameters),
        result=mark_not_recorded(task.result),
        result_read=None,
    )


def _task_json(task: TaskSpec) -> Json:
    data: dict[str, Json] = {
        "name": task.name,
        "wire_name": task.wire_name,
        "parameters": [_parameter_json(parameter) for parameter in task.parameters],
        "result": task.result,
        "queue": task.queue,
        "serializer": task.serializer,
    }
    optional: dict[str, Json] = {
        "version": task.version,
        "bind": task.bind,
        "errors": list(task.errors),
        "error_fields": task.error_fields,
        "options": task.options,
        "deprecated": task.deprecated,
        "sunset": task.sunset,
        "supersedes": task.supersedes,
        "description": task.description,
        "aliases": list(task.aliases),
        "result_read": task.result_read,
    }
    data.update((key, value) for key, value in optional.items() if value)
    if not task.enforced:
        data["enforced"] = False
    return data


def _carried_json(carried: CarriedSpec) -> Json:
    return {
        "name": carried.name,
        "schema": carried.schema,
        "place": carried.place,
        "key": carried.key or carried.name,
        "required": carried.required,
    }


def _parameter_json(parameter: ParameterSpec) -> Json:
    data: dict[str, Json] = {
        "name": parameter.name,
        "kind": parameter.kind,
        "schema": parameter.schema,
    }
    if parameter.default is not MISSING:
        data["default"] = parameter.default
    if parameter.secret:
        data["secret"] = True
    return data


def _by_name_and_version(task: TaskSpec) -> tuple[str, tuple[int, ...]]:
    return task.name, release_of(task.version) if task.version else ()


def _refuse_doubles(root: Node, tasks: tuple[TaskSpec, ...]) -> None:
    for what, names in (
        ("wire name", [name for task in tasks for name in task.wire_names]),
        ("version", [task.id for task in tasks]),
    ):
        name, times = Counter(names).most_common(1)[0] if names else ("", 0)
        if times > 1:
            root["tasks"].fail(f"two tasks have the {what} {name!r}", do="Keep one of them.")
