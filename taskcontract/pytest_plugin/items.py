"""Contract files as pytest collects them, one item per interaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from taskcontract.errors import ContractError, TaskContractError
from taskcontract.model.pact_parts import ContractParts
from taskcontract.pytest_plugin.node_ids import name_interactions, spell_name
from taskcontract.pytest_plugin.outcomes import OUTCOMES
from taskcontract.reporting.escape import tame, tame_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike
    from pathlib import Path

    from taskcontract.pytest_plugin.contract_files import ContractFiles
    from taskcontract.verification.outcome import Outcome
    from taskcontract.verification.ticket import Ticket

__all__ = ["CONSUMER", "RUN", "ContractFile", "InteractionItem"]


class Run(Protocol):
    """What contract files and their interactions ask of the run that collects them."""

    @property
    def files(self) -> ContractFiles:
        """Which files are contracts, and what is in them."""
        ...

    def find_foreign(self, parts: ContractParts, file: Path) -> ContractError | None:
        """Return what is wrong if another service provides what a contract asks for."""
        ...

    def replay(self, ticket: Ticket) -> Outcome:
        """Replay one interaction."""
        ...


RUN: pytest.StashKey[Run] = pytest.StashKey()
CONSUMER: pytest.StashKey[str] = pytest.StashKey()
"""Whose interaction an item is."""
WHOLE_FILE = "can be read"
"""The name of the item for a file of which nothing can be replayed."""


class ContractFile(pytest.File):
    """The interactions of one contract file."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield one item per interaction, of which one that is broken fails alone.

        A file that is not a contract, but was named as one, is one item that says so.
        """
        run = self.config.stash[RUN]
        parts = run.files.look_into(self.path)
        if isinstance(parts, ContractError):
            yield BrokenItem.from_parent(self, name=WHOLE_FILE, error=parts)
        elif isinstance(parts, ContractParts):
            foreign = run.find_foreign(parts, self.path)
            if foreign is None:
                yield from self._collect_parts(parts)
            elif run.files.was_asked_for(self.path):
                yield BrokenItem.from_parent(self, name=WHOLE_FILE, error=foreign)

    def _collect_parts(self, parts: ContractParts) -> Iterator[pytest.Item]:
        from taskcontract.model.contract import Interaction
        from taskcontract.verification.ticket import Ticket

        names = name_interactions(
            (each.description for each in parts.interactions), parts.consumer, self.path
        )
        for name, each in zip(names, parts.interactions, strict=True):
            item: pytest.Item
            if isinstance(each, Interaction):
                ticket = Ticket(parts.consumer, parts.provider, each, str(self.path))
                item = InteractionItem.from_parent(self, name=name, ticket=ticket)
            else:
                item = BrokenItem.from_parent(
                    self, name=name, error=each.error, parties=(parts.consumer, parts.provider)
                )
            item.extra_keyword_matches.add(parts.consumer)
            item.stash[CONSUMER] = parts.consumer
            yield item


class BrokenItem(pytest.Item):
    """What cannot be replayed: one interaction of a file, which fails, or the file itself, an error."""

    def __init__(
        self, *, error: ContractError, parties: tuple[str, str] = ("", ""), **arguments: Any
    ) -> None:
        super().__init__(**arguments)
        self.error = error
        self._parties = parties
        # Other plugins (pytest-docker-tools, for one) take every failing item for a function.
        self.funcargs: dict[str, object] = {}

    def setup(self) -> None:
        """Say what is wrong with the file."""
        from taskcontract.reporting.contracts.replayed import Unreplayed

        unreplayed = Unreplayed(self.name, str(self.path), str(self.error), *self._parties)
        self.config.stash[OUTCOMES].all.unreplayed.append(unreplayed)
        if self.name == WHOLE_FILE:
            pytest.fail(tame(str(self.error)), pytrace=False)

    def runtest(self) -> None:
        """Say what is wrong with the interaction."""
        raise self.error

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return what pytest shows: no traceback of ours."""
        return Explanation(tame(str(self.error)), Crash(tame_line(self.error.what)))

    def reportinfo(self) -> tuple[PathLike[str] | str, int | None, str]:
        """Return where it stands, and the heading of its failure."""
        return _spell_place(self.path), None, f"{tame_line(self.path.name)}: {self.name}"


class InteractionItem(pytest.Item):
    """One interaction, replayed on the run's worker."""

    def __init__(self, *, ticket: Ticket, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.ticket = ticket
        self.outcome: Outcome | None = None
        # Other plugins (pytest-docker-tools, for one) take every failing item for a function.
        self.funcargs: dict[str, object] = {}

    def runtest(self) -> None:
        """Replay the interaction; an InteractionError carries what is wrong."""
        self.outcome = self.config.stash[RUN].replay(self.ticket)
        if not self.outcome.ok:
            raise InteractionError(self.outcome)

    def report(self, report: pytest.TestReport) -> pytest.TestReport:
        """Return pytest's report of the call with its own time, and as expected where it is pending.

        Messages are sent ahead, so that the time in which pytest waited says nothing.
        """
        outcome = self.outcome
        if outcome is None:
            return report
        if outcome.times.call:
            report.duration = outcome.times.states + outcome.times.call
        if outcome.verdict == "pending" and not self.config.option.runxfail:
            from taskcontract.reporting.replay import summarise_outcome
            from taskcontract.verification.pending import spell_pending

            assert outcome.pending is not None
            report.outcome = "skipped"
            report.wasxfail = tame_line(f"{spell_pending(outcome.pending)}: {summarise_outcome(outcome)}")
        return report

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return what pytest shows of a failure: no traceback of ours."""
        error = excinfo.value
        if isinstance(error, InteractionError):
            from taskcontract.reporting.replay import explain_outcome, summarise_outcome

            return Explanation(explain_outcome(error.outcome), Crash(summarise_outcome(error.outcome)))
        if isinstance(error, TaskContractError):
            return Explanation(tame(str(error)), Crash(tame_line(error.what)))
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[PathLike[str] | str, int | None, str]:
        """Return where the interaction stands, and the heading of its failure."""
        return _spell_place(self.path), None, f"{spell_name(self.ticket.consumer)}: {self.name}"


def _spell_place(path: Path) -> Path:
    """Return the path as headings show it: the file's name, which its author chose, made harmless."""
    return path.parent / tame_line(path.name)


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
