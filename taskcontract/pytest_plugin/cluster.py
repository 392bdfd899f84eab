"""The fixture `contract_interaction`: contracts on the cluster of a project's own pytest-celery fixtures.

A test that asks for it runs once for each interaction of the configured contract folders and each cluster
that `celery_setup` stands for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from taskcontract.errors import ContractError
    from taskcontract.model.config import Config
    from taskcontract.model.contract import Interaction
    from taskcontract.model.pact_parts import ContractParts
    from taskcontract.verification.outcome import Outcome
    from taskcontract.verification.running.verifier import RunningVerifier

__all__ = ["ContractInteraction", "contract_interaction", "pytest_generate_tests", "pytest_unconfigure"]

NAME = "contract_interaction"


@dataclass(slots=True)
class ClusterVerifier:
    """The verifier of the cluster that was asked last: tests of one cluster follow each other."""

    key: tuple[object, ...] = ()
    verifier: RunningVerifier | None = field(default=None)

    def find(self, service: Config, setup: Any) -> RunningVerifier:
        """Return the verifier for the workers of `setup`, which are asked once what they serve."""
        from taskcontract.verification.running.verifier import RunningVerifier

        conf = setup.app.conf
        nodes = [id(node) for node in setup.worker_cluster or ()]
        key = (service.name, service.app, str(conf.broker_url), str(conf.result_backend), *nodes)
        if self.verifier is None or key != self.key:
            self.stop()
            verifier = RunningVerifier(service, app=setup.app)
            verifier.start()
            self.key, self.verifier = key, verifier
        return self.verifier

    def stop(self) -> None:
        """Let go of the last cluster's servers."""
        verifier, self.verifier = self.verifier, None
        if verifier is not None:
            verifier.stop()


VERIFIER = pytest.StashKey[ClusterVerifier]()


@dataclass(frozen=True, slots=True)
class Asked:
    """What one test is about: an interaction of a contract, or why it cannot be read."""

    service: Config
    file: Path
    consumer: str
    provider: str
    interaction: Interaction | ContractError


@dataclass(frozen=True, slots=True)
class ContractInteraction:
    """One interaction of a contract, for the cluster of the test: `contract_interaction.verify()`."""

    asked: Asked
    setup: Any
    """pytest-celery's `celery_setup`."""
    verifiers: ClusterVerifier

    def verify(self) -> None:
        """Replay the interaction on the cluster; fail the test if its outcome is not what is relied on.

        The test is skipped if the configured app provides another service, and expected to fail while the
        interaction is pending.
        """
        from taskcontract.errors import ContractError, TaskContractError
        from taskcontract.reporting.escape import tame
        from taskcontract.reporting.replay import explain_outcome, summarise_outcome
        from taskcontract.verification.pending import spell_pending
        from taskcontract.verification.ticket import Ticket

        asked = self.asked
        if isinstance(asked.interaction, ContractError):
            pytest.fail(tame(str(asked.interaction)), pytrace=False)
        try:
            verifier = self.verifiers.find(asked.service, self.setup)
            services = verifier.wait().services
            if services and asked.provider not in services:
                pytest.skip(f"{asked.provider} provides it, and the cluster serves {', '.join(services)}")
            ticket = Ticket(asked.consumer, asked.provider, asked.interaction, str(asked.file))
            outcome = verifier.replay(ticket)
        except TaskContractError as error:
            pytest.fail(tame(str(error)), pytrace=False)
        if outcome.verdict == "pending":
            assert outcome.pending is not None
            pytest.xfail(f"{spell_pending(outcome.pending)}: {summarise_outcome(outcome)}")
        if not outcome.ok:
            said = tame("".join(self._find_log(outcome)))
            pytest.fail(f"{explain_outcome(outcome)}{said}", pytrace=False)

    def _find_log(self, outcome: Outcome) -> Iterator[str]:
        """Yield what the workers of the cluster logged of the task, where their nodes know it."""
        for node in self.setup.worker_cluster or ():
            lines = [
                line
                for line in str(node.logs()).splitlines()
                if outcome.sent is not None and outcome.sent.task_id in line
            ]
            if lines:
                yield "\n".join([f"\nlog of {node.name()}", *(f"  {line}" for line in lines)])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let a test that asks for the fixture run once for each interaction."""
    if NAME not in metafunc.fixturenames:
        return
    from taskcontract.errors import TaskContractError
    from taskcontract.reporting.escape import tame

    try:
        asked = dict(_find_asked(metafunc.config))
    except TaskContractError as error:
        raise pytest.UsageError(tame(str(error))) from None
    metafunc.parametrize(NAME, list(asked.values()), ids=list(asked), indirect=True)


def _find_asked(config: pytest.Config) -> Iterator[tuple[str, Asked]]:
    """Yield what the contract folders hold, each with its id in a test's name."""
    from taskcontract.errors import ContractError
    from taskcontract.pytest_plugin.options import read_services, read_settings
    from taskcontract.registry.contracts import Skipped, find_json_files, look_into

    services = read_services(config, read_settings(config))
    for file in find_json_files({folder: None for each in services for folder in each.folders}):
        look = look_into(file)
        if isinstance(look, ContractError):
            yield file.name, Asked(services[0], file, "", "", look)
        elif not isinstance(look, Skipped):
            service = next((each for each in services if each.name == look.provider), services[0])
            yield from _list_parts(service, file, look)


def _list_parts(service: Config, file: Path, parts: ContractParts) -> Iterator[tuple[str, Asked]]:
    from taskcontract.model.contract import Interaction
    from taskcontract.pytest_plugin.node_ids import name_interactions, spell_name

    names = name_interactions((each.description for each in parts.interactions), parts.consumer, file)
    for name, each in zip(names, parts.interactions, strict=True):
        interaction = each if isinstance(each, Interaction) else each.error
        asked = Asked(service, file, parts.consumer, parts.provider, interaction)
        yield f"{spell_name(file.stem)}: {name}", asked


@pytest.fixture
def contract_interaction(request: pytest.FixtureRequest, celery_setup: Any) -> ContractInteraction:
    """Give one interaction of a contract, to be verified on pytest-celery's `celery_setup`."""
    verifiers = request.config.stash.setdefault(VERIFIER, ClusterVerifier())
    return ContractInteraction(request.param, celery_setup, verifiers)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Let go of the last cluster."""
    verifiers = config.stash.get(VERIFIER, None)
    if verifiers is not None:
        verifiers.stop()
