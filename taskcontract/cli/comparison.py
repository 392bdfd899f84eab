"""From two sides and the project's policies to a report."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from taskcontract.cli.sides import SpecSide
from taskcontract.diff.policy import Policy
from taskcontract.errors import ConfigError, SpecError
from taskcontract.reporting.report import Report

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from taskcontract.cli.observed_traffic import ObservedTraffic
    from taskcontract.cli.sides import TaskSide
    from taskcontract.diff.accepted import Acceptances
    from taskcontract.diff.budget import ProofBudget
    from taskcontract.diff.check import VersionGap
    from taskcontract.model.acceptance import Acceptance
    from taskcontract.model.config import Config
    from taskcontract.model.finding import Finding
    from taskcontract.model.service import ServiceSpec, TaskSpec

__all__ = ["compare", "say_notes"]

MOST_NAMED = 5
"""Tasks that a note names."""


def compare(
    old: SpecSide | TaskSide,
    new: SpecSide | TaskSide,
    config: Config,
    budget: ProofBudget,
    *,
    call_style: str | None = None,
    fail_on: str | None = None,
    baseline: tuple[Acceptance, ...] = (),
    is_check: bool = False,
    traffic: ObservedTraffic | None = None,
) -> Report:
    """Return what changed from `old` to `new`, two sides of one kind, read with the project's policies.

    All comparisons of a command share one `budget`. `call_style` and `fail_on` are the configured ones where
    they are None. What `baseline` accepts is accepted too. With `traffic`
    findings say whom of it they hit, with `is_check` the report also says which
    versions are too low for it.
    """
    from taskcontract.cli.lost_sight import doubt_removals
    from taskcontract.diff.accepted import apply_acceptances
    from taskcontract.diff.bump import find_declared_bump, find_deploy_order, find_required_bump
    from taskcontract.diff.check import find_version_gaps
    from taskcontract.reporting.unresolved import compare_unresolved, count_unresolved

    policy = _make_policy(config, call_style)
    before = budget.refused, budget.left_undecided
    findings = list(doubt_removals(_find(old, new, policy, budget), old.side, new.side))
    if traffic is not None:
        findings = _add_traffic(findings, old, new, traffic, config)
    sorted_out = apply_acceptances(findings, (*policy.accepted, *baseline))
    notes = [*say_notes(sorted_out, baseline), *_say_unknown(old), *_say_unknown(new)]
    if budget.refused > before[0]:
        notes.append(_say_budget(budget, budget.left_undecided - before[1]))
    unknown = compare_unresolved(old.side, new.side)
    if unknown:  # the last note: where they are listed, they follow it
        notes.append(count_unresolved(len(unknown)))
    gaps: tuple[VersionGap, ...] = ()
    if is_check and isinstance(old, SpecSide) and isinstance(new, SpecSide):
        gaps = tuple(find_version_gaps(old.spec, new.spec, sorted_out.open))
    return Report(
        old.side,
        new.side,
        sorted_out.open,
        required_bump=find_required_bump(sorted_out.open),
        declared_bump=find_declared_bump(old.side.version, new.side.version),
        order=find_deploy_order(sorted_out.open),
        accepted=sorted_out.accepted,
        gaps=gaps,
        assumptions=_say_policy(policy) | ({} if traffic is None else {"unsent": config.unsent}),
        notes=tuple(notes),
        fail_on=cast("Any", fail_on or config.fail_on),
        is_check=is_check,
        renamed=_find_renamed(findings),
    )


def _find_renamed(findings: Iterable[Finding]) -> dict[str, str]:
    """Return the name that each task without a version has now, where `findings` say that it has another."""
    return {
        each.task: each.new for each in findings if not each.version and each.path == "wire_name" and each.new
    }


def _find(
    old: SpecSide | TaskSide, new: SpecSide | TaskSide, policy: Policy, budget: ProofBudget
) -> list[Finding]:
    from taskcontract.diff.changes import compare_tasks, find_changes
    from taskcontract.diff.judge import Judges

    judges = Judges(old.judge, new.judge)
    try:
        if isinstance(old, SpecSide) and isinstance(new, SpecSide):
            before, after = _assume(old, new), _assume(new, old)
            findings = list(find_changes(before, after, policy=policy, judges=judges, budget=budget))
            return _add_senders(findings, old, new)
        old, new = cast("tuple[TaskSide, TaskSide]", (old, new))
        return list(
            compare_tasks(
                old.task, new.task, service=old.service, policy=policy, judges=judges, budget=budget
            )
        )
    except SpecError as error:
        where = f"{old.side.origin} -> {new.side.origin}: {error.where}"
        raise SpecError(error.what, where=where, do=error.do) from None


def _assume(side: SpecSide, other: SpecSide) -> ServiceSpec:
    """Return the spec of `side`, where tasks of an unknown signature have that of the `other` one's.

    Nothing can be said of them, and nothing is: a note names them.
    """
    if not side.unknown:
        return side.spec
    there = {task.wire_name: task for task in other.spec.tasks}

    def fill(task: TaskSpec) -> TaskSpec:
        twin = there.get(task.wire_name) if task.wire_name in side.unknown else None
        if twin is None:
            return task
        options = {**twin.options, **task.options}
        return replace(twin, name=task.name, version="", wire_name=task.wire_name, options=options)

    return replace(side.spec, tasks=tuple(map(fill, side.spec.tasks)))


def _say_unknown(side: SpecSide | TaskSide) -> Iterator[str]:
    if isinstance(side, SpecSide) and side.unknown:
        shown = ", ".join(sorted(side.unknown)[:MOST_NAMED])
        more = len(side.unknown) - MOST_NAMED
        others = f" and {more} more" if more > 0 else ""
        yield f"{side.side.origin} does not say the signatures of {shown}{others}: they are not compared"


def _add_senders(findings: list[Finding], old: SpecSide, new: SpecSide) -> list[Finding]:
    """Return `findings`, with what becomes of the old project's own senders where they can be read."""
    if old.find_calls is None or not findings:
        return findings
    from taskcontract.diff.senders import add_senders, concerns_senders

    if not any(map(concerns_senders, findings)):
        return findings

    return list(add_senders(findings, old.find_calls(), old.spec, new.spec))


