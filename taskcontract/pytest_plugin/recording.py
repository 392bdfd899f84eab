"""The fixture `contract`: a consumer's test records what it relies on."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, overload

import pytest

from taskcontract.errors import ContractError, TaskContractError
from taskcontract.frames import is_machinery_frame
from taskcontract.pytest_plugin.contract_writer import ContractWriter

if TYPE_CHECKING:
    from taskcontract.declare import Service
    from taskcontract.verification.recording.recording import Recording

__all__ = ["ContractFixture", "contract", "pytest_configure", "pytest_runtest_makereport"]

WRITER = pytest.StashKey[ContractWriter]()


class ContractFixture:
    """What the fixture `contract` is: calling it with the two parties starts a Recording."""

    def __init__(self, writer: ContractWriter, test: str, description: str) -> None:
        self._writer = writer
        self._test = test
        self._description = description

    @overload
    def __call__(self, consumer: str, service: Service, /) -> Recording: ...
    @overload
    def __call__(self, service: Service, /) -> Recording: ...
    def __call__(self, *parties: str | Service) -> Recording:
        """Start recording what `consumer` (by default the configured one) relies on in `service`."""
        from taskcontract.declare import Service
        from taskcontract.verification.recording.recording import Recording

        *consumers, service = parties
        consumer = consumers[0] if consumers else self._writer.consumer
        if not isinstance(consumer, str) or not isinstance(service, Service):
            raise ContractError(
                "a contract is between a consumer and a service",
                do='Write contract("service-a", pusher), or configure consumer and write contract(pusher).',
            )
        pair = (consumer, service.name)
        self._writer.open(pair)
        return Recording(
            consumer,
            service,
            description=self._description,
            test=self._test,
            keep=lambda interactions: self._writer.keep(pair, interactions),
        )


def pytest_configure(config: pytest.Config) -> None:
    """Register the writer of the session's contracts."""
    writer = config.stash[WRITER] = ContractWriter(config)
    config.pluginmanager.register(writer, "taskcontract-contract-writer")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """Show an error of ours at the user's line that caused it, without the way through our code."""
    excinfo = call.excinfo
    if excinfo is None or not isinstance(excinfo.value, TaskContractError | AssertionError):
        return
    faked = sys.modules.get("taskcontract.testing.faking")
    if faked is not None:
        faked.note_reported(excinfo.value)
    if not isinstance(excinfo.value, TaskContractError) or item.config.getoption("fulltrace"):
        return
    if "contract" in getattr(item, "fixturenames", ()) or _goes_through_fake(excinfo.tb):
        excinfo.traceback = type(excinfo.traceback)(_cut_out_machinery(excinfo.tb))


def _goes_through_fake(link: TracebackType | None) -> bool:
    while link is not None:
        if str(link.tb_frame.f_globals.get("__name__")).startswith("taskcontract.testing.fak"):
            return True
        link = link.tb_next
    return False


def _cut_out_machinery(first: TracebackType) -> TracebackType:
    """Return the same traceback without the frames of our code and of Celery's."""
    links: list[TracebackType] = []
    link: TracebackType | None = first
    while link is not None:
        if not is_machinery_frame(link.tb_frame):
            links.append(link)
        link = link.tb_next
    shown: TracebackType | None = None
    for kept in reversed(links):
        shown = TracebackType(shown, kept.tb_frame, kept.tb_lasti, kept.tb_lineno)
    return shown or first


@pytest.fixture
def contract(request: pytest.FixtureRequest) -> ContractFixture:
    """Record what a consumer relies on.

    Use it so: `with contract("service-a", pusher).given(...).expect(...):`.
    """
    writer = request.config.stash[WRITER]
    item: pytest.Function = request.node
    writer.forget(item.nodeid)
    return ContractFixture(writer, item.nodeid, _describe(item))


def _describe(item: pytest.Function) -> str:
    """Return the test's name in words: `an item is saved [utf-8]` for `test_an_item_is_saved[utf-8]`."""
    words = (item.originalname or item.name).removeprefix("test_").replace("_", " ").strip()
    callspec = getattr(item, "callspec", None)
    return f"{words} [{callspec.id}]" if callspec is not None else words
