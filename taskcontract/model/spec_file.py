"""The spec file: a ServiceSpec as JSON and back."""

from __future__ import annotations

import marshal
from collections import Counter
from typing import TYPE_CHECKING

from taskcontract.errors import DeclarationError, SpecError
from taskcontract.model.canonical import Json, dump_canonical
from taskcontract.model.files import read_json_file
from taskcontract.model.reading import Node
from taskcontract.model.service import MISSING, ParameterSpec, ServiceSpec, TaskSpec
from taskcontract.model.version import release_of

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FORMAT", "SpecReader", "dump_spec", "load_spec", "read_spec"]

FORMAT = 1
"""The spec format that this release writes; it reads this one and older ones."""

KINDS = ("positional-only", "positional-or-keyword", "var-positional", "keyword-only", "var-keyword")
"""In the order in which a Python signature has them."""
KIND_NAMES = frozenset(KINDS)
RANKS = {kind: rank for rank, kind in enumerate(KINDS)}
POSITIONAL = KINDS[:2]
SINGLE = ("var-positional", "var-keyword")
"""A signature has at most one of each of these."""


def dump_spec(spec: ServiceSpec) -> str:
    """`spec` as canonical JSON: the same spec gives the same bytes."""
    return dump_canonical(
        {
            "taskcontract": FORMAT,
            "service": spec.name,
            "version": spec.version,
            "tasks": [_task_json(task) for task in spec.tasks],
        }
    )


class SpecReader:
    """Reads specs; a task that stands in several of them is read once, as two versions share most tasks."""

    def __init__(self) -> None:
        self._tasks: dict[bytes, TaskSpec] = {}

    def load(self, path: Path | str) -> ServiceSpec:
        """The spec in the file `path`; a SpecError names the file and the JSON path of what is wrong."""
        return self.read(read_json_file(path), file=str(path))

    def read(self, value: Json, *, file: str) -> ServiceSpec:
        """The spec that the JSON `value`, read from `file`, spells."""
        root = _open(value, file)
        tasks = tuple(self._read_task(node) for node in root["tasks"].items())
        _refuse_doubles(root, tasks)
        return ServiceSpec(
            name=root["service"].text(),
            version=_read_version(root["version"]),
            tasks=tuple(sorted(tasks, key=_by_name_and_version)),
        )

    def _read_task(self, node: Node) -> TaskSpec:
        # Not the value itself: Python takes True for 1, and a task with another default for the same.
        content = marshal.dumps(node.value, 2)
        task = self._tasks.get(content)
        if task is None:
            task = self._tasks[content] = _read_task(node)
        return task


def load_spec(path: Path | str) -> ServiceSpec:
    """`SpecReader.load`, for one spec."""
    return SpecReader().load(path)


def read_spec(value: Json, *, file: str) -> ServiceSpec:
    """`SpecReader.read`, for one spec."""
    return SpecReader().read(value, file=file)


def _open(value: Json, file: str) -> Node:
    root = Node(value, file=file)
    if not isinstance(value, dict) or "taskcontract" not in value:
        raise SpecError(
            "this is not a task API written by taskcontract",
            where=file,
            do="Write one with `taskcontract snapshot MODULE`.",
        )
    if value["taskcontract"] is True or value["taskcontract"] != FORMAT:
        raise SpecError(
            f"this spec has format {value['taskcontract']!r}; this release reads format {FORMAT}",
            where=file,
            do="Upgrade taskcontract, or write the spec again with this release.",
        )
    return root


def _task_json(task: TaskSpec) -> Json:
    data: dict[str, Json] = {
        "name": task.name,
        "version": task.version,
        "wire_name": task.wire_name,
        "parameters": [_parameter_json(parameter) for parameter in task.parameters],
        "result": task.result,
        "queue": task.queue,
        "serializer": task.serializer,
    }
    optional: dict[str, Json] = {
        "bind": task.bind,
        "errors": list(task.errors),
        "options": task.options,
        "deprecated": task.deprecated,
        "sunset": task.sunset,
        "supersedes": task.supersedes,
        "description": task.description,
    }
    data.update((key, value) for key, value in optional.items() if value)
    if not task.enforced:
        data["enforced"] = False
    return data


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


def _read_task(node: Node) -> TaskSpec:
    return TaskSpec(
        name=node.text_of("name"),
        version=_read_version(node["version"]),
        wire_name=node.text_of("wire_name"),
        parameters=_read_parameters(node["parameters"]),
        result=node.schema_of("result"),
        queue=_optional_text(node, "queue"),
        serializer=node.text_of("serializer"),
        bind=_optional_flag(node, "bind", default=False),
        enforced=_optional_flag(node, "enforced", default=True),
        errors=tuple(item.text() for item in errors.items()) if (errors := node.get("errors")) else (),
        options=options.object() if (options := node.get("options")) else {},
        deprecated=day.date() if (day := node.get("deprecated")) else None,
        sunset=day.date() if (day := node.get("sunset")) else None,
        supersedes=_optional_text(node, "supersedes"),
        description=_optional_text(node, "description") or "",
    )


def _read_parameters(node: Node) -> tuple[ParameterSpec, ...]:
    """The parameters, which must make a signature that Python would take."""
    parameters: list[ParameterSpec] = []
    names: set[str] = set()
    before: ParameterSpec | None = None
    for item in node.items():
        parameter = _read_parameter(item)
        if parameter.name in names:
            item.fail(f"two parameters have the name {parameter.name!r}")
        if before is not None and RANKS[before.kind] + (before.kind in SINGLE) > RANKS[parameter.kind]:
            item.fail(f"a {parameter.kind} parameter cannot follow a {before.kind} one")
        if (
            before is not None
            and before.default is not MISSING
            and parameter.default is MISSING
            and parameter.kind in POSITIONAL
        ):
            item.fail(f"{parameter.name!r} has no default, but stands after one that has")
        parameters.append(parameter)
        names.add(parameter.name)
        before = parameter
    return tuple(parameters)


def _read_parameter(node: Node) -> ParameterSpec:
    members = node.object()
    kind = node.text_of("kind")
    if kind not in KIND_NAMES:
        node["kind"].text(among=KIND_NAMES)
    return ParameterSpec(
        node.text_of("name"),
        kind,  # type: ignore[arg-type]  # only the kinds are left
        node.schema_of("schema"),
        members.get("default", MISSING),
        _optional_flag(node, "secret", default=False),
    )


def _read_version(node: Node) -> str:
    try:
        release_of(node.text())
    except DeclarationError as error:
        node.fail(error.what, do=error.do)
    return node.text()


def _by_name_and_version(task: TaskSpec) -> tuple[str, tuple[int, int, int]]:
    return task.name, release_of(task.version)


def _optional_text(node: Node, key: str) -> str | None:
    return None if node.object().get(key) is None else node.text_of(key)


def _optional_flag(node: Node, key: str, *, default: bool) -> bool:
    return default if node.object().get(key) is None else node[key].flag()


def _refuse_doubles(root: Node, tasks: tuple[TaskSpec, ...]) -> None:
    for what, names in (
        ("wire name", [task.wire_name for task in tasks]),
        ("version", [task.id for task in tasks]),
    ):
        name, times = Counter(names).most_common(1)[0] if names else ("", 0)
        if times > 1:
            root["tasks"].fail(f"two tasks have the {what} {name!r}", do="Keep one of them.")
