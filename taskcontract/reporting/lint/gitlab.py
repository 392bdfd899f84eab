"""What was found, as GitLab's code quality: a list of issues, shown in the merge request beside the lines."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from taskcontract.model.canonical import dump_canonical
from taskcontract.reporting.code_quality import SEVERITIES, make_digest, write_issue

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json
    from taskcontract.reporting.lint.report import LintReport

__all__ = ["render"]


def render(report: LintReport) -> str:
    """Return the problems and the notes as issues; an accepted problem is none.

    GitLab shows one issue of a fingerprint: of problems that are alike, each further one has its own.
    """
    seen: Counter[str] = Counter()
    issues: list[Json] = []
    for each in report.problems:
        seen[each.fingerprint] += 1
        number = seen[each.fingerprint]
        mark = each.fingerprint if number == 1 else make_digest(each.fingerprint, str(number))
        text = f"{each.task}: {each.what} {each.remedy}"
        issues.append(write_issue(each.rule, text, SEVERITIES[each.severity], mark, each.place))
    issues += [
        write_issue("configuration", note, "minor", make_digest("lint", note)) for note in report.notes
    ]
    return dump_canonical(issues)
