"""The account of a storm: every call by its verdict, and the table of both sides."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.storm.apps.work import count_runs

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Account", "draw_up", "make_table"]


@dataclass(frozen=True)
class Account:
    """What became of the calls of one side; `troubles` describes those that did not end right."""

    calls: int
    right: int
    wrong: int
    lost: int
    waiting: int
    refused: int
    duplicates: int
    kept: int
    replayed: int
    sent_again: int
    crashed: tuple[str, ...]
    seconds: float
    troubles: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        """Whether every call has its right result, and nothing is left in quarantine."""
        return self.right == self.calls and not self.kept


def draw_up(
    folder: Path, calls: int, *, replayed: int, kept: int, crashed: tuple[str, ...], seconds: float
) -> Account:
    """The account of what the callers in `folder` wrote; a call that no caller speaks of is waiting."""
    outcomes: list[dict[str, Any]] = [
        outcome for file in folder.glob("*.outcomes") for outcome in json.loads(file.read_text())
    ]
    verdicts = Counter(outcome["verdict"] for outcome in outcomes)
    runs = count_runs(folder / "notes")
    reports = [json.loads(file.read_text()) for file in folder.glob("*.report")]
    return Account(
        calls=calls,
        right=verdicts["right"],
        wrong=verdicts["wrong"],
        lost=verdicts["lost"],
        waiting=verdicts["waiting"] + calls - len(outcomes),
        refused=sum(outcome["refused"] and outcome["verdict"] == "right" for outcome in outcomes),
        duplicates=runs.total() - len(runs),
        kept=kept,
        replayed=replayed,
        sent_again=sum(report["sent_again"] for report in reports),
        crashed=crashed,
        seconds=seconds,
        troubles=tuple(
            f"{each['name']} ({each['kind']}, v{each['version']}): {each['verdict']}, "
            f"without a result {each['waited']}, told {each['errors']}"
            for each in outcomes
            if each["verdict"] != "right"
        ),
    )


ROWS = (
    ("calls", "calls"),
    ("right", "right"),
    ("wrong", "wrong"),
    ("lost: an error is all that came", "lost"),
    ("left waiting", "waiting"),
    ("refused, then replayed", "refused"),
    ("duplicate runs", "duplicates"),
    ("left in quarantine", "kept"),
)


def make_table(title: str, bare: Account, kept: Account) -> str:
    """Both sides in a Markdown table."""
    lines = [f"| {title} | bare Celery | taskcontract |", "|---|---:|---:|"]
    lines += [f"| {name} | {getattr(bare, row):,} | {getattr(kept, row):,} |" for name, row in ROWS]
    return "\n".join(lines)
