"""Which expectation a call meets; and, where it meets none, what is different about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from taskcontract.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskcontract.verification.recording.checked_call import CheckedCall
    from taskcontract.verification.recording.expectation import Expectation
    from taskcontract.verification.recording.expected_arguments import ArgumentDifference

__all__ = ["Expectations"]

MOST_SHOWN = 20
"""Calls that an error lists."""


@dataclass(slots=True)
class Expectations:
    """The expectations of one block, and by their index the calls that met them."""

    expected: list[Expectation]
    met: dict[int, CheckedCall]
    any_order: bool = False

    @property
    def unmet(self) -> list[int]:
        """The indexes of the expectations that no call has met."""
        return [index for index in range(len(self.expected)) if index not in self.met]

    def meet(self, call: CheckedCall) -> int:
        """Return the index of the expectation that `call` meets; no other call meets it from now on.

        Raises the ContractError that says what is different about a call that meets none.
        """
        waiting = self.unmet
        if not waiting:
            self._refuse_further(call)
        if self.any_order:
            # Those that say arguments first: the others take any call.
            waiting.sort(key=lambda index: self.expected[index].arguments is None)
        index = next((each for each in waiting if self.expected[each].is_met_by(call)), None)
        if index is None or (not self.any_order and index != waiting[0]):
            self._refuse_other(call, waiting)
        self.met[index] = call
        return index

    def ordered(self) -> list[tuple[int, CheckedCall]]:
        """Return the calls with the indexes that they are recorded by, the same whatever thread came first.

        In any order, those that meet equal expectations are put in the order of what they send.
        """
        if not self.any_order:
            return sorted(self.met.items())
        alike: dict[str, list[int]] = {}
        for index in sorted(self.met):
            alike.setdefault(self.expected[index].key, []).append(index)
        pairs: list[tuple[int, CheckedCall]] = []
        for indexes in alike.values():
            calls = sorted((self.met[index] for index in indexes), key=_content_of)
            pairs += zip(indexes, calls, strict=True)
        return sorted(pairs, key=lambda pair: pair[0])

    def refuse_missing(self, service: str, others: Sequence[str]) -> NoReturn:
        """Raise the ContractError that says which calls were not made, and which were."""
        unmet = [self.expected[index] for index in self.unmet]
        plain = ", ".join(each.task.id for each in unmet)
        lines = [f"    - {each}" for each in unmet if each.arguments is not None]
        if self.met:
            made = list(self.met.values())[:MOST_SHOWN]
            lines += ["    calls that were made:", *(f"      {call}" for call in made)]
        listed = "".join(f"\n{line}" for line in lines)
        elsewhere = f" Other calls: {', '.join(others)}." if others else ""
        raise ContractError(
            f"expected calls of {service} were not made: {plain}{listed}",
            do=f"Run the code that makes them inside the block, or expect less.{elsewhere}",
        )

    def _refuse_further(self, call: CheckedCall) -> NoReturn:
        raise ContractError(
            f"unexpected call {len(self.met) + 1}: {call}",
            do=f"Expect it as well: .expect({call.task.function.__name__}, ...).",
        )

    def _refuse_other(self, call: CheckedCall, waiting: Sequence[int]) -> NoReturn:
        same = [index for index in waiting if self.expected[index].task is call.task]
        number = len(self.met) + 1
        if self.any_order:
            if not same:
                raise ContractError(
                    f"unexpected call {number}: {call} of {call.task.id}{_list_expected(self, waiting)}",
                    do=f"Expect it as well: .expect({call.task.function.__name__}, ...).",
                )
            nearest = min(same, key=lambda index: _count_wrong(self.expected[index], call))
            raise ContractError(
                f"call {number} of {call.task.id} has other arguments than expected"
                f"{_show_difference(self.expected[nearest], call)}",
                do=_say_other_expectations(len(same) - 1),
            )
        first = self.expected[waiting[0]]
        if first.task is not call.task:
            later = " It is expected later: for calls in any order, say .in_any_order()." if same else ""
            raise ContractError(
                f"call {number} is {call} of {call.task.id}, where one of {first.task.id} is expected\n"
                f"    - {first}\n    + {call}",
                do=f"Expect the calls in the order in which they are made.{later}",
            )
        fits = next((index for index in waiting if self.expected[index].is_met_by(call)), None)
        raise ContractError(
            f"call {number} of {call.task.id} has other arguments than expected"
            f"{_show_difference(first, call)}",
            do="Correct the test or the code."
            if fits is None
            else f"It is expected as call {fits + 1}: for calls in any order, say .in_any_order().",
        )


def _content_of(call: CheckedCall) -> str:
    from taskcontract.model.canonical import dump_canonical

    arguments = call.arguments
    return dump_canonical({"args": list(arguments.plain_args), "kwargs": arguments.plain_kwargs})


def _count_wrong(expectation: Expectation, call: CheckedCall) -> int:
    return sum(bool(each.why) for each in expectation.compare(call))


def _say_other_expectations(number: int) -> str:
    if not number:
        return "Correct the test or the code."
    return f"Shown is the nearest of {number + 1} expected calls: correct the test or the code."


def _list_expected(expectations: Expectations, waiting: Sequence[int]) -> str:
    shown = sorted(waiting)[:MOST_SHOWN]
    return "\n    still expected:" + "".join(f"\n    - {expectations.expected[index]}" for index in shown)


def _show_difference(expectation: Expectation, call: CheckedCall) -> str:
    """Return the arguments, one a line: those that differ are marked with `-` expected and `+` got."""
    lines = ["    (- expected, + got)", f"      {call.task.name}("]
    for each in expectation.compare(call):
        lines += _show_argument(each)
    return "\n" + "\n".join([*lines, "      )"])


def _show_argument(argument: ArgumentDifference) -> list[str]:
    if not argument.why:
        return [f"          {argument.name}={argument.got},"]
    lines = [f"    -     {argument.name}={argument.expected},"] if argument.expected else []
    if argument.got:
        return [*lines, f"    +     {argument.name}={argument.got},  # {argument.why}"]
    return [f"{lines[0]}  # {argument.why}"]
