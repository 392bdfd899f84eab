"""Contract files as pytest collects them, one item per interaction."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from taskcontract.errors import TaskContractError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

    from taskcontract.model.contract import Contract
    from taskcontract.pytest_plugin.run import ContractRun
    from taskcontract.verification.outcome import Outcome
    from taskcontract.verification.pipeline import Ticket

__all__ = ["RUN", "ContractFile", "InteractionItem"]

RUN: pytest.StashKey[ContractRun] = pytest.StashKey()


class ContractFile(pytest.File):
    """The interactions of one contract file."""

    def collect(self) -> Iterator[InteractionItem]:
        """One item per interaction; a CollectError says what is wrong with the file, without a traceback."""
        from taskcontract.model.pact import load_contract
        from taskcontract.verification.pipeline import issue_tickets

        run = self.config.stash[RUN]
        try:
            contract = load_contract(self.path)
        except TaskContractError as error:
            raise self.CollectError(str(error)) from None
        if self._check(contract, run):
            tickets = issue_tickets(contract)
            for name, ticket in zip(_name(tickets), tickets, strict=True):
                yield InteractionItem.from_parent(self, name=name, ticket=ticket)

    def _check(self, contract: Contract, run: ContractRun) -> bool:
        """Whether the contract is one of this provider's; a CollectError lists what the provider has not."""
        from taskcontract.verification.offer import find_refusal

        offer = run.offer()
        if offer is None:
            return True
        if offer.services and contract.provider not in offer.services:
            if run.explicit:
                raise self.CollectError(
                    f"{self.path}: this contract is for {contract.provider!r}, and the worker serves "
                    f"{', '.join(map(repr, offer.services))}"
                )
            run.foreign.append(self.path.name)
            return False
        refusals = [
            f"{self.path}: {each.description!r}: {refusal.what}\n  {refusal.do}"
            for each in contract.interactions
            if (refusal := find_refusal(offer, each))
        ]
        if refusals:
            raise self.CollectError("\n".join(refusals))
        return True


class InteractionItem(pytest.Item):
    """One interaction, replayed on the run's worker."""

    def __init__(self, *, ticket: Ticket, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.ticket = ticket
        # Other plugins (pytest-docker-tools, for one) take every failing item for a function.
        self.funcargs: dict[str, object] = {}

    def runtest(self) -> None:
        """Replay the interaction; an InteractionError carries what is wrong."""
        outcome = self.config.stash[RUN].replay(self.ticket)
        if not outcome.ok:
            raise InteractionError(outcome)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What is shown of a failure: no traceback of ours."""
        error = excinfo.value
        if isinstance(error, InteractionError):
            from taskcontract.reporting.replay import explain_outcome, summarise_outcome

            return Explanation(explain_outcome(error.outcome), Crash(summarise_outcome(error.outcome)))
        if isinstance(error, TaskContractError):
            return Explanation(str(error), Crash(error.what))
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[PathLike[str] | str, int | None, str]:
        """Where the interaction stands, and the heading of its failure."""
        return self.path, None, f"{self.ticket.consumer}: {self.name}"


class InteractionError(Exception):
    """An interaction that failed."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome)
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Crash:
    """The one line that pytest's summary and JUnit's reports show."""

    message: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A failure as pytest shows it."""

    text: str
    reprcrash: Crash

    def toterminal(self, writer: Any) -> None:
        """Show the text, what is wrong in red."""
        wrong, _, rest = self.text.partition("\n\n")
        writer.line(wrong, red=True)
        if rest:
            writer.line()
            writer.line(rest)

    def __str__(self) -> str:
        return self.text


def _name(tickets: list[Ticket]) -> Iterator[str]:
    """Each interaction's description as an item's name, made unique; `::` would split its id."""
    seen: Counter[str] = Counter()
    for ticket in tickets:
        name = " ".join(ticket.interaction.description.replace("::", ":").split())
        seen[name] += 1
        yield name if seen[name] == 1 else f"{name} #{seen[name]}"
