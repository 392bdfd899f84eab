"""What a comparison found, as data: only `taskcontract.reporting` turns it into text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

try:  # as the standard library's `random` does: hashlib loads OpenSSL, a tenth of what a small diff takes
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json
    from taskcontract.model.place import Place

__all__ = [
    "BUMPS",
    "DIRECTIONS",
    "SEVERITIES",
    "Bump",
    "Direction",
    "Finding",
    "Known",
    "Sender",
    "Senders",
    "Severity",
    "Traffic",
    "Witness",
]

Severity = Literal["breaking", "dangerous", "safe"]
Direction = Literal["backward", "forward", "result", "operational", "canvas"]
Known = Literal["proved", "witnessed", "undecided"]
Bump = Literal["major", "minor", "patch", "none"]

SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""Worst first."""
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
BUMPS: tuple[Bump, ...] = get_args(Bump)
"""Largest first."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A message or a result that shows the finding.

    A call is `args` and `kwargs`; a result (or a value inside one) is `value`, with `is_value` set.
    For a silent break both bindings say where each value lands: parameter -> value. `refusal` is why
    the new side refuses the call. `wire_name` is the task's name on the broker, `typed` the call as a
    typed caller writes it. `carried` are the keyword arguments, and `options` the options (queue, headers,
    serializer), with which a caller without bindings sends it.
    """

    args: tuple[Json, ...] = ()
    kwargs: dict[str, Json] | None = None
    value: Json = None
    is_value: bool = False
    old_binding: dict[str, Any] | None = None
    new_binding: dict[str, Any] | None = None
    refusal: str = ""
    wire_name: str = ""
    typed: str = ""
    carried: dict[str, Json] | None = None
    options: dict[str, Json] | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """A place in a project that sends a task, the call in short, and why that breaks, if it does."""

    place: Place
    call: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Senders:
    """What becomes of the places in the old project that send a task.

    `broken` never work again, `unknown` do by what their variables hold, and `working` is how many others
    there are.
    """

    broken: tuple[Sender, ...] = ()
    unknown: tuple[Sender, ...] = ()
    working: int = 0


@dataclass(frozen=True, slots=True)
class Traffic:
    """Whom a finding hits of those that called within `days` days, by name; `consumers` says how many.

    `may`: what they send is not told well enough to say that it is not hit. `calls` are those of both, since
    shapes are counted, which is so for `counted` seconds.
    """

    hit: tuple[str, ...]
    may: tuple[str, ...]
    consumers: int
    calls: int
    counted: float
    days: float

    @property
    def is_long_enough(self) -> bool:
        """Whether calls were counted all of that time."""
        return self.counted >= self.days * 86_400

    @property
    def is_quiet(self) -> bool:
        """Whether it is known that nobody sent such a call."""
        return self.is_long_enough and not (self.hit or self.may)


@dataclass(frozen=True, slots=True)
class Finding:
    """One change between two versions of a service's API, and what it does to whom.

    `task` is the task's name, `version` the one that the change is found in, "" where nobody declared one;
    `path` says where (`parameters.meta`, `result.url`, `queue`); `directions` whom it reaches, the gravest
    first; `consequence` is one sentence in Celery's terms, `remedy` one on what to do; `old` and `new`
    are the facts that differ, as JSON. `senders` are the project's own, where its source was read.
    """

    rule: str
    service: str
    task: str
    version: str
    path: str
    severity: Severity
    directions: tuple[Direction, ...]
    known: Known
    bump: Bump
    consequence: str
    remedy: str
    silent: bool = False
    witness: Witness | None = None
    old: Json = None
    new: Json = None
    senders: Senders | None = None
    traffic: Traffic | None = None

    @property
    def task_id(self) -> str:
        """`send_to_s3@1.0.0`; the name alone where it has no version, nothing for the service as a whole."""
        return f"{self.task}@{self.version}" if self.task and self.version else self.task

    @property
    def fingerprint(self) -> str:
        """16 hex digits that stay the same when unrelated things move.

        A service that nobody declared is called after what it was read from, a branch or a commit.
        """
        service = self.service if self.version else ""
        facts = "\0".join((self.rule, service, self.task, self.version, self.path))
        return blake2b(facts.encode(), digest_size=8).hexdigest()
