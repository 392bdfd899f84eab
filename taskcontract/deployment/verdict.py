"""Whether versions may go to an environment, and in which order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from taskcontract.deployment.cells import Cell, answer_all
from taskcontract.deployment.compatibility import check_compatibility, is_transitive
from taskcontract.deployment.judge import PairJudge
from taskcontract.diff.changes import find_changes
from taskcontract.errors import ConfigError
from taskcontract.registry.selecting import find_main, find_recent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from taskcontract.deployment.cells import Answer
    from taskcontract.deployment.compatibility import CompatibilityCheck
    from taskcontract.registry.records import Environment, PublishedVersion
    from taskcontract.registry.registry import Registry

__all__ = ["Step", "Verdict", "may_deploy"]

MOST_CANDIDATES = 8
"""How many versions may go out together: their orders are tried."""
BEST: tuple[Answer, ...] = ("no", "not known", "yes")


@dataclass(frozen=True, slots=True)
class Step:
    """The deployment of one version, and what it meets.

    `workers_first` says that its callers must wait for its workers.
    """

    service: str
    version: str
    cells: tuple[Cell, ...]
    checks: tuple[CompatibilityCheck, ...] = ()
    workers_first: bool = False

    @property
    def answer(self) -> Answer:
        """What all cells and checks come to."""
        return answer_all([*(each.answer for each in self.cells), *(each.answer for each in self.checks)])


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether versions may go to an environment: the steps in the best order that there is.

    `ready` names versions of providers that are published and do what a candidate expects, where the one that
    runs does not: provider -> version. `waiting` says whether what waits in the queues means the same to each
    candidate, where that was looked at.
    """

    environment: str
    steps: tuple[Step, ...]
    ready: dict[str, str]
    waiting: tuple[Answer, ...] = ()

    @property
    def answer(self) -> Answer:
        """Yes, no or not known."""
        return answer_all([*(each.answer for each in self.steps), *self.waiting])


def may_deploy(
    registry: Registry,
    environment: Environment,
    candidates: Sequence[PublishedVersion],
    today: date,
    mode: str = "",
) -> Verdict:
    """Return whether `candidates` may go to `environment`; `mode` is in the place of what they promise.

    A version goes with another if each interaction of the one's contract passed on the other, or is proved to
    mean the same there; it may go out if it goes with all that runs beside it.
    """
    if len(candidates) > MOST_CANDIDATES:
        raise ConfigError(
            f"these are {len(candidates)} versions", do=f"Ask for not more than {MOST_CANDIDATES} together."
        )
    return _Question(registry, environment, candidates, today, mode).answer()


