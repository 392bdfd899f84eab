"""Recording the calls that a consumer's own code makes, with the outcomes that it relies on."""

from __future__ import annotations

import re
import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from taskcontract.declare.cargo import carrying_headers
from taskcontract.errors import ContractError
from taskcontract.model.contract import Interaction, ProviderState
from taskcontract.model.pact_interactions import LONGEST_TIMEOUT
from taskcontract.verification.recording.checked_call import CheckedCall, check_call
from taskcontract.verification.recording.expectation import UNSAID, read_expectation
from taskcontract.verification.recording.expectations import Expectations
from taskcontract.verification.recording.interception import intercept, watch_calls
from taskcontract.verification.recording.recordable import (
    refuse_other_than_text,
    refuse_unwritable,
    refuse_unwritable_call,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from taskcontract.declare import Service, Task
    from taskcontract.model.canonical import Json
    from taskcontract.verification.recording.outgoing import Message, StubReply

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
        self._expectations = Expectations([], {})
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
        ready: bool = True,
        reply: bool = True,
        secrets: Mapping[str, Any] | None = None,
        strict: bool = False,
    ) -> Recording:
        """Expect the next call and its result, as far as the consumer relies on it: an example with matchers.

        `raises` is an error that the task declares: one with the fields that the consumer relies on,
        or its class alone. With `ready=False` the result is not there yet: a `get` with a timeout raises
        TimeoutError at once. With `reply=False` the consumer never looks at the result: doing so fails.
        Without any of them the call must only succeed. A `strict` result has no members that the example
        has not. `secrets` are the values that replace those of secret parameters in the contract, by name;
        what is left out is made up.
        """
        if task.service is not self.service:
            raise ContractError(
                f"{task.id} is a task of {task.service.name}, and this contract is with {self.service.name}",
                do="Give each service a block of its own; they may be nested."
                if task.service.name != self.service.name
                else "Two services of this name have been made: import the bindings by one name alone.",
            )
        self._expectations.expected.append(
            read_expectation(
                task,
                returns=returns,
                raises=raises,
                ready=ready,
                reply=reply,
                secrets=secrets or {},
                strict=strict,
            )
        )
        return self

    def called_with(self, /, *args: Any, **kwargs: Any) -> Recording:
        """Say the arguments of the call that was expected last, as in a call; values may be matchers.

        They are compared by parameter, after defaults. In the contract the examples of matchers stand in the
        place of what was sent, so that it does not change with a time or an id.
        """
        expected = self._expectations.expected
        if not expected:
            raise ContractError(
                "called_with says the arguments of no call", do="Say the call first: .expect(task, ...)."
            )
        expected[-1] = expected[-1].called_with(args, kwargs)
        return self

    def in_any_order(self) -> Recording:
        """Let the calls come in any order, as those of threads do; what is recorded is the same each time.

        A call meets the first expectation that fits, those with arguments before others.
        """
        self._expectations.any_order = True
        return self

    def __enter__(self) -> Recording:
        if not self._expectations.expected:
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
        expectations = self._expectations
        if expectations.unmet:
            expectations.refuse_missing(self.service.name, self._others)
        self._keep([self._interaction(index, call) for index, call in expectations.ordered()])

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
        if task.service.name == self.service.name:
            self._note(error)

    def _record(self, message: Message) -> StubReply | None:
        call = check_call(self.service, message)
        if call is None:
            self._others.append(message.name)
            return None
        index = self._expectations.meet(call)
        self._interaction(index, call)  # refused here, where the code under test makes it
        return self._expectations.expected[index].reply

    def _interaction(self, index: int, call: CheckedCall) -> Interaction:
        expectations = self._expectations
        expectation, message = expectations.expected[index], call.message
        number = f" (call {index + 1})" if len(expectations.expected) > 1 else ""
        headers = carrying_headers(self.service.carries, message.headers)
        shown = expectation.secrets.replace(expectation.shown(call), headers)
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
            call_rules=expectation.list_call_rules(call),
            generators=expectation.list_generators(call),
            strict=expectation.strict,
            states=tuple(self._states),
            queue=message.queue,
            serializer=message.serializer,
            test=self._test,
            headers=shown.headers,
            timeout=self._timeout,
            pending=self._pending,
        )
