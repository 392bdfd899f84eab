"""What must hold for every diff, whatever changed: each law says what is wrong, or None."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.diff import Policy, compare_calls, find_changes
from taskcontract.diff.calls import signature_of
from tests.support.order_law import find_false_order, said_by_both
from tests.support.spec_schemas import find_verdict, takes

if TYPE_CHECKING:
    from inspect import Signature

    from taskcontract.model.finding import Finding, Witness
    from taskcontract.model.service import ParameterSpec, ServiceSpec, TaskSpec

POLICY = Policy(today="2026-11-01")
GRAVE = ("breaking", "dangerous")


def diff(old: ServiceSpec, new: ServiceSpec) -> list[Finding]:
    """The findings under a policy that does not depend on the day."""
    return list(find_changes(old, new, policy=POLICY))


def find_fault(old: ServiceSpec, middle: ServiceSpec, new: ServiceSpec, respelt: ServiceSpec) -> str | None:
    """The first law that the steps to `middle` and `new` break; `respelt` means what `old` does."""
    findings = diff(old, middle)
    by_name = {task.name: task for task in middle.tasks}
    pairs = [(task, by_name[task.name]) for task in old.tasks if task.name in by_name]
    missed = (
        find_missed_break(before, after, [f for f in findings if f.task == before.name])
        for before, after in pairs
    )
    false_orders = (
        find_false_order(before, after, [f for f in findings if f.task == before.name])
        for before, after in pairs
    )
    return (
        find_doubled_fingerprint(findings)
        or find_unsound_witness(old, middle, findings)
        or next(filter(None, missed), None)
        or next(filter(None, false_orders), None)
        or find_hidden_break(old, middle, new)
        or find_effect_of_spelling(old, respelt)
    )


def find_doubled_fingerprint(findings: list[Finding]) -> str | None:
    """Two findings of one diff never have the same fingerprint."""
    seen: dict[str, Finding] = {}
    for finding in findings:
        other = seen.setdefault(finding.fingerprint, finding)
        if other is not finding:
            return f"{finding.fingerprint} stands for {other} and for {finding}"
    return None


def find_unsound_witness(old: ServiceSpec, new: ServiceSpec, findings: list[Finding]) -> str | None:
    """A breaking message is one that old took whole, and that new refuses or understands otherwise."""
    for finding in findings:
        before = next((task for task in old.tasks if task.name == finding.task), None)
        after = next((task for task in new.tasks if task.name == finding.task), None)
        if finding.witness is None or before is None or after is None or finding.severity != "breaking":
            continue
        fault = _judge(finding, finding.witness, before, after)
        if fault:
            return f"{fault}: {finding}"
    return None


def find_hidden_break(old: ServiceSpec, middle: ServiceSpec, new: ServiceSpec) -> str | None:
    """Two safe steps never make a breaking one.

    But for names: a positional-only parameter that was renamed may give its old name to another one.
    """
    steps = [*diff(old, middle), *diff(middle, new)]
    if any(finding.severity in GRAVE or finding.rule == "param-renamed" for finding in steps):
        return None
    return next((f"two safe steps hide {f}" for f in diff(old, new) if f.severity == "breaking"), None)


def find_effect_of_spelling(old: ServiceSpec, respelt: ServiceSpec) -> str | None:
    """The same schemas in other words change nothing; what the engine can't compare at all excepted."""
    found = [finding for finding in diff(old, respelt) if "unevaluated" not in finding.consequence]
    return f"another spelling gives {found[0]}" if found else None


def find_missed_break(old: TaskSpec, new: TaskSpec, findings: list[Finding]) -> str | None:
    """The engines' verdicts on calls, payloads and results are those of the findings."""
    calls = compare_calls(signature_of(old.parameters), signature_of(new.parameters))
    about_calls = [f for f in findings if f.severity == "breaking" and f.rule.startswith(("param", "var"))]
    about_calls += [f for f in findings if f.rule == "bind-changed"]
    if (calls.verdict == "not-included") != bool(about_calls):
        return f"{calls.verdict} for calls, but {about_calls}"
    after = {parameter.name: parameter for parameter in new.parameters}
    for parameter in old.parameters:
        other = after.get(parameter.name)
        if other is not None and _variety(parameter) == _variety(other):
            path = f"parameters.{parameter.name}"
            gravest = ("breaking",) if new.enforced else GRAVE
            before, now = said_by_both(old, new, parameter.schema, other.schema)
            fault = _judge_schema(before, now, "payload", path, findings, gravest)
            if fault:
                return fault
    was, becomes = said_by_both(old, new, old.result, new.result)
    return _judge_schema(becomes, was, "result", "result", findings, GRAVE)


def _judge_schema(
    source: Any, target: Any, room: str, path: str, findings: list[Finding], gravest: tuple[str, ...]
) -> str | None:
    verdict = find_verdict(source, target)
    about = [
        finding
        for finding in findings
        if finding.rule.startswith(room)
        and (finding.path == path or finding.path.startswith((f"{path}.", f"{path}[", f"{path}(")))
    ]
    severities = {finding.severity for finding in about}
    if verdict == "included":
        return f"included, but {about}" if "breaking" in severities else None
    if verdict == "undecided":
        return None if severities & {*GRAVE} else f"undecided, but {about}"
    # Keys that no schema names are dangerous at most; all else is as grave as it can be.
    return None if severities & {*gravest, "dangerous"} else f"not included at {path}, but {about}"


def _judge(finding: Finding, witness: Witness, old: TaskSpec, new: TaskSpec) -> str | None:
    if witness.is_value:
        if finding.rule.startswith("canvas"):
            return None
        if not takes(new.result, witness.value):
            return "the new task does not return the witness"
        return "a reader expected the witness" if takes(old.result, witness.value) else None
    before = _bind(signature_of(old.parameters), witness)
    if before is None:
        return "the old task does not take the witness"
    if not _takes_values(old.parameters, before) and not any(map(_takes_nothing, old.parameters)):
        return "the old task refuses a value of the witness"
    after = _bind(signature_of(new.parameters), witness)
    if finding.silent:
        return "a silent break raises" if after is None else None
    if after is not None and _takes_values(new.parameters, after) and finding.rule != "task-renamed":
        return "the new task takes the witness"
    return None


def _bind(signature: Signature, witness: Witness) -> dict[str, Any] | None:
    try:
        return dict(signature.bind(*witness.args, **(witness.kwargs or {})).arguments)
    except TypeError:
        return None


def _takes_values(parameters: tuple[ParameterSpec, ...], bound: dict[str, Any]) -> bool:
    for parameter in parameters:
        if parameter.name not in bound:
            continue
        value = bound[parameter.name]
        values = [value]
        if parameter.kind == "var-positional":
            values = list(value)
        elif parameter.kind == "var-keyword":
            values = list(value.values())
        if not all(takes(parameter.schema, item) for item in values):
            return False
    return True


def _takes_nothing(parameter: ParameterSpec) -> bool:
    """Whether no value is known to be valid for a parameter, so that no call of its task is."""
    return find_verdict(parameter.schema, False) != "not-included"


def _variety(parameter: ParameterSpec) -> str:
    """What a parameter must share with one of its name to be the same."""
    return parameter.kind if parameter.kind.startswith("var-") else "named"