def _add_traffic(
    findings: list[Finding],
    old: SpecSide | TaskSide,
    new: SpecSide | TaskSide,
    traffic: ObservedTraffic,
    config: Config,
) -> list[Finding]:
    from taskcontract.operations.traffic import add_traffic

    old, new = cast("tuple[SpecSide, SpecSide]", (old, new))
    return list(
        add_traffic(
            findings,
            old.spec,
            new.spec,
            traffic.counted,
            days=traffic.days,
            now=traffic.now,
            lower=config.unsent == "dangerous",
        )
    )


def _say_policy(policy: Policy) -> dict[str, str]:
    styles = {f"call style of {task}": style for task, style in sorted(policy.call_styles.items())}
    severities = {f"severity of {rule}": severity for rule, severity in sorted(policy.severities.items())}
    return {"call style": policy.call_style, "objects": policy.objects, **styles, **severities}


def _say_budget(budget: ProofBudget, left: int) -> str:
    what = {0: "some calls are not shown", 1: "one signature or type is left undecided"}
    said = what.get(left, f"{left} signatures and types are left undecided")
    return (
        f"the budget of {budget.steps:,} steps for all proofs is used up: {said}; "
        f"give it more with --budget {10 * budget.steps}"
    )


def say_notes(sorted_out: Acceptances[Any], baseline: tuple[Acceptance, ...]) -> Iterator[str]:
    """Yield a remark on each acceptance, but of the `baseline`, that has expired or matches nothing."""
    for entry in sorted_out.expired:
        yield f"the acceptance of {_name(entry)} expired on {entry.expires}: accept it again or fix the break"
    for entry in sorted_out.unused:
        if entry not in baseline:
            yield f"the acceptance of {_name(entry)} matches nothing: remove it"


def _name(entry: Acceptance) -> str:
    return entry.fingerprint or f"{entry.rule} in {entry.task}"


def _make_policy(config: Config, call_style: str | None) -> Policy:
    """Return the project's policy; a ConfigError names the configured rule that does not exist."""
    from taskcontract.diff.rule_index import check_rule_ids
    from taskcontract.lint.rule_index import is_of_lint, list_lint_rule_ids

    lint_rules = list_lint_rule_ids()
    accepted = [each.rule for each in config.accept if each.rule]
    for key, rules in (("severity", config.severity), ("accept", accepted)):
        try:
            check_rule_ids(rules, others=lint_rules)
        except ConfigError as error:
            where = f"{config.file}: [tool.taskcontract] {key}"
            raise ConfigError(error.what, where=where, do=error.do) from None
    return Policy(
        call_style=cast("Any", call_style or config.call_style),
        call_styles=cast("Any", config.call_styles),
        severities=cast(
            "Any", {rule: value for rule, value in config.severity.items() if rule not in lint_rules}
        ),
        accepted=tuple(each for each in config.accept if not is_of_lint(each, lint_rules)),
    )
