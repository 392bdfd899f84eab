"""What was observed of tasks, as a page and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from taskcontract.model.service import MISSING, ServiceSpec
from taskcontract.model.spec_file import dump_spec
from taskcontract.reporting.documents import write_document
from taskcontract.reporting.page import Block, line, pluralise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from taskcontract.model.canonical import Json
    from taskcontract.model.service import ParameterSpec, TaskSpec
    from taskcontract.usage.observed import ObservedTask

__all__ = ["render_observed", "render_observed_json"]


def render_observed(service: str, observed: Iterable[ObservedTask]) -> Iterator[Block]:
    """Yield each task with its parameters, and what is not known of its calls."""
    yield line((service, "name"), ": what was observed of its tasks")
    for each in observed:
        calls = f"{pluralise(each.calls, 'call')} by {pluralise(each.consumers, 'consumer')}"
        yield line("  ", (f"{each.task.name}{_spell(each.task)}", "name"), f": {calls}")
        if not each.is_known:
            yield line("    its signature is guessed from its calls: name its app with --app")
        if each.untold:
            yield line(f"    the arguments of {pluralise(each.untold, 'call')} were not told")
        if each.misfits:
            yield line(f"    {pluralise(each.misfits, 'call')} did not fit this signature")


def _spell(task: TaskSpec) -> str:
    parts: list[str] = []
    is_named = False
    for number, each in enumerate(task.parameters):
        if each.kind == "keyword-only" and not is_named:
            if not any(one.kind == "var-positional" for one in task.parameters):
                parts.append("*")
            is_named = True
        parts.append(_spell_parameter(each))
        following = task.parameters[number + 1 : number + 2]
        if each.kind == "positional-only" and all(one.kind != each.kind for one in following):
            parts.append("/")
    return f"({', '.join(parts)})"


def _spell_parameter(each: ParameterSpec) -> str:
    stars = {"var-positional": "*", "var-keyword": "**"}.get(each.kind, "")
    kind = _spell_type(each.schema)
    default = "" if each.default is MISSING else f" = {json.dumps(each.default)}"
    return f"{stars}{each.name}{f': {kind}' if kind else ''}{default}"


def _spell_type(schema: Json) -> str:
    if not isinstance(schema, dict):
        return ""
    choices = schema.get("anyOf")
    if isinstance(choices, list):
        return " | ".join(filter(None, map(_spell_type, choices)))
    kind = schema.get("type")
    return kind if isinstance(kind, str) else "..."


def render_observed_json(service: str, since: float | None, observed: Iterable[ObservedTask]) -> str:
    """Return the same as a document; a task is as in a spec."""
    tasks: list[Json] = []
    for each in observed:
        spec = json.loads(dump_spec(ServiceSpec(service, "", (each.task,))))
        tasks.append(
            {
                "task": spec["tasks"][0],
                "is_known": each.is_known,
                "calls": each.calls,
                "consumers": each.consumers,
                "untold": each.untold,
                "misfits": each.misfits,
            }
        )
    return write_document("observe", {"service": service, "shapes_since": since, "tasks": tasks})
