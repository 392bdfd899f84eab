"""One place in a JSON Schema, read for what the rules on payloads and results look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from taskcontract.model.forms import FORMS
from taskcontract.model.pointers import NOWHERE, read_reference, take_step

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json

__all__ = ["LIMITS", "Node", "as_union", "read_node", "resolve", "standalone"]

LIMITS = frozenset(
    {
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minLength",
        "maxLength",
        "pattern",
        "minItems",
        "maxItems",
        "uniqueItems",
        "contains",
        "minContains",
        "maxContains",
        "minProperties",
        "maxProperties",
        "propertyNames",
        "dependentRequired",
    }
)
"""Keywords that narrow the values of a type without changing where its parts are."""

ANNOTATIONS = frozenset({"title", "description", "default", "examples", "deprecated", "$comment", "$defs"})
DEEPEST = 64
"""How many references are followed in a row before the place is taken as it is."""


@dataclass(slots=True)
class Node:
    """What a schema says of the values at one place.

    `types` are the JSON types but null (None: all of them), `nullable` says whether null is taken, `values`
    are the enumerated ones but null. `form` is the pattern of a `format`. `extra` is the schema of keys that
    are not named. `branches` are the alternatives of a union, by a label that both sides of a comparison
    share if they can. `core` is the schema that this was read from, past references and the null beside it.
    """

    types: frozenset[str] | None = None
    nullable: bool = True
    values: list[Json] | None = None
    limits: dict[str, Json] = field(default_factory=dict)
    format: str | None = None
    form: str | None = None
    properties: dict[str, Json] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    extra: Json = True
    item: Json = True
    prefix: list[Json] = field(default_factory=list)
    branches: dict[str, Json] = field(default_factory=dict)
    core: Json = True

    @property
    def type_limit(self) -> Json:
        """A schema for exactly the types that this node accepts."""
        if self.types is None:
            return True
        types = sorted(self.types | {"null"} if self.nullable else self.types)
        return {"type": types} if types else False

    @property
    def value_limit(self) -> Json:
        """A schema for exactly the types and enumerated values that this node accepts."""
        if self.values is None:
            return self.type_limit
        values = [*self.values, None] if self.nullable else self.values
        return {"enum": values} if values else False

    def takes(self, kind: str) -> bool:
        """Whether some values of the JSON type `kind` are taken, as far as the types say."""
        return self.types is None or kind in self.types

    @property
    def form_limit(self) -> Json:
        """A schema for exactly the texts of this node's format."""
        return True if self.form is None else {"pattern": self.form}

    @property
    def closed(self) -> bool:
        """Whether the objects here may have no keys but the named ones."""
        return self.extra is False


def resolve(schema: Json, root: Json) -> Json:
    """Replace the references at the top of `schema` by what they lead to in `root`."""
    for _ in range(DEEPEST):
        if not isinstance(schema, dict):
            return schema
        inner = schema.get("$ref")
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        if inner is None and isinstance(schema.get("allOf"), list) and len(schema["allOf"]) == 1:
            inner = schema["allOf"][0]
            beside = {key: value for key, value in schema.items() if key != "allOf"}
        target = _follow(inner, root) if isinstance(inner, str) else inner
        if not isinstance(target, dict) or (target.keys() & beside.keys()) - ANNOTATIONS - {"required"}:
            return schema
        schema = {**target, **beside}
        if "required" in target and "required" in beside:
            schema["required"] = [*target["required"], *beside["required"]]
    return schema


def standalone(schema: Json, root: Json) -> Json:
    """Add the definitions of `root` to its part `schema`, so that it means the same on its own."""
    if not isinstance(schema, dict) or not isinstance(root, dict):
        return schema
    shared = {key: root[key] for key in ("$schema", "$defs", "definitions") if key in root}
    return {**schema, **shared}


