"""A fake of services for ordinary unit tests: it answers calls from the bindings, and keeps them."""

from __future__ import annotations

import threading
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

from taskcontract.declare.service import Service
from taskcontract.errors import ContractError
from taskcontract.testing.fake_answers import Answers
from taskcontract.testing.fake_calls import FakeCall, keep_call
from taskcontract.testing.result_example import example_result
from taskcontract.verification.recording.checked_call import check_call
from taskcontract.verification.recording.interception import intercept
from taskcontract.verification.recording.outgoing import StubReply

if TYPE_CHECKING:
    from types import TracebackType

    from taskcontract.declare.task import Task
    from taskcontract.model.canonical import Json
    from taskcontract.verification.recording.checked_call import CheckedCall
    from taskcontract.verification.recording.outgoing import Message

__all__ = ["FakeService", "fake_service", "note_reported"]

P = ParamSpec("P")
R = TypeVar("R")

REPORTED = "__taskcontract_reported__"


class FakeService:
    """What `fake_service` gives: say answers by `on(task)`, read `calls`.

    Within its block no message of any app leaves this process, whatever the thread. Arguments are decoded
    and results encoded as on their way to a worker and back; what a worker refuses is refused at the send.
    """

    def __init__(self, *services: Service) -> None:
        for service in services:
            if not isinstance(cast("Any", service), Service):
                raise ContractError(
                    f"fake_service takes services, not {service!r}",
                    do="Give what the tasks are declared with: fake_service(pusher).",
                )
        if not services:
            raise ContractError("fake_service is given no service", do="Write fake_service(pusher).")
        self.services = services
        self.calls: list[FakeCall] = []
        """Every call that was answered, the first one first."""
        self._answers: dict[str, list[Answers[..., Any]]] = {}
        self._examples: dict[str, Json] = {}
        self._failure: Exception | None = None
        self._lock = threading.Lock()
        self._block = ExitStack()

    def on(self, task: Task[P, R]) -> Answers[P, R]:
        """Return the answers to the calls of one version of a task, to be said.

        Those that are said later win, those for certain arguments over others. A task of which nothing is
        said returns an example of its declared type.
        """
        self._require(task)
        answers = Answers(task)
        with self._lock:
            self._answers.setdefault(task.wire_name, []).append(answers)
        return answers

    def calls_of(self, task: Task[..., Any]) -> list[FakeCall]:
        """Return the calls of one version of a task, the first one first."""
        self._require(task)
        with self._lock:
            return [call for call in self.calls if call.task.wire_name == task.wire_name]

    def __enter__(self) -> FakeService:
        self._failure = None
        self._block.enter_context(intercept(self._answer, self._note))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._block.close()
        if self._failure is None or self._failure is error or hasattr(self._failure, REPORTED):
            return
        if error is not None:
            error.add_note(f"A call was refused before: {self._failure}")
            return
        raise self._failure  # the code under test has swallowed it

    def _answer(self, message: Message) -> StubReply | None:
        try:
            for service in self.services:
                call = check_call(service, message)
                if call is not None:
                    return self._reply_to(call)
        except Exception as error:
            self._note(error)
            raise
        return None

    def _note(self, error: Exception) -> None:
        self._failure = self._failure or error

    def _reply_to(self, call: CheckedCall) -> StubReply:
        kept = keep_call(call)
        with self._lock:
            self.calls.append(kept)
            said = [each for each in self._answers.get(call.task.wire_name, ()) if each.is_said]
        said.sort(key=lambda each: bool(each.key))  # stable: of equals, the one said last wins
        answers = next((each for each in reversed(said) if each.is_for(call)), None)
        return StubReply(self._example(call.task)) if answers is None else answers.reply_to(call)

    def _example(self, task: Task[..., Any]) -> Json:
        if task.wire_name not in self._examples:
            self._examples[task.wire_name] = example_result(task)
        return self._examples[task.wire_name]

    def _require(self, task: Task[..., Any]) -> None:
        faked = ", ".join(service.name for service in self.services)
        service = getattr(task, "service", None)
        if service not in self.services:
            raise ContractError(
                f"{task!r} is a task of none of the services that are faked here: {faked}",
                do="Fake its service as well: fake_service(pusher, bank)."
                if getattr(service, "name", None) not in faked.split(", ")
                else "Two services of this name have been made: import the bindings by one name alone.",
            )


def fake_service(*services: Service) -> FakeService:
    """Answer the calls of `services` without a broker, within a block or a pytest fixture.

    Write `with fake_service(pusher) as fake:`. The answers are examples of the declared types, or what the
    test says: `fake.on(send_to_s3).returns(...)`. No contract is recorded. Blocks may be nested.
    """
    return FakeService(*services)


def note_reported(error: BaseException) -> None:
    """Note that a test has failed with `error`: as a fixture, a fake would fail it a second time."""
    with suppress(AttributeError):
        setattr(error, REPORTED, True)
