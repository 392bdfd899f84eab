"""Random specs, edits of them, and spellings that mean the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from taskcontract.model.service import ServiceSpec, TaskSpec
from tests.support.pydantic_schemas import make_pydantic_pair
from tests.support.schema_pairs import SchemaMaker
from tests.support.signature_pairs import make_random_pair, make_random_signature
from tests.support.specs import parameters_of

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

NAMES = ("send", "store", "index", "purge")
QUEUES = ("pusher", "uploads", None)
OPTIONS: dict[str, tuple[Any, ...]] = {
    "acks_late": (False, True),
    "accept_content": (["json"], ["json", "yaml"]),
    "expires": (60, 3600),
    "ignore_result": (False, True),
    "max_retries": (0, 3, None),
    "priority": (1, 9),
    "rate_limit": ("10/m", "100/s"),
    "time_limit": (60, 600),
    "typing": (True, False),
}


class SpecMaker:
    """Makes specs of up to four tasks, and edits one fact of one task at a time."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._pool: list[Any] = [True]

    def make_spec(self) -> ServiceSpec:
        """A service with random tasks."""
        names = self._rng.sample(NAMES, self._rng.randint(1, len(NAMES)))
        return ServiceSpec("pusher", "1.0.0", tuple(self._make_task(name) for name in sorted(names)))

    def edit(self, spec: ServiceSpec) -> ServiceSpec:
        """`spec` after one edit: of a task, or of the list of tasks."""
        rng = self._rng
        tasks = list(spec.tasks)
        absent = [name for name in NAMES if all(task.name != name for task in tasks)]
        chance = rng.random()
        if absent and (chance < 0.05 or not tasks):
            tasks.append(self._make_task(rng.choice(absent)))
        elif tasks and chance < 0.1:
            tasks.remove(rng.choice(tasks))
        elif tasks:
            place = rng.randrange(len(tasks))
            tasks[place] = self._edit_task(tasks[place])
        return replace(spec, tasks=tuple(sorted(tasks, key=lambda task: task.name)))

    def _make_task(self, name: str) -> TaskSpec:
        rng = self._rng
        signature = make_random_signature(rng, 3)
        schemas = {parameter: self._make_schema() for parameter in signature.parameters}
        return TaskSpec(
            name=name,
            version="1.0.0",
            wire_name=f"pusher.{name}",
            parameters=parameters_of(signature, schemas),
            result=self._make_schema(),
            queue=rng.choice(QUEUES),
            enforced=rng.random() < 0.8,
        )

    def _make_schema(self) -> Any:
        """A new schema or one that was made before, so that tasks can share theirs."""
        rng = self._rng
        if rng.random() < 0.3:
            return rng.choice(self._pool)
        made = make_pydantic_pair(rng)[0] if rng.random() < 0.5 else SchemaMaker(rng).make_root()
        self._pool.append(made)
        return made

    def _edit_task(self, task: TaskSpec) -> TaskSpec:
        rng = self._rng
        match rng.choice(("signature", "schema", "schema", "result", "option", "delivery")):
            case "signature":
                schemas = {parameter.name: parameter.schema for parameter in task.parameters}
                signature = rng.choice(make_random_pair(rng, 3))
                return replace(task, parameters=parameters_of(signature, schemas))
            case "schema" if task.parameters:
                parameters = list(task.parameters)
                place = rng.randrange(len(parameters))
                schema = self._edit_schema(parameters[place].schema)
                parameters[place] = replace(parameters[place], schema=schema)
                return replace(task, parameters=tuple(parameters))
            case "option":
                name = rng.choice(list(OPTIONS))
                return replace(task, options={**task.options, name: rng.choice(OPTIONS[name])})
            case "delivery":
                return replace(
                    task,
                    queue=rng.choice(QUEUES),
                    serializer=rng.choice(("json", "json", "yaml")),
                    errors=rng.choice(((), ("BucketMissing",))),
                )
        return replace(task, result=self._edit_schema(task.result))

    def _edit_schema(self, schema: Any) -> Any:
        if self._rng.random() < 0.2:
            return self._make_schema()
        return SchemaMaker(self._rng).edit(schema)


def respell_spec(spec: ServiceSpec, rng: random.Random) -> ServiceSpec:
    """The same spec in other words."""
    return replace(spec, tasks=tuple(_respell_task(task, rng) for task in spec.tasks))


def respell(schema: Any, rng: random.Random) -> Any:
    """The same schema in other words: keys in another order, definitions under other names."""
    if not isinstance(schema, dict):
        return schema
    names = {name: f"Renamed{number}" for number, name in enumerate(schema.get("$defs", {}))}
    return _respell(schema, names, rng)


def _respell_task(task: TaskSpec, rng: random.Random) -> TaskSpec:
    parameters = [replace(one, schema=respell(one.schema, rng)) for one in task.parameters]
    return replace(task, parameters=tuple(parameters), result=respell(task.result, rng))


def _respell(schema: Any, names: dict[str, str], rng: random.Random, *, by_name: str = "") -> Any:
    if isinstance(schema, list):
        return [_respell(item, names, rng) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return dict(_respell_members(schema, names, rng, by_name))


def _respell_members(
    schema: dict[str, Any], names: dict[str, str], rng: random.Random, by_name: str
) -> Iterator[tuple[str, Any]]:
    for key in rng.sample(list(schema), len(schema)):
        part = schema[key]
        if by_name:
            yield names.get(key, key) if by_name == "$defs" else key, _respell(part, names, rng)
        elif key == "$ref" and part.startswith("#/$defs/"):
            yield key, f"#/$defs/{names.get(part[8:], part[8:])}"
        elif key in ("const", "enum", "default", "examples", "discriminator"):
            yield key, part
        elif key in ("properties", "patternProperties", "$defs", "dependentSchemas"):
            yield key, _respell(part, names, rng, by_name=key)
        else:
            yield key, _respell(part, names, rng)
