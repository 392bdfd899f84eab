"""One expected call of a consumer's test: the task, and the outcome that the consumer relies on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from taskcontract.errors import ContractError, ResultValueError
from taskcontract.model.contract import ANYTHING, MatchRule
from taskcontract.verification.recording.example import read_example
from taskcontract.verification.recording.expected_arguments import ExpectedArguments
from taskcontract.verification.recording.expected_error import read_expected_error
from taskcontract.verification.recording.made_up import Secrets
from taskcontract.verification.recording.outgoing import StubReply

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from taskcontract.declare import Task
    from taskcontract.model.contract import Generator
    from taskcontract.verification.recording.checked_call import CheckedCall
    from taskcontract.verification.recording.expected_arguments import ArgumentDifference
    from taskcontract.verification.recording.outgoing import Arguments

__all__ = ["UNSAID", "Expectation", "read_expectation"]

UNSAID: Any = object()
"""The default of `returns` and `raises`, as None is a result."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """A call of `task` that gets `reply`; the contract gets its `rules` and the name of an `error`.

    Without `arguments` any will do.
    """

    task: Task[..., Any]
    secrets: Secrets
    rules: tuple[MatchRule, ...]
    reply: StubReply
    error: str | None = None
    arguments: ExpectedArguments | None = None
    strict: bool = False

    def __str__(self) -> str:
        return f"{self.task.name}({'...' if self.arguments is None else self.arguments})"

    @property
    def key(self) -> str:
        """The same text for expectations that no call tells from each other."""
        wanted = "" if self.arguments is None else self.arguments.key
        reply = self.reply
        outcome = (reply.value, reply.known, reply.pending, reply.unread)
        return repr((self.task.wire_name, wanted, outcome, self.rules, self.error, self.strict))

    def called_with(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Expectation:
        """Return this expectation of a call with these arguments."""
        return replace(self, arguments=ExpectedArguments(self.task, args, kwargs))

    def compare(self, call: CheckedCall) -> list[ArgumentDifference]:
        """Return the arguments of a `call` of this task, with what is wrong about each."""
        return [] if self.arguments is None else self.arguments.compare(call)

    def shown(self, call: CheckedCall) -> Arguments:
        """Return the arguments of a `call` that is as expected, as the contract shows them."""
        return call.arguments if self.arguments is None else self.arguments.replace_matched(call)

    def list_call_rules(self, call: CheckedCall) -> tuple[MatchRule, ...]:
        """Return what the test says of the arguments of a `call` that is as expected, for the contract."""
        return () if self.arguments is None else tuple(self.arguments.list_rules(call))

    def list_generators(self, call: CheckedCall) -> tuple[Generator, ...]:
        """Return what the contract makes anew in the arguments of a `call` that is as expected."""
        return () if self.arguments is None else tuple(self.arguments.list_generators(call))

    def is_met_by(self, call: CheckedCall) -> bool:
        """Return whether `call` is as expected."""
        return call.task is self.task and not any(each.why for each in self.compare(call))


def read_expectation(
    task: Task[..., Any],
    *,
    returns: Any,
    raises: Any,
    ready: bool,
    reply: bool,
    secrets: Mapping[str, Any],
    strict: bool = False,
) -> Expectation:
    """Return the expectation that the arguments of `Recording.expect` describe.

    Raises a ContractError for an example that the task could never return, or an error that it does not
    declare.
    """
    outcomes = {
        "returns=": returns is not UNSAID,
        "raises=": raises is not UNSAID,
        "ready=False": not ready,
        "reply=False": not reply,
    }
    chosen = [name for name, said in outcomes.items() if said]
    if len(chosen) > 1:
        raise ContractError(
            f"a call of {task.id} is to have {len(chosen)} outcomes: {', '.join(chosen)}",
            do="Expect one of them; another test may expect the other.",
        )
    hidden = Secrets(task, secrets)
    if raises is not UNSAID:
        expected = read_expected_error(task, raises)
        failure = StubReply(expected.content, error=expected.error)
        return Expectation(task, hidden, expected.rules, failure, expected.name, strict=strict)
    if not ready or not reply:
        silence = StubReply(known=False, pending=not ready, unread=not reply)
        return Expectation(task, hidden, (ANYTHING,), silence)
    if returns is UNSAID:
        return Expectation(task, hidden, (ANYTHING,), StubReply(None, known=_may_be_none(task)))
    example, rules = read_example(returns, codec=task.binder.result)
    try:
        task.decode_result(example)
    except ResultValueError as error:
        raise ContractError(
            f"the example for {task.id} is not what it returns: {error.what}",
            do="Correct the example: a real result could never be it.",
        ) from None
    return Expectation(task, hidden, rules, StubReply(example), strict=strict)


def _may_be_none(task: Task[..., Any]) -> bool:
    try:
        task.decode_result(None)
    except ResultValueError:
        return False
    return True
