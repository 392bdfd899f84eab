"""What a fake answers to the calls of one task, in turn."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar

from pydantic_core import PydanticSerializationError, ValidationError

from taskcontract.declare.failures.transport import carry
from taskcontract.declare.refusal import spell_type
from taskcontract.errors import ContractError, TaskContractError
from taskcontract.verification.recording.example import read_example
from taskcontract.verification.recording.expected_arguments import ExpectedArguments
from taskcontract.verification.recording.outgoing import StubReply

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskcontract.declare.task import Task
    from taskcontract.model.canonical import Json
    from taskcontract.verification.recording.checked_call import CheckedCall

__all__ = ["Answers"]

P = ParamSpec("P")
R = TypeVar("R")


class Answers(Generic[P, R]):
    """The answers to calls of one task: each is given once, in the order they are said in, the last for ever.

    Every method returns the same object, so that `fake.on(task).raises(Busy()).returns("done")` fails once.
    """

    def __init__(self, task: Task[P, R]) -> None:
        self._task = task
        self._expected: ExpectedArguments | None = None
        self._steps: list[Callable[[CheckedCall], StubReply]] = []
        self._given = 0
        self._lock = threading.Lock()

    def called_with(self, /, *args: P.args, **kwargs: P.kwargs) -> Answers[P, R]:
        """Answer the calls with these arguments alone; they may be or hold matchers."""
        self._expected = ExpectedArguments(self._task, args, kwargs)
        return self

    def returns(self, *results: R) -> Answers[P, R]:
        """Answer with these results in turn: values of the type that the task declares."""
        if not results:
            raise ContractError(
                f"returns() says no result of {self._task.id}",
                do="Say returns(None) for a task that returns nothing.",
            )
        for result in results:
            reply = StubReply(self._encode(result))
            self._steps.append(lambda call, reply=reply: reply)  # type: ignore[misc]
        return self

    def raises(self, *errors: Exception | type[Exception]) -> Answers[P, R]:
        """Let the calls fail with these errors in turn: the caller gets them as from a worker."""
        for error in errors:
            if not isinstance(error, Exception) and not (
                isinstance(error, type) and issubclass(error, Exception)
            ):
                raise ContractError(
                    f"a call of {self._task.id} cannot fail with {error!r}",
                    do="Give an exception, or the class of one that needs no arguments.",
                )
            try:
                failure = error() if isinstance(error, type) else error
            except TypeError as refusal:
                raise ContractError(
                    f"{getattr(error, '__name__', error)} cannot be raised as it is: {refusal}",
                    do="Give the exception itself, with its arguments.",
                ) from None
            reply = StubReply(error=carry(failure, self._task))
            self._steps.append(lambda call, reply=reply: reply)  # type: ignore[misc]
        return self

    def runs(self, function: Callable[P, R]) -> Answers[P, R]:
        """Answer with what `function` makes of the decoded arguments, as a worker's would; it may raise."""
        self._steps.append(lambda call: self._run(function, call))
        return self

    def stays_pending(self) -> Answers[P, R]:
        """Let the calls not end: `get(timeout=...)` raises Celery's TimeoutError at once."""
        self._steps.append(lambda call: StubReply(known=False, pending=True))
        return self

    def is_for(self, call: CheckedCall) -> bool:
        """Return whether these are the answers to `call`."""
        return self._expected is None or not any(each.why for each in self._expected.compare(call))

    @property
    def key(self) -> str:
        """The same text for the same calls: answers that are said again replace the earlier ones."""
        return "" if self._expected is None else self._expected.key

    @property
    def is_said(self) -> bool:
        """Whether there is an answer."""
        return bool(self._steps)

    def reply_to(self, call: CheckedCall) -> StubReply:
        """Return the answer to `call`, whose turn it is."""
        with self._lock:
            step = self._steps[min(self._given, len(self._steps) - 1)]
            self._given += 1
        return step(call)

    def _run(self, function: Callable[..., Any], call: CheckedCall) -> StubReply:
        try:
            result = function(*call.args, **call.kwargs)
        except (AssertionError, TaskContractError):
            raise  # a mistake that the test is to hear of, wherever the call is made
        except Exception as error:
            return StubReply(error=carry(error, self._task))
        return StubReply(self._encode(result))

    def _encode(self, result: Any) -> Json:
        codec = self._task.binder.result
        try:
            return codec.encode(codec.check(result))
        except (ValidationError, PydanticSerializationError, RecursionError):
            example, _ = read_example(result)  # with matchers, or as JSON has it
        try:
            codec.decode(example)
        except ValidationError:
            raise ContractError(
                f"{result!r} is not what {self._task.id} returns, {spell_type(codec.annotation)}",
                do="Give what a real result could be.",
            ) from None
        return example
