"""Judges pairs of versions by what the registry holds of them."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from taskcontract.deployment.cells import Cell, Outcome, Trouble
from taskcontract.diff.receiver import say_sunset
from taskcontract.registry.publishing import shorten_digest
from taskcontract.registry.results import digest_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    from taskcontract.deployment.rulings import ApiChange, Ruling
    from taskcontract.model.contract import Interaction
    from taskcontract.model.service import ServiceSpec
    from taskcontract.registry.records import PublishedContract, PublishedVersion
    from taskcontract.registry.registry import Registry

__all__ = ["PairJudge"]

LONGEST_CALL = 120
WORST: tuple[Outcome, ...] = ("failed", "refused", "unknown", "proved", "verified")


class PairJudge:
    """Says whether versions go together; what it reads for that it reads once.

    `find_bases` names the versions of a provider on which a contract may have passed, so that a proof can
    begin there: it is asked only where the version itself was not tried.
    """

    def __init__(
        self,
        registry: Registry,
        find_bases: Callable[[str], Iterable[PublishedVersion]],
        today: date,
    ) -> None:
        self._registry = registry
        self._find_bases = find_bases
        self._today = today
        self._cells: dict[tuple[str, str, str, str], Cell] = {}
        self._specs: dict[str, ServiceSpec] = {}
        self._contracts: dict[str, dict[str, Interaction]] = {}
        self._changes: dict[tuple[str, str], ApiChange] = {}
        self._bases: dict[str, _Bases] = {}

    def judge(self, consumer: PublishedVersion, provider: PublishedVersion) -> Cell | None:
        """Return the cell of two versions; None where the one expects nothing of the other."""
        contract = consumer.find_contract(provider.service)
        if contract is None:
            return None
        key = (consumer.service, consumer.version, provider.service, provider.version)
        if key not in self._cells:
            self._cells[key] = self._judge(consumer, contract, provider)
        return self._cells[key]

    def find_spec(self, version: PublishedVersion) -> ServiceSpec | None:
        """Return the spec of a version, None where none is published."""
        if not version.spec:
            return None
        if version.spec not in self._specs:
            self._specs[version.spec] = self._registry.load_spec(version)
        return self._specs[version.spec]

    def _judge(
        self, consumer: PublishedVersion, contract: PublishedContract, provider: PublishedVersion
    ) -> Cell:
        settled = [self._settle(contract, *each, provider) for each in sorted(contract.tasks.items())]
        counted: Counter[Outcome] = Counter(each.outcome for each in settled)
        outcome = _find_worst(counted)
        bad = [each for each in settled if each.outcome in ("failed", "refused", "unknown")]
        return Cell(
            consumer.service,
            consumer.version,
            provider.service,
            provider.version,
            outcome,
            _say(outcome, counted, settled, provider),
            len(settled),
            tuple(sorted((self._describe(contract, each) for each in bad), key=_worst_first)),
        )

    def _settle(
        self, contract: PublishedContract, digest: str, task: str, provider: PublishedVersion
    ) -> _Settled:
        """Return what is known of one interaction on one version: replayed there, or proved for it."""
        sunset = provider.sunsets.get(task)
        if sunset is not None and sunset < self._today.isoformat():  # whatever a run found before
            return _Settled(digest, "refused", say_sunset(task, sunset))
        replayed = provider.find_result(digest)
        if replayed is not None:
            outcome: Outcome = "verified" if replayed.passed else "failed"
            return _Settled(digest, outcome, replayed.why, f"{replayed.at} by {replayed.by}")
        spec = self.find_spec(provider)
        if spec is None:
            return _Settled(digest, "unknown", f"it was never replayed on {provider.id}, which has no spec")
        ruling, base = self._rule(contract, digest, task, provider, spec)
        if ruling.outcome == "same":
            return _Settled(digest, "proved", "", base)
        return _Settled(digest, ruling.outcome, ruling.why)

    def _rule(
        self,
        contract: PublishedContract,
        digest: str,
        task: str,
        provider: PublishedVersion,
        spec: ServiceSpec,
    ) -> tuple[Ruling, str]:
        """Return the best ruling that a version gives on which the interaction passed, and that version."""
        from taskcontract.deployment.rulings import Ruling, rule_on_spec

        best = None
        for base in self._list_bases(provider):
            replayed = base.find_result(digest)
            before = self.find_spec(base) if replayed is not None and replayed.passed else None
            if before is None:
                continue
            change = self._change(base, before, provider, spec)
            if not change.is_touched(task):
                return Ruling("same"), base.version
            ruling = change.rule(self._load(contract)[digest])
            if ruling.outcome != "unknown":
                return ruling, base.version
            best = best or Ruling("unknown", f"it passed on {base.version}, but since then {ruling.why}")
        return best or rule_on_spec(self._load(contract)[digest], spec, self._today), ""

    def _list_bases(self, provider: PublishedVersion) -> Iterator[PublishedVersion]:
        if provider.service not in self._bases:
            self._bases[provider.service] = _Bases(self._find_bases(provider.service))
        return (each for each in self._bases[provider.service] if each.version != provider.version)

    def _change(
        self, base: PublishedVersion, before: ServiceSpec, provider: PublishedVersion, spec: ServiceSpec
    ) -> ApiChange:
        from taskcontract.deployment.rulings import ApiChange

        key = (base.spec, provider.spec)
        if key not in self._changes:
            self._changes[key] = ApiChange(before, spec, self._today)
        return self._changes[key]

    def _load(self, contract: PublishedContract) -> dict[str, Interaction]:
        if contract.object not in self._contracts:
            whole = self._registry.load_contract(contract)
            self._contracts[contract.object] = {
                shorten_digest(digest_of(each)): each for each in whole.interactions
            }
        return self._contracts[contract.object]

    def _describe(self, contract: PublishedContract, settled: _Settled) -> Trouble:
        interaction = self._load(contract)[settled.digest]
        return Trouble(
            interaction.description,
            interaction.wire_name,
            _spell_call(interaction),
            settled.outcome,
            settled.why,
        )


class _Bases:
    """Versions that are read one by one, as far as anyone asks, and once."""

    def __init__(self, versions: Iterable[PublishedVersion]) -> None:
        self._coming = iter(versions)
        self._known: list[PublishedVersion] = []

    def __iter__(self) -> Iterator[PublishedVersion]:
        yield from self._known
        for each in self._coming:
            self._known.append(each)
            yield each


class _Settled(NamedTuple):
    """What is known of an interaction; `basis` is the run, or the version from which the proof begins."""

    digest: str
    outcome: Outcome
    why: str = ""
    basis: str = ""


def _find_worst(counted: Counter[Outcome]) -> Outcome:
    for each in WORST:
        if counted[each]:
            return each
    return "verified"


def _say(
    outcome: Outcome, counted: Counter[Outcome], settled: Sequence[_Settled], provider: PublishedVersion
) -> str:
    """Return the reason for a cell, as one sentence without its end."""
    of_all = f"{counted[outcome]} of {len(settled)}"
    if not settled:
        return "it expects nothing yet"
    if outcome == "verified":
        latest = max(each.basis for each in settled)
        return f"{_count(len(settled))} passed on a live worker, {latest}"
    if outcome == "proved":
        bases = sorted({each.basis for each in settled if each.outcome == "proved"})
        return f"passed on {', '.join(bases)}, and the change since then is proved safe for these calls"
    if outcome == "failed":
        return f"{of_all} interactions failed on a live worker"
    if outcome == "refused":
        return f"{of_all} calls would be refused, or land in other parameters"
    return f"{of_all} interactions were not tried on {provider.version}, and no proof covers them"


def _count(number: int) -> str:
    return "1 interaction" if number == 1 else f"{number} interactions"


def _worst_first(trouble: Trouble) -> tuple[int, str]:
    return WORST.index(trouble.outcome), trouble.description


def _spell_call(interaction: Interaction) -> str:
    """Return the call in short, as Python has it; what stands for secrets is made up."""
    parts = [json.dumps(each, ensure_ascii=False) for each in interaction.args]
    parts += [f"{name}={json.dumps(each, ensure_ascii=False)}" for name, each in interaction.kwargs.items()]
    text = f"{interaction.wire_name}({', '.join(parts)})"
    return text if len(text) <= LONGEST_CALL else f"{text[: LONGEST_CALL - 3]}..."
