"""What an order to deploy in promises, held to the engines: who meets whom while the deploy is under way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.diff import compare_calls
from taskcontract.diff.bump import find_deploy_order
from taskcontract.diff.calls import signature_of
from taskcontract.diff.walker.closing import close_objects
from taskcontract.diff.walker.unsaid import leave_unsaid
from tests.support.spec_schemas import find_verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.model.finding import Finding
    from taskcontract.model.service import TaskSpec

__all__ = ["find_false_order", "said_by_both"]


def find_false_order(old: TaskSpec, new: TaskSpec, findings: list[Finding]) -> str | None:
    """A meeting that the order of `findings` allows although one side does not understand the other."""
    order = find_deploy_order(findings)
    if order in ("any", "workers-first"):
        faults = [f"new workers: {fault}" for fault in _refused(old, new)]
        if faults and not any(finding.severity == "dangerous" for finding in findings):
            return f"{order}, but old callers meet {faults[0]}"
    if order in ("any", "callers-first") and old.enforced:
        for fault in _refused(new, old):
            return f"{order}, but new callers meet old workers: {fault}: {findings}"
    return None


def _refused(caller: TaskSpec, worker: TaskSpec) -> Iterator[str]:
    """What `worker` refuses of the calls of `caller`, or answers that `caller` does not expect.

    Keys that no schema names are left out: nobody sends them.
    """
    calls = compare_calls(signature_of(caller.parameters), signature_of(worker.parameters))
    if calls.verdict == "not-included":
        yield f"{calls.reason}"
    taken = {parameter.name: parameter for parameter in worker.parameters}
    for parameter in caller.parameters:
        other = taken.get(parameter.name)
        same = other is not None and parameter.kind == other.kind
        if other is not None and same and worker.enforced and _beyond(parameter.schema, other.schema):
            yield f"values of {parameter.name} are refused"
    answered, expected = said_by_both(caller, worker, worker.result, caller.result)
    if _beyond(answered, expected):
        yield "the result is not expected"


def _beyond(source: Any, target: Any) -> bool:
    sent = (source, close_objects(source))
    return all(find_verdict(each, target) == "not-included" for each in sent)


def said_by_both(one: TaskSpec, other: TaskSpec, first: Any, second: Any) -> tuple[Any, Any]:
    """Two schemas as they are compared: a hint beside none is no change where neither task enforces it."""
    return (first, second) if one.enforced or other.enforced else leave_unsaid(first, second)
