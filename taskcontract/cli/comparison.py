"""From two sides and the project's policies to a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from taskcontract.cli.sides import SpecSide
from taskcontract.diff.policy import Policy
from taskcontract.errors import ConfigError
from taskcontract.model.finding import BUMPS
from taskcontract.reporting.report import Report

if TYPE_CHECKING:
    from argparse import Namespace

    from taskcontract.cli.sides import TaskSide
    from taskcontract.model.config import Config
    from taskcontract.model.finding import Bump

__all__ = ["compare"]


def compare(
    old: SpecSide | TaskSide, new: SpecSide | TaskSide, config: Config, arguments: Namespace
) -> Report:
    """What changed from `old` to `new`, two sides of one kind, read with the project's policies."""
    from taskcontract.diff.changes import compare_tasks, find_changes

    policy = _make_policy(config, arguments.call_style)
    if isinstance(old, SpecSide) and isinstance(new, SpecSide):
        findings = tuple(find_changes(old.spec, new.spec, policy=policy))
    else:
        old, new = cast("tuple[TaskSide, TaskSide]", (old, new))
        findings = tuple(compare_tasks(old.task, new.task, service=old.service, policy=policy))
    return Report(
        old.side,
        new.side,
        findings,
        required_bump=min((finding.bump for finding in findings), key=BUMPS.index, default="none"),
        declared_bump=_declared_bump(old.side.version, new.side.version),
        order="any",
        assumptions={"call style": policy.call_style, "objects": policy.objects},
        fail_on=cast("Any", arguments.fail_on or config.fail_on),
    )


def _make_policy(config: Config, call_style: str | None) -> Policy:
    """The project's policy; a ConfigError names the configured rule that does not exist."""
    from taskcontract.diff.rules import check_rule_ids

    accepted = [each.rule for each in config.accept if each.rule]
    for key, rules in (("severity", config.severity), ("accept", accepted)):
        try:
            check_rule_ids(rules)
        except ConfigError as error:
            where = f"{config.file}: [tool.taskcontract] {key}"
            raise ConfigError(error.what, where=where, do=error.do) from None
    return Policy(
        call_style=cast("Any", call_style or config.call_style),
        call_styles=cast("Any", config.call_styles),
        severities=cast("Any", config.severity),
        accepted=config.accept,
    )


def _declared_bump(old: str, new: str) -> Bump:
    from taskcontract.model.version import parse_version

    before, after = parse_version(old).release, parse_version(new).release
    for bump, left, right in zip(BUMPS, before, after, strict=False):
        if left != right:
            return bump
    return "none"
