"""The arguments that a call is expected to have: values and matchers, by parameter."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticSerializationError, ValidationError

from taskcontract.declare.describe import HIDDEN
from taskcontract.declare.refusal import spell_type
from taskcontract.declare.slots import HOLE
from taskcontract.errors import ContractError
from taskcontract.model.matchers import OURS
from taskcontract.model.rule_path import spell_step
from taskcontract.verification.comparison.wording import show
from taskcontract.verification.recording.argument_places import bind_call, bind_expected, spell_place
from taskcontract.verification.recording.example import read_example
from taskcontract.verification.recording.outgoing import Arguments
from taskcontract.verification.recording.wanted_value import Wanted, find_faults, say_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from taskcontract.declare import Task
    from taskcontract.model.canonical import Json
    from taskcontract.model.contract import Generator, MatchRule
    from taskcontract.verification.recording.argument_places import Place
    from taskcontract.verification.recording.checked_call import CheckedCall

__all__ = ["ArgumentDifference", "ExpectedArguments"]


@dataclass(frozen=True, slots=True)
class ArgumentDifference:
    """One argument of a call: its `name`, what was `expected` and `got`, and `why` it is wrong, if it is."""

    name: str
    expected: str
    got: str
    why: str = ""


class ExpectedArguments:
    """What a call of `task` shall be made with, as in a call of it; any value may be or hold matchers.

    A ContractError says which of them no call of the task could have.
    """

    def __init__(self, task: Task[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        self._task = task
        self._slots = {slot.name: slot for slot in task.binder.slots}
        bound = bind_expected(task, args, kwargs)
        self._wanted = {place: self._read(place, value) for place, value in bound.items()}

    def __str__(self) -> str:
        return ", ".join(f"{spell_place(place)}={wanted.shown}" for place, wanted in self._wanted.items())

    @property
    def key(self) -> str:
        """The same text for the same expectation."""
        return repr(sorted((str(place), repr(wanted)) for place, wanted in self._wanted.items()))

    def compare(self, call: CheckedCall) -> list[ArgumentDifference]:
        """Return all arguments of `call` and of this expectation, with what is wrong about each."""
        got = {place: self._normal(place, value) for place, value in bind_call(call).items()}
        places = [*self._wanted, *(place for place in got if place not in self._wanted)]
        return [self._compare(place, got) for place in places]

    def replace_matched(self, call: CheckedCall) -> Arguments:
        """Return the arguments of a fitting call with the examples in the place of what matchers stand for.

        So a contract says the same at each recording, whatever time or id the code under test sends.
        """
        arguments = call.arguments

        def put(place: Place, value: Json) -> Json:
            wanted = self._wanted.get(place)
            return wanted.example if wanted is not None and wanted.rules else value

        args = tuple(put(self._at(index), value) for index, value in enumerate(arguments.plain_args))
        kwargs = {name: put(self._named(name), value) for name, value in arguments.plain_kwargs.items()}
        return Arguments(arguments.args, arguments.kwargs, args, kwargs)

    def list_rules(self, call: CheckedCall) -> list[MatchRule]:
        """Return the rules of the matchers in a fitting call, by path in its message; none of secrets."""
        found = [
            replace(rule, path=_join(path, rule.path))
            for path, wanted in self._matched(call)
            for rule in wanted.rules
            if rule.match not in OURS
        ]
        return sorted(found, key=lambda rule: rule.path)

    def list_generators(self, call: CheckedCall) -> list[Generator]:
        """Return what is made anew in a fitting call, by path in its message."""
        found = [
            replace(made, path=_join(path, made.path))
            for path, wanted in self._matched(call)
            for made in wanted.generators
        ]
        return sorted(found, key=lambda made: made.path)

    def _matched(self, call: CheckedCall) -> Iterator[tuple[str, Wanted]]:
        """Yield the paths in a fitting call's message where matchers stand for what is no secret."""
        arguments = call.arguments
        parts: list[int | str] = [*range(len(arguments.plain_args)), *arguments.plain_kwargs]
        for part in parts:
            place = self._at(part) if isinstance(part, int) else self._named(part)
            wanted = self._wanted.get(place)
            if wanted is not None and wanted.rules and not self._slots[place[0]].secret:
                yield f"${'.args' if isinstance(part, int) else '.kwargs'}{spell_step(part)}", wanted

    def _at(self, index: int) -> Place:
        """Return the place of a positional argument."""
        slots = self._task.binder.slots
        places = [slot.name for slot in slots if slot.kind.startswith("positional")]
        if index < len(places):
            return places[index], ""
        return next((slot.name for slot in slots if slot.kind == "var-positional"), ""), index - len(places)

    def _named(self, name: str) -> Place:
        """Return the place of a keyword argument."""
        extra = next((slot.name for slot in self._task.binder.slots if slot.kind == "var-keyword"), "")
        return (name, "") if name in self._slots and name != extra else (extra, name)

    def _compare(self, place: Place, got: Mapping[Place, Json]) -> ArgumentDifference:
        name, wanted = spell_place(place), self._wanted.get(place)
        given = got.get(place, HOLE)
        if wanted is None:
            return ArgumentDifference(name, "", self._show(place, given), "it is not expected")
        expected = self._hide(place, wanted.shown)
        if given is HOLE:
            return ArgumentDifference(name, expected, "", "it is missing")
        faults = find_faults(wanted, given)
        why = "; ".join(faults[:3]) + (f"; and {len(faults) - 3} more" if len(faults) > 3 else "")
        hidden = why and self._slots[place[0]].secret
        return ArgumentDifference(name, expected, self._show(place, given), "it differs" if hidden else why)

    def _read(self, place: Place, value: Any) -> Wanted:
        slot = self._slots[place[0]]
        with suppress(ValidationError, PydanticSerializationError, RecursionError):
            plain = slot.item.encode(slot.item.check(value))
            return Wanted(plain, (), show(plain))
        made: list[Generator] = []
        example, rules = read_example(value, made, slot.item)
        try:
            slot.item.decode(example)
        except ValidationError:
            raise ContractError(
                f"the expected argument {spell_place(place)!r} of {self._task.id} is "
                f"{self._show(place, example)}, which is not {spell_type(slot.item.annotation)}",
                do="Expect what a call could have.",
            ) from None
        return Wanted(example, rules, say_rules(example, rules), tuple(made))

    def _normal(self, place: Place, value: Json) -> Json:
        """Return `value` as a delegate would have sent it: plain senders may write a date in another way."""
        item = self._slots[place[0]].item
        try:
            return item.encode(item.decode(value))
        except (ValidationError, PydanticSerializationError):
            return value

    def _show(self, place: Place, value: Json) -> str:
        return self._hide(place, show(value))

    def _hide(self, place: Place, text: str) -> str:
        return HIDDEN if self._slots[place[0]].secret else text


def _join(path: str, below: str) -> str:
    return f"{path}{below.removeprefix('$')}"
