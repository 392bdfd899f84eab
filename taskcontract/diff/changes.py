"""All that changed between two specs, as findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.extra import require_validator
from taskcontract.diff.judge import NOBODY
from taskcontract.diff.policy import Policy
from taskcontract.diff.rule_index import check_rules
from taskcontract.diff.walker.context import open_context
from taskcontract.diff.walker.sameness import same_carries
from taskcontract.diff.walker.services import ServicePair, pair_tasks
from taskcontract.diff.walker.tasks import KeptTaskPair
from taskcontract.diff.walker.vetting import vet
from taskcontract.model.equality import same_json
from taskcontract.model.service import ServiceSpec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from taskcontract.diff.budget import ProofBudget
    from taskcontract.diff.judge import Judges
    from taskcontract.diff.rule_index import Room
    from taskcontract.diff.walker.subjects import Subject
    from taskcontract.model.canonical import Json
    from taskcontract.model.finding import Finding
    from taskcontract.model.service import ParameterSpec, TaskSpec

__all__ = ["compare_tasks", "find_changes"]


def find_changes(
    old: ServiceSpec,
    new: ServiceSpec,
    *,
    policy: Policy | None = None,
    judges: Judges = NOBODY,
    budget: ProofBudget | None = None,
) -> Iterator[Finding]:
    """Each change between two states of a service as a finding, task by task in the old order.

    Nothing is left out: accepted breaks are among them (see `taskcontract.diff.accepted`). Equal specs give
    none. A call is shown only if the old side takes it and the new one does not, or does something else:
    `judges` say so from the sides' own code, where there is any, in place of their specs. What is not proved
    when `budget` is used up is undecided: several comparisons may share one.
    """
    require_validator()
    policy = policy or Policy()
    for finding in _walk(ServicePair(open_context(old, new, policy, judges, budget))):
        yield policy.weigh(finding)


def compare_tasks(
    old: TaskSpec,
    new: TaskSpec,
    *,
    service: str = "",
    policy: Policy | None = None,
    judges: Judges = NOBODY,
    budget: ProofBudget | None = None,
) -> Iterator[Finding]:
    """Yield what changes for a caller of `old` who calls `new` instead: two versions, or any two tasks.

    Names and versions are taken as meant: only what the two promise is compared.
    """
    require_validator()
    policy = policy or Policy()
    sides = [ServiceSpec(name=service, version=task.version, tasks=(task,)) for task in (old, new)]
    services = ServicePair(open_context(sides[0], sides[1], policy, judges, budget))
    pair = KeptTaskPair(services.context, old, new)
    services.kept.append(pair)
    for finding in (*_walk_task(pair), *check_rules("services", services)):
        yield policy.weigh(finding)


def _walk(services: ServicePair) -> Iterator[Finding]:
    differs = not same_carries(services.old.carries, services.new.carries)
    for pair in pair_tasks(services.context):
        differs = True
        for finding in check_rules("tasks", pair):
            # Whatever is sent to what is gone is refused: only the old side has to take it.
            yield vet(finding, pair.context, pair.old, None) if pair.old is not None else finding
        if pair.kept is not None:
            services.kept.append(pair.kept)
            yield from _walk_task(pair.kept)
    if differs:
        yield from check_rules("services", services)


def _walk_task(pair: KeptTaskPair) -> Iterator[Finding]:
    pair.context.budget.grow()
    if pair.signature_differs:
        yield from _walk_signature(pair)
    if pair.result_differs:
        taken = pair.results_taken
        yield from _walk_schemas(pair, pair.old.result, pair.new.result, "result", None, taken)
    for name, before, after in pair.changed_errors:
        yield from _walk_schemas(pair, before, after, f"errors.{name}", None)
    if pair.signature_differs or pair.result_differs:
        yield from _vetted(check_rules("canvas", pair), pair)
    if pair.delivery_differs:
        yield from check_rules("delivery", pair)


def _walk_signature(pair: KeptTaskPair) -> Iterator[Finding]:
    """Yield the findings on parameters; the remainder's rules get what no other rule explained."""
    signature = pair.signature
    found = list(check_rules("signatures", signature))
    if not signature.bind_shifts:
        # Of what is not known to break, rules on single parameters would say that it is safe.
        for parameter in () if signature.doubt else signature.parameters:
            found += check_rules("parameters", parameter)
        if not signature.explained_by(found):
            found += check_rules("remainder", signature)
    yield from _vetted(found, pair)
    for parameter in signature.parameters:
        old, new = parameter.old, parameter.new
        if old is not None and new is not None and not same_json(old.schema, new.schema):
            yield from _walk_schemas(pair, old.schema, new.schema, parameter.path, old)


def _walk_schemas(
    pair: KeptTaskPair,
    old: Json,
    new: Json,
    path: str,
    parameter: ParameterSpec | None,
    taken: tuple[Json, Json] | None = None,
) -> Iterator[Finding]:
    """Yield the findings on two schemas, place by place, then on what no single place explained."""
    from taskcontract.diff.walker.proofs import is_explained
    from taskcontract.diff.walker.schemas import SchemaPair, walk_places
    from taskcontract.diff.walker.subjects import Subject
    from taskcontract.diff.walker.unsaid import leave_unsaid

    if not (pair.old.enforced or pair.new.enforced):
        (old, new), taken = leave_unsaid(old, new), None
    budget = pair.context.budget
    refused = budget.refused
    subject = Subject(pair.context, (pair.old, pair.new), old, new, path, parameter, taken=taken)
    room: Room = "results" if parameter is None else "payloads"
    found = [finding for place in walk_places(subject) for finding in check_rules(room, place)]
    for side in ("lost", "gained"):
        if not is_explained(subject, side, found):
            found += check_rules(room, SchemaPair(subject, old, new, path, unexplained=side))
    budget.left_undecided += budget.refused > refused
    yield from _vetted(found, pair, subject)


def _vetted(
    findings: Iterable[Finding], pair: KeptTaskPair, subject: Subject | None = None
) -> Iterator[Finding]:
    """Yield `findings` whose witnesses both sides have judged; `subject` gives calls to try instead."""
    from taskcontract.diff.walker.proofs import other_calls

    for finding in findings:
        others = other_calls(subject) if subject is not None else ()
        yield vet(finding, pair.context, pair.old, pair.new, others)
