"""All that changed between two specs, as findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.policy import Policy
from taskcontract.diff.rules import check_rules
from taskcontract.diff.walker.sameness import same_json
from taskcontract.diff.walker.services import ServicePair, pair_tasks
from taskcontract.diff.walker.tasks import KeptTaskPair
from taskcontract.model.service import ServiceSpec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.rules import Room
    from taskcontract.model.canonical import Json
    from taskcontract.model.finding import Finding
    from taskcontract.model.service import ParameterSpec, TaskSpec

__all__ = ["compare_tasks", "find_changes"]


def find_changes(old: ServiceSpec, new: ServiceSpec, *, policy: Policy | None = None) -> Iterator[Finding]:
    """Each change between two states of a service as a finding, task by task in the old order.

    Nothing is left out: accepted breaks are among them (see `taskcontract.diff.accepted`). Equal specs give
    none.
    """
    policy = policy or Policy()
    services = ServicePair(old, new, policy)
    for finding in _walk(services):
        yield policy.weigh(finding)


def compare_tasks(
    old: TaskSpec, new: TaskSpec, *, service: str = "", policy: Policy | None = None
) -> Iterator[Finding]:
    """What a caller of `old` meets who calls `new` instead: two versions of a task, or any two tasks.

    Names and versions are taken as meant: only what the two promise is compared.
    """
    policy = policy or Policy()
    sides = [ServiceSpec(name=service, version=task.version, tasks=(task,)) for task in (old, new)]
    for finding in _walk_task(KeptTaskPair(ServicePair(sides[0], sides[1], policy), old, new)):
        yield policy.weigh(finding)


def _walk(services: ServicePair) -> Iterator[Finding]:
    differs = False
    for pair in pair_tasks(services):
        differs = True
        yield from check_rules("tasks", pair)
        if pair.kept is not None:
            yield from _walk_task(pair.kept)
    if differs:
        yield from check_rules("services", services)


def _walk_task(pair: KeptTaskPair) -> Iterator[Finding]:
    if pair.signature_differs:
        yield from _walk_signature(pair)
    if pair.result_differs:
        yield from _walk_schemas(pair, pair.old.result, pair.new.result, "result", None)
    if pair.signature_differs or pair.result_differs:
        yield from check_rules("canvas", pair)
    if pair.delivery_differs:
        yield from check_rules("delivery", pair)


def _walk_signature(pair: KeptTaskPair) -> Iterator[Finding]:
    """The findings on parameters; the remainder steps in where no other rule explained a broken call."""
    signature = pair.signature
    found = list(check_rules("signatures", signature))
    if not signature.bind_shifts:
        for parameter in signature.parameters:
            found += check_rules("parameters", parameter)
        if not signature.explained_by(found):
            found += check_rules("remainder", signature)
    yield from found
    for parameter in signature.parameters:
        old, new = parameter.old, parameter.new
        if old is not None and new is not None and not same_json(old.schema, new.schema):
            yield from _walk_schemas(pair, old.schema, new.schema, parameter.path, old)


def _walk_schemas(
    pair: KeptTaskPair, old: Json, new: Json, path: str, parameter: ParameterSpec | None
) -> Iterator[Finding]:
    """The findings on two schemas, place by place; the whole steps in for what no place explained."""
    from taskcontract.diff.walker.proofs import Subject
    from taskcontract.diff.walker.schemas import SchemaPair, walk_places

    subject = Subject(pair, old, new, path, parameter)
    room: Room = "results" if parameter is None else "payloads"
    found = [finding for place in walk_places(subject) for finding in check_rules(room, place)]
    for side in ("lost", "gained"):
        if not subject.explained_by(found, side):
            found += check_rules(room, SchemaPair(subject, old, new, path, unexplained=side))
    yield from found