def read_node(schema: Json, root: Json, depth: int = 0) -> Node:
    """Read what `schema`, a part of `root`, says at its top.

    `depth` counts the unions around it: what lies too deep in them is read as any value.
    """
    schema = resolve(schema, root)
    if not isinstance(schema, dict):
        return Node() if schema is not False else Node(types=frozenset(), nullable=False)
    if depth > DEEPEST:
        return Node(core=schema)
    options = schema.get("anyOf", schema.get("oneOf"))
    if isinstance(options, list):
        node = _read_union(schema, options, root, depth)
        if node is not None:
            return node
    node = Node(core={key: part for key, part in schema.items() if key not in ("$defs", "definitions")})
    _read_types(schema, node)
    node.limits = {key: schema[key] for key in sorted(schema.keys() & LIMITS)}
    node.format = schema.get("format")
    if node.format is not None:
        node.form = node.limits.pop("pattern", FORMS.get(node.format))
    properties, required = schema.get("properties"), schema.get("required")
    node.properties = properties if isinstance(properties, dict) else {}
    node.required = frozenset(required) if isinstance(required, list) else frozenset()
    node.extra = schema.get("additionalProperties", True)
    prefix = schema.get("prefixItems")
    node.prefix = prefix if isinstance(prefix, list) else []
    node.item = schema.get("items", True)
    return node


def as_union(schema: Json, node: Node) -> Node:
    """`node`, which `schema` reads as, in the form of a union of one alternative."""
    branches = {_label(schema, node): schema}
    return Node(types=node.types, nullable=node.nullable, branches=branches, core=node.core)


def _follow(reference: str, root: Json) -> Json:
    """Return the definition that a local reference names; None if there is none."""
    if reference == "#":
        return root
    steps = read_reference(reference) if reference.startswith("#") else []
    if len(steps) != 2 or steps[0] not in ("$defs", "definitions"):
        return None
    found = take_step(take_step(root, steps[0]), steps[1])
    return None if found is NOWHERE else found


def _read_union(schema: dict[str, Json], options: list[Json], root: Json, depth: int) -> Node | None:
    """Read the node of a union; None if keywords beside it matter."""
    if (
        schema.keys() - ANNOTATIONS - {"anyOf", "oneOf", "discriminator"}
        or len(schema.keys() & {"anyOf", "oneOf"}) > 1
    ):
        return None
    rest = [option for option in options if not _is_null(option)]
    if len(rest) == 1:
        node = read_node(rest[0], root, depth + 1)
        node.nullable = node.nullable or len(rest) < len(options)
        return node
    # Alternatives among alternatives are read twice deep, which keeps a bomb of them small.
    nodes = [read_node(option, root, depth + DEEPEST // 2) for option in rest]
    types = [node.types for node in nodes]
    node = Node(types=None if None in types else frozenset[str]().union(*(t for t in types if t is not None)))
    node.core = schema
    node.nullable = len(rest) < len(options) or any(inner.nullable for inner in nodes)
    for index, (option, inner) in enumerate(zip(rest, nodes, strict=True)):
        label = _label(option, inner)
        node.branches[label if label not in node.branches else f"{label} {index + 1}"] = option
    return node


def _is_null(schema: Json) -> bool:
    return isinstance(schema, dict) and (
        schema.get("type") == "null" or ("const" in schema and schema["const"] is None)
    )


def _label(schema: Json, node: Node) -> str:
    """Name one alternative of a union: by the property that tells it apart, its definition or its type."""
    for name, part in sorted(node.properties.items()):
        if isinstance(part, dict) and isinstance(part.get("const"), str):
            return f"{name}={part['const']}"
    reference = schema.get("$ref") if isinstance(schema, dict) else None
    if isinstance(reference, str):
        return read_reference(reference)[-1] if "#/" in reference else reference.rpartition("/")[2]
    if node.values is not None and len(node.values) == 1:
        return repr(node.values[0])
    return "|".join(sorted(node.types)) if node.types is not None else "any"


def _read_types(schema: dict[str, Json], node: Node) -> None:
    named = schema.get("type")
    types = {named} if isinstance(named, str) else {*named} if isinstance(named, list) else None
    values = [schema["const"]] if "const" in schema else schema.get("enum")
    if isinstance(values, list):
        node.nullable = None in values
        node.values = [value for value in values if value is not None]
        if types is None:
            types = {_type_of(value) for value in node.values}
        else:
            node.nullable = node.nullable and "null" in types
    elif types is not None:
        node.nullable = "null" in types
    node.types = None if types is None else frozenset(types - {"null"})


def _type_of(value: Json) -> str:
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return names[type(value)]
