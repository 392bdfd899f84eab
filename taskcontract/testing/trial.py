"""One version of a task, tried on a live worker with calls that Hypothesis makes from its spec."""

from __future__ import annotations

import json
from collections import deque
from contextlib import suppress
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis.errors import Flaky, NoSuchExample, Unsatisfiable

from taskcontract.model.checks import CHECKS
from taskcontract.model.contract import ANYTHING, Interaction
from taskcontract.model.service import HEADER
from taskcontract.testing.repeatable import drawing_nothing_from_modules
from taskcontract.testing.spec_calls import SpecCalls
from taskcontract.testing.verdicts import Verdicts
from taskcontract.verification.ticket import Ticket

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

    from taskcontract.testing.spec_calls import SpecCall
    from taskcontract.testing.verdicts import Verdict
    from taskcontract.verification.described import DescribedTask
    from taskcontract.verification.outcome import Outcome
    from taskcontract.verification.verifier import Verifier

__all__ = ["CONSUMER", "Trial", "TrialResult"]

CONSUMER = "taskcontract-examples"
"""Who sends the calls, for the worker."""

EVERY_CHECK: Any = list(HealthCheck)  # typed as a list of its metaclass

BATCH = 50
"""Calls that are sent together, while the next ones are made."""

OUTSIDE_SHARE = 4
"""For so many calls, one is sent that is outside the contract."""


class TrialResult(NamedTuple):
    """How many calls were answered as declared, refused by code's own checks, and refused as they should be.

    `failure` is the smallest call that was found wrong, with its reply.
    """

    answered: int = 0
    unknown: int = 0
    refused: int = 0
    failure: Outcome | None = None
    shrunk: bool = True