class _Question:
    def __init__(
        self,
        registry: Registry,
        environment: Environment,
        candidates: Sequence[PublishedVersion],
        today: date,
        mode: str,
    ) -> None:
        self._registry = registry
        self._environment = environment
        self._candidates = candidates
        self._mode = mode
        self._judge = PairJudge(registry, self._find_bases, today)
        self._steps: dict[tuple[frozenset[int], int], Step] = {}
        self._heads: dict[str, PublishedVersion | None] = {}

    def answer(self) -> Verdict:
        order = self._find_order()
        steps = []
        for index, number in enumerate(order):
            version = self._candidates[number]
            step = self._take(frozenset(order[:index]), number)
            checks = tuple(
                check_compatibility(
                    self._judge, version, self._find_promised(version), self._mode or version.compatibility
                )
            )
            steps.append(replace(step, checks=checks))
        verdict = Verdict(self._environment.name, tuple(steps), {})
        if verdict.answer == "yes":
            return replace(verdict, steps=tuple(map(self._find_first, steps)))
        return replace(verdict, ready=dict(self._find_ready(steps)))

    def _find_order(self) -> tuple[int, ...]:
        """Return the order whose worst step is best; the one that was given, where all are alike."""
        everything = frozenset(range(len(self._candidates)))

        @cache
        def find(done: frozenset[int]) -> tuple[int, tuple[int, ...]]:
            best: tuple[int, tuple[int, ...]] = (-1, ())
            for number in sorted(everything - done):
                worst, following = find(done | {number})
                worst = min(worst, BEST.index(self._take(done, number).answer))
                if worst > best[0]:
                    best = worst, (number, *following)
            return best if done != everything else (len(BEST), ())

        return find(frozenset())[1]

    def _take(self, done: frozenset[int], number: int) -> Step:
        """Return the step in which a candidate is deployed, after those that are `done`."""
        version = self._candidates[number]
        if (done, number) not in self._steps:
            cells = tuple(self._meet(version, self._find_beside(done)))
            self._steps[done, number] = Step(version.service, version.version, cells)
        return self._steps[done, number]

    def _find_beside(self, done: frozenset[int]) -> list[PublishedVersion]:
        """Return what runs when those that are `done` are deployed; released versions stay."""
        deployed = {self._candidates[number].service: self._candidates[number] for number in done}
        kept = {
            (each.published.service, each.published.version): each.published
            for each in self._environment.running
            if each.how == "released" or each.published.service not in deployed
        }
        kept |= {(each.service, each.version): each for each in deployed.values()}
        return list(kept.values())

    def _meet(self, version: PublishedVersion, beside: Sequence[PublishedVersion]) -> Iterator[Cell]:
        """Yield the cells of `version` with what runs beside it while it is deployed.

        Its own older callers are among them; that its callers wait for its workers is no hindrance.
        """
        for other in sorted(beside, key=lambda each: (each.service, each.version)):
            is_itself = (other.service, other.version) == (version.service, version.version)
            cell = None if is_itself else self._judge.judge(other, version)
            if cell is not None:
                yield cell
        for contract in version.contracts:
            others = [each for each in beside if each.service == contract.provider]
            if contract.provider == version.service:
                others = [version]
            elif not others:
                yield Cell(
                    version.service,
                    version.version,
                    contract.provider,
                    "",
                    "absent",
                    f"{contract.provider} does not run there: its calls would wait for ever",
                    len(contract.digests),
                )
            for other in sorted(others, key=lambda each: each.version):
                cell = self._judge.judge(version, other)
                if cell is not None:
                    yield cell

    def _find_bases(self, provider: str) -> Iterator[PublishedVersion]:
        """Yield versions on which contracts may have passed: those that run or are to, the newest of main."""
        yield from self._environment.find(provider)
        yield from (each for each in self._candidates if each.service == provider)
        yield from find_recent(self._registry, provider)

    def _find_main(self, service: str) -> PublishedVersion | None:
        if service not in self._heads:
            self._heads[service] = find_main(self._registry, service)
        return self._heads[service]

    def _find_promised(self, version: PublishedVersion) -> list[PublishedVersion]:
        """Return the versions that run to which `version` keeps its service's promise."""
        environments = [self._environment]
        if is_transitive(self._mode or version.compatibility):
            others = (name for name in self._registry.list_environments() if name != self._environment.name)
            environments += map(self._registry.find_environment, others)
        found = {each.version: each for every in environments for each in every.find(version.service)}
        found.pop(version.version, None)
        return list(found.values())

    def _find_first(self, step: Step) -> Step:
        """Return `step`, and whether callers of what is new in it must wait for its workers."""
        version = next(each for each in self._candidates if each.service == step.service)
        after = self._judge.find_spec(version)
        for old in self._environment.find(step.service):
            before = self._judge.find_spec(old)
            own = self._judge.judge(version, old)
            if own is not None and own.answer != "yes":
                return replace(step, workers_first=True)
            if before is None or after is None or before == after:
                continue
            if any("forward" in each.directions for each in find_changes(before, after)):
                return replace(step, workers_first=True)
        return step

    def _find_ready(self, steps: Sequence[Step]) -> Iterator[tuple[str, str]]:
        """Yield the providers of which a published version does what a candidate misses in one that runs."""
        for step in steps:
            consumer = next(each for each in self._candidates if each.service == step.service)
            for cell in step.cells:
                if cell.consumer != step.service or cell.answer == "yes" or cell.provider == step.service:
                    continue
                head = self._find_main(cell.provider)
                if head is None or head.version == cell.provider_version:
                    continue
                found = self._judge.judge(consumer, head)
                if found is not None and found.answer == "yes":
                    yield cell.provider, head.version
