"""Recording the calls that a consumer's own code makes, with the outcomes that it relies on."""

from __future__ import annotations

import re
import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, NoReturn

from taskcontract.declare.cargo import carrying_headers, unload
from taskcontract.errors import ContractError
from taskcontract.model.contract import Interaction, ProviderState
from taskcontract.model.pact import LONGEST_TIMEOUT
from taskcontract.verification.expectation import UNSAID, Expectation, read_expectation
from taskcontract.verification.interception import intercept, watch_calls
from taskcontract.verification.recordable import (
    refuse_other_than_text,
    refuse_unwritable,
    refuse_unwritable_call,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from taskcontract.declare import Service, Task
    from taskcontract.model.canonical import Json
    from taskcontract.verification.outgoing import Arguments, Message, StubReply

__all__ = ["Recording"]


class Recording:
    """One block in which a consumer's code runs: `given(...)` and `expect(...)`, then `with`.

    Within the block no message leaves the process. Each call of the service is checked against its
    bindings and the next expectation, and answered with the example. At the end `keep` is given the
    interactions; a ContractError says which call was missing, unexpected or wrong.
    """

    def __init__(
        self,
        consumer: str,
        service: Service,
        *,
        description: str,
        test: str,
        keep: Callable[[list[Interaction]], None],
    ) -> None:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", consumer):
            raise ContractError(
                f"{consumer!r} is not a name for a consumer",
                do="Use letters, digits, -, _ and .: it becomes part of a file's name.",
            )
        self.consumer = consumer
        self.service = service
        self._description = description
        self._test = test
        self._keep = keep
        self._states: list[ProviderState] = []
        self._pending = False
        self._timeout: float | None = None
        self._expected: list[Expectation] = []
        self._recorded: list[Interaction] = []
        self._others: list[str] = []
        self._failure: Exception | None = None
        self._lock = threading.Lock()
        self._block = ExitStack()

    def given(self, state: str, **params: Json) -> Recording:
        """Return what must hold at the provider before the calls: one of its states, with parameters."""
        do = "Give texts, numbers, booleans, None, lists and dicts of them."
        refuse_other_than_text(state, "the name of the state")
        refuse_unwritable(params, f"the parameters of the state {state!r}", do=do)
        self._states.append(ProviderState(state, params))
        return self

    def pending(self) -> Recording:
        """Say that the provider need not keep this yet: where it is verified, a failure breaks no build."""
        self._pending = True
        return self

    def within(self, seconds: float) -> Recording:
        """Say how long each call may take where it is verified, if that is longer or shorter than usual."""
        if isinstance(seconds, bool) or not 0 < seconds <= LONGEST_TIMEOUT:
            raise ContractError(
                f"{seconds!r} is not a number of seconds that a call may take",
                do=f"Give more than 0 and at most {LONGEST_TIMEOUT}: .within(60).",
            )
        self._timeout = float(seconds)
        return self

    def upon(self, description: str) -> Recording:
        """Name the interaction: say what happens, in words; by default the test's name does."""
        refuse_other_than_text(description, "the description")
        self._description = description
        return self

    def expect(
        self,
        task: Task[..., Any],
        *,
        returns: Any = UNSAID,
        raises: Any = UNSAID,
        secrets: Mapping[str, Any] | None = None,
    ) -> Recording:
        """Expect the next call and its result, as far as the consumer relies on it: an example with matchers.

        `raises` is an error that the task declares: one with the fields that the consumer relies on,
        or its class alone. Without either the call must only succeed: the consumer does not look at
        the result. `secrets` are the values that replace those of secret parameters in the contract,
        by name; what is left out is made up.
        """
        if task.service is not self.service:
            raise ContractError(
                f"{task.id} is a task of {task.service.name}, and this contract is with {self.service.name}",
                do="Give each service a block of its own; they may be nested.",
            )
        self._expected.append(read_expectation(task, returns=returns, raises=raises, secrets=secrets or {}))
        return self

    def __enter__(self) -> Recording:
        if not self._expected:
            raise ContractError(
                "this block expects no call",
                do="Say which: .expect(task, returns=...), before the block runs.",
            )
        self._block.enter_context(watch_calls(self._note_of_call))
        self._block.enter_context(intercept(self._answer, self._note))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._block.close()
        if error is not None:
            if self._failure is not None and self._failure is not error:
                error.add_note(f"A wrong call was made before: {self._failure}")
            return
        if self._failure is not None:  # the code under test has swallowed it
            raise self._failure
        if len(self._recorded) < len(self._expected):
            self._refuse_missing()
        self._keep(self._recorded)

    def _answer(self, message: Message) -> StubReply | None:
        try:
            with self._lock:
                return self._record(message)
        except Exception as error:  # kombu's too, of what no serializer writes
            self._note(error)
            raise

    def _note(self, error: Exception) -> None:
        """Fail the block with its first wrong call, even if the code under test swallows the error."""
        self._failure = self._failure or error

    def _note_of_call(self, task: Task[..., Any], error: Exception) -> None:
        if task.service is self.service:
            self._note(error)

    def _record(self, message: Message) -> StubReply | None:
        task = self.service.find(message.name)
        if task is None:
            if message.name.startswith(f"{self.service.name}."):
                known = ", ".join(sorted(task.wire_name for task in self.service.tasks))
                _fail(f"{self.service.name} has no task {message.name!r}", do=f"Its tasks: {known}.")
            self._others.append(message.name)
            return None
        arguments = message.read()
        own = unload(self.service.carries, arguments.kwargs, message.headers)
        task.binder.decode_call(arguments.args, own)
        if task.queue is not None and message.queue != task.queue:
            _fail(
                f"{task.id} was sent to the queue {message.queue!r}; its workers listen on {task.queue!r}",
                do="Leave the queue out, so that the bindings choose it.",
            )
        expectation = self._expectation_for(task, arguments)
        self._recorded.append(self._interaction(expectation, message, arguments))
        return expectation.reply

    def _expectation_for(self, task: Task[..., Any], arguments: Arguments) -> Expectation:
        done = len(self._recorded)
        call = task.name + task.binder.text.of_call(arguments.args, arguments.kwargs)
        if done == len(self._expected):
            _fail(
                f"unexpected call {done + 1}: {call}",
                do=f"Expect it as well: .expect({task.function.__name__}, ...).",
            )
        expectation = self._expected[done]
        if expectation.task is not task:
            _fail(
                f"call {done + 1} is {call} of {task.id}, where one of {expectation.task.id} is expected",
                do="Expect the calls in the order in which they are made.",
            )
        return expectation

    def _interaction(self, expectation: Expectation, message: Message, arguments: Arguments) -> Interaction:
        several = len(self._expected) > 1
        number = f" (call {len(self._recorded) + 1})" if several else ""
        headers = carrying_headers(self.service.carries, message.headers)
        shown = expectation.secrets.replace(arguments, headers)
        refuse_unwritable_call(expectation.task, shown.args, shown.kwargs)
        return Interaction(
            description=f"{self._description}{number}",
            wire_name=message.name,
            version=expectation.task.version,
            args=shown.args,
            kwargs=shown.kwargs,
            secrets=shown.names,
            result=expectation.reply.value,
            error=expectation.error,
            rules=expectation.rules,
            states=tuple(self._states),
            queue=message.queue,
            serializer=message.serializer,
            test=self._test,
            headers=shown.headers,
            timeout=self._timeout,
            pending=self._pending,
        )

    def _refuse_missing(self) -> NoReturn:
        missing = ", ".join(expected.task.id for expected in self._expected[len(self._recorded) :])
        others = f" Other calls: {', '.join(self._others)}." if self._others else ""
        _fail(
            f"expected calls of {self.service.name} were not made: {missing}",
            do=f"Run the code that makes them inside the block, or expect less.{others}",
        )


def _fail(what: str, *, do: str) -> NoReturn:
    raise ContractError(what, do=do)
