"""The tasks of a spec file, read from its JSON; a SpecError names the place of what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast, get_args

from taskcontract.errors import DeclarationError
from taskcontract.model.service import (
    MISSING,
    CarriedPlace,
    CarriedSpec,
    ParameterKind,
    ParameterSpec,
    TaskSpec,
)
from taskcontract.model.version import release_of

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json
    from taskcontract.model.reading import Node

__all__ = ["read_carried", "read_task", "read_version"]

KINDS: tuple[ParameterKind, ...] = get_args(ParameterKind)
KIND_NAMES = frozenset(KINDS)
RANKS = {kind: rank for rank, kind in enumerate(KINDS)}
POSITIONAL = KINDS[:2]
SINGLE = ("var-positional", "var-keyword")
"""A signature has at most one of each of these."""


def read_carried(node: Node) -> CarriedSpec:
    """Return what each call of the service carries."""
    place = node["place"].text(among=frozenset(get_args(CarriedPlace)))
    return CarriedSpec(
        name=node.text_of("name"),
        schema=node.schema_of("schema"),
        place=cast("CarriedPlace", place),
        key=node.text_of("key"),
        required=_optional_flag(node, "required", default=True),
    )


def read_task(node: Node) -> TaskSpec:
    """Return one version of a task."""
    return TaskSpec(
        name=node.text_of("name"),
        version=read_version(node),
        wire_name=node.text_of("wire_name"),
        parameters=_read_parameters(node["parameters"]),
        result=node.schema_of("result"),
        result_read=node.schema_of("result_read") if node.object().get("result_read") is not None else None,
        queue=_optional_text(node, "queue"),
        serializer=node.text_of("serializer"),
        bind=_optional_flag(node, "bind", default=False),
        enforced=_optional_flag(node, "enforced", default=True),
        errors=tuple(item.text() for item in errors.items()) if (errors := node.get("errors")) else (),
        error_fields=_read_error_fields(fields) if (fields := node.get("error_fields")) else {},
        options=options.object() if (options := node.get("options")) else {},
        deprecated=day.date() if (day := node.get("deprecated")) else None,
        sunset=day.date() if (day := node.get("sunset")) else None,
        supersedes=_optional_text(node, "supersedes"),
        description=_optional_text(node, "description") or "",
        aliases=tuple(item.text() for item in aliases.items()) if (aliases := node.get("aliases")) else (),
    )


def _read_error_fields(node: Node) -> dict[str, Json]:
    return {name: node.schema_of(name) for name in node.object()}


def _read_parameters(node: Node) -> tuple[ParameterSpec, ...]:
    """Return the parameters, which must make a signature that Python would take."""
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


def read_version(node: Node) -> str:
    """Return the version of a service or a task, such as 1.2.0; "" where nobody declared one."""
    if "version" not in node.object():
        return ""
    version = node["version"]
    try:
        release_of(version.text())
    except DeclarationError as error:
        version.fail(error.what, do=error.do)
    return version.text()


def _optional_text(node: Node, key: str) -> str | None:
    return None if node.object().get(key) is None else node.text_of(key)


def _optional_flag(node: Node, key: str, *, default: bool) -> bool:
    return default if node.object().get(key) is None else node[key].flag()
