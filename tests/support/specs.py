"""Specs in a line: tasks written as in `def`, and a service of them."""

from __future__ import annotations

from inspect import Parameter
from typing import TYPE_CHECKING, Any

from taskcontract.model.service import MISSING, ParameterSpec, ServiceSpec, TaskSpec
from tests.support.signature_pairs import parse

if TYPE_CHECKING:
    from collections.abc import Mapping
    from inspect import Signature

    from taskcontract.model.service import ParameterKind

KINDS: dict[int, ParameterKind] = {
    Parameter.POSITIONAL_ONLY: "positional-only",
    Parameter.POSITIONAL_OR_KEYWORD: "positional-or-keyword",
    Parameter.VAR_POSITIONAL: "var-positional",
    Parameter.KEYWORD_ONLY: "keyword-only",
    Parameter.VAR_KEYWORD: "var-keyword",
}
TYPES = {
    "str": "string",
    "int": "integer",
    "float": "number",
    "bool": "boolean",
    "dict": "object",
    "list": "array",
}
STRING = {"type": "string"}
INTEGER = {"type": "integer"}


def parameters_of(
    signature: Signature, schemas: Mapping[str, Any] | None = None
) -> tuple[ParameterSpec, ...]:
    """The parameters of a signature, their schemas from `schemas` by name, else from plain annotations."""
    return tuple(
        ParameterSpec(
            parameter.name,
            KINDS[parameter.kind],
            _schema(parameter, schemas or {}),
            MISSING if parameter.default is parameter.empty else parameter.default,
        )
        for parameter in signature.parameters.values()
    )


def make_task(name: str, signature: str = "", version: str = "1.0.0", **facts: Any) -> TaskSpec:
    """`make_task("send", "key: str, size: int = 0")`; keyword arguments are the other facts of TaskSpec.

    `schemas` gives parameters schemas by their names.
    """
    schemas = facts.pop("schemas", None)
    facts.setdefault("wire_name", f"pusher.{name}")
    return TaskSpec(name=name, version=version, parameters=parameters_of(parse(signature), schemas), **facts)


def make_service(*tasks: TaskSpec, version: str = "1.0.0") -> ServiceSpec:
    """The service `pusher` with these tasks."""
    return ServiceSpec(name="pusher", version=version, tasks=tasks)


def _schema(parameter: Parameter, schemas: Mapping[str, Any]) -> Any:
    if parameter.name in schemas:
        return schemas[parameter.name]
    kind = TYPES.get(parameter.annotation)
    return True if kind is None else {"type": kind}
