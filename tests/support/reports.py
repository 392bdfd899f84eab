"""A report with one finding of every kind that a format has to show, some of them hostile."""

from __future__ import annotations

from datetime import date

from taskcontract.diff.check import VersionGap
from taskcontract.model.acceptance import Acceptance
from taskcontract.model.finding import Finding, Severity, Witness
from taskcontract.reporting.report import Report, Side

HOSTILE = 'x`</details>\x1b[2J\n::error::%0A"]]>&\u202e@team|'


def make_finding(
    rule: str,
    severity: Severity = "breaking",
    *,
    task: str = "send",
    path: str = "parameters.key",
    silent: bool = False,
    undecided: bool = False,
    witness: Witness | None = None,
    consequence: str = "The worker raises TypeError for `key`.",
) -> Finding:
    """A finding in which only what a test is about is unusual."""
    return Finding(
        rule=rule,
        service="pusher",
        task=task,
        version="1.0.0",
        path=path,
        severity=severity,
        directions=("result",) if path.startswith("result") else ("backward",),
        known="undecided" if undecided else "proved",
        bump="major" if severity == "breaking" else "minor",
        consequence=consequence,
        remedy="Keep `key`.",
        silent=silent,
        witness=witness,
        old="key",
        new=None,
    )


REORDERED = make_finding(
    "param-reordered",
    silent=True,
    witness=Witness(
        args=("items/1.json", "body"),
        kwargs={},
        wire_name="pusher.send",
        typed='send.delay("items/1.json", b"body")',
        old_binding={"key": "items/1.json", "content": "body"},
        new_binding={"content": "items/1.json", "key": "body"},
    ),
)
REMOVED = make_finding(
    "param-removed",
    witness=Witness(args=(None, {"a": [True, 1.5]}), kwargs={"n": 1, "not a name": "x" * 999}),
)
WIDENED = make_finding(
    "result-type-widened", path="result.url", witness=Witness(value={"url": None}, is_value=True)
)
UNDECIDED = make_finding("payload-undecided", "dangerous", task="other", undecided=True)
ADDED = make_finding("task-added", "safe", task="fresh", path="wire_name")
QUEUE = make_finding("queue-no-longer-consumed", task="", path="queues.celery")
HOSTILE_FINDING = make_finding(
    "task-removed",
    task=HOSTILE,
    path=HOSTILE,
    witness=Witness(args=(HOSTILE,), kwargs={HOSTILE: 1}),
    consequence=f"The worker discards each message for `{HOSTILE}`.",
)
FINDINGS = (ADDED, UNDECIDED, REMOVED, REORDERED, WIDENED, QUEUE, HOSTILE_FINDING)

OLD = Side("pusher", "1.0.0", "contracts/pusher/1.0.0.json", {"": ("contracts/pusher/1.0.0.json", 1)})
PLACES = {"": ("bindings/pusher.py", 1), "send": ("bindings/pusher.py", 9)}
NEW = Side("pusher", "1.1.0", "bindings.pusher", PLACES)

QUIET = Report(OLD, NEW, (), "none", "minor", "any", assumptions={"call style": "both", "objects": "open"})
FULL = QUIET._replace(
    findings=FINDINGS,
    required_bump="major",
    order="new-major",
    accepted=((REMOVED, Acceptance("nobody calls it", "abc", expires=date(2027, 6, 30))),),
    notes=("the acceptance of abc expired",),
)
CHECK = FULL._replace(
    is_check=True, gaps=(VersionGap("pusher", "send", "1.0.0", "1.0.0", "none", "major", REMOVED),)
)
