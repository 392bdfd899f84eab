"""What a rule of `taskcontract lint` found, as data: only `taskcontract.reporting` turns it into text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

try:  # as in model/finding.py
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

if TYPE_CHECKING:
    from taskcontract.model.finding import Severity
    from taskcontract.model.place import Place

__all__ = ["Problem"]


MARK = "lint-"
"""What tells the fingerprint of a problem from that of a break, where either may be accepted."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault at one place of the project.

    `task` is the registered name of the task that it is about, `subject` what is wrong there, in short (a
    call, a parameter, an option). `what` is one sentence on what happens, `remedy` one on what to do.
    `breaking` is what fails whenever it runs, `dangerous` what does not do what it says.
    """

    rule: str
    task: str
    place: Place
    subject: str
    severity: Severity
    what: str
    remedy: str

    @property
    def fingerprint(self) -> str:
        """`lint-` and 16 hex digits that stay the same when lines move; a break's fingerprint has no mark."""
        facts = "\0".join((self.rule, self.task, self.place.file, self.subject))
        return MARK + blake2b(facts.encode(), digest_size=8).hexdigest()

    @property
    def service(self) -> str:
        """Empty: a project without bindings has no service to name."""
        return ""

    @property
    def task_id(self) -> str:
        """The name of the task: it has no version."""
        return self.task