class Trial:
    """Tries `task` with `count` calls; the same `seed` makes the same ones."""

    def __init__(self, verifier: Verifier, task: DescribedTask, count: int, seed: Any) -> None:
        self._verifier = verifier
        self._task = task
        self._count = count
        self._seed = seed
        self._calls = SpecCalls(task.spec, task.carries)
        schemas = [*(each.schema for each in task.spec.parameters), *(each.schema for each in task.carries)]
        checks = any(f'"{CHECKS}"' in json.dumps(schema) for schema in schemas)
        self._verdicts = Verdicts(task.spec, has_checks=checks)

    def run(self) -> TrialResult:
        """Send calls that the task has to serve, then some that it has to refuse."""
        inside = self.run_inside()
        if inside.failure is not None:
            return inside
        outside = self._calls.outside()
        if outside is None:
            return inside
        count = -(-self._count // OUTSIDE_SHARE)
        tried = self._try(outside, self._verdicts.of_outside, count)
        return inside._replace(refused=tried.answered, failure=tried.failure, shrunk=tried.shrunk)

    def run_inside(self) -> TrialResult:
        """Send calls that the task has to serve."""
        return self._try(self._calls.inside, self._verdicts.of_call, self._count)

    def _try(self, calls: SearchStrategy[SpecCall], judge: Any, count: int) -> TrialResult:
        line = _Line(self._verifier, self._ticket, judge)

        def send(call: SpecCall) -> bool:
            line.send(call)
            return line.failed is not None

        self._generate(calls, send, count, (Phase.generate,))
        line.finish()
        if line.failed is None:
            return TrialResult(answered=line.counts["well"], unknown=line.counts["unknown"])
        failed, verdict = line.failed
        smallest = self._shrink(calls, line, verdict) if verdict.can_shrink else None
        _, ticket, verdict = smallest or (failed[0], failed[1], verdict)
        faults = [verdict.fault] if verdict.fault else ticket.faults
        return TrialResult(failure=self._verifier.explain(ticket, faults), shrunk=smallest is not None)

    def _shrink(
        self, calls: SearchStrategy[SpecCall], line: _Line, first: Verdict
    ) -> tuple[SpecCall, Ticket, Verdict] | None:
        """Return the smallest call that is wrong in the same way; None if none is, when it is asked again.

        The same calls are made again; those that were answered are not sent a second time.
        """
        found: list[tuple[SpecCall, Ticket, Verdict]] = []

        def is_wrong(call: SpecCall) -> bool:
            ticket, verdict = line.ask(call)
            if verdict.kind == first.kind:
                found[:] = [(call, ticket, verdict)]
                return True
            return False

        self._generate(calls, is_wrong, self._count, (Phase.generate, Phase.shrink))
        return found[0] if found else None

    def _generate(
        self, calls: SearchStrategy[SpecCall], see: Callable[[SpecCall], bool], count: int, phases: Any
    ) -> None:
        wanted = settings(
            max_examples=count,
            phases=phases,
            deadline=None,
            database=None,
            suppress_health_check=EVERY_CHECK,
        )
        with drawing_nothing_from_modules(), suppress(NoSuchExample, Unsatisfiable, Flaky):
            find(calls, see, settings=wanted, random=Random(self._seed))  # noqa: S311 - no secret

    def _ticket(self, call: SpecCall) -> Ticket:
        spec, task = self._task.spec, self._task
        places = {each.name: each for each in task.carries}
        carried: dict[str, dict[str, Any]] = {"taskcontract": {}, "header": {}, "keyword": {}}
        for name, value in call.carried.items():
            carried[places[name].place][places[name].key] = value
        ours = {HEADER: {"carried": carried["taskcontract"]}} if carried["taskcontract"] else {}
        return Ticket(
            CONSUMER,
            task.service,
            Interaction(
                f"a call of {spec.id}",
                spec.wire_name,
                spec.version,
                call.args,
                {**call.kwargs, **carried["keyword"]},
                rules=(ANYTHING,),
                states=task.states,
                queue=spec.queue,
                serializer=spec.serializer,
                headers={**carried["header"], **ours},
            ),
        )


class _Line:
    """Calls on their way to the worker, some ahead of those whose answers are awaited."""

    def __init__(self, verifier: Verifier, make: Callable[[SpecCall], Ticket], judge: Any) -> None:
        self._verifier = verifier
        self._make = make
        self._judge = judge
        self._batch: list[tuple[SpecCall, Ticket]] = []
        self._sent: deque[tuple[SpecCall, Ticket]] = deque()
        self._known: dict[str, tuple[Ticket, Verdict]] = {}
        self.counts = {"well": 0, "unknown": 0}
        self.failed: tuple[tuple[SpecCall, Ticket], Verdict] | None = None
        """The first call that was found wrong."""

    def send(self, call: SpecCall) -> None:
        """Send a call, soon; the answers to earlier ones are judged meanwhile."""
        self._batch.append((call, self._make(call)))
        if len(self._batch) >= BATCH:
            self._flush()

    def finish(self) -> None:
        """Judge all answers that are awaited, up to the first that is wrong."""
        self._flush()
        self._collect()

    def ask(self, call: SpecCall) -> tuple[Ticket, Verdict]:
        """Return the answer to a call, sent alone unless it is known."""
        key = _key(call)
        if key not in self._known:
            ticket = self._make(call)
            self._verifier.settle(ticket)
            self._known[key] = ticket, self._judge(call, ticket)
        return self._known[key]

    def _flush(self) -> None:
        batch, self._batch = self._batch, []
        self._verifier.plan(ticket for _, ticket in batch)
        self._collect()
        if batch and self.failed is None:
            self._verifier.settle(batch[0][1])  # which sends the others, too
        self._sent.extend(batch)

    def _collect(self) -> None:
        while self._sent:
            call, ticket = self._sent.popleft()
            self._verifier.settle(ticket)
            verdict = self._judge(call, ticket)
            self._known[_key(call)] = ticket, verdict
            if verdict.kind in self.counts:
                self.counts[verdict.kind] += 1
            elif self.failed is None:
                self.failed = (call, ticket), verdict


def _key(call: SpecCall) -> str:
    return json.dumps([call.args, call.kwargs, call.carried])
