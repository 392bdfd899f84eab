"""Hypothesis strategies for messages of a task, from its spec: those that it takes, and those outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import strategies as st

from taskcontract.testing.json_values import values_of
from taskcontract.testing.messages import Parameter, calls_with
from taskcontract.testing.outside import outside_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hypothesis.strategies import DrawFn, SearchStrategy

    from taskcontract.model.canonical import Json
    from taskcontract.model.service import CarriedSpec, TaskSpec

__all__ = ["SpecCall", "SpecCalls"]

UNKNOWN = "no_such_parameter"
"""A keyword that no parameter is called, with a number behind it where one is."""


class SpecCall(NamedTuple):
    """A message's args and kwargs, what it carries, by name, and what is wrong with it (may be empty)."""

    args: tuple[Json, ...]
    kwargs: dict[str, Json]
    carried: dict[str, Json]
    wrong: str = ""


class SpecCalls:
    """The messages of one version of a task, whose service makes each call carry `carries`."""

    def __init__(self, task: TaskSpec, carries: Iterable[CarriedSpec] = ()) -> None:
        self._task = task
        self._carries = tuple(carries)
        hidden = [each.key for each in self._carries if each.place == "keyword"]
        self._parameters = [
            Parameter(each.name, each.kind, each.required, values_of(each.schema)) for each in task.parameters
        ]
        self._inside = calls_with(self._parameters, hidden)
        required = {each.name: values_of(each.schema) for each in self._carries if each.required}
        optional = {each.name: values_of(each.schema) for each in self._carries if not each.required}
        self._carried = st.fixed_dictionaries(required, optional=optional)

    @property
    def inside(self) -> SearchStrategy[SpecCall]:
        """Messages that the task takes, unless a check that only code knows refuses a value."""
        return st.tuples(self._inside, self._carried).map(
            lambda pair: SpecCall(pair[0][0], pair[0][1], pair[1])
        )

    def outside(self) -> SearchStrategy[SpecCall] | None:
        """Messages that are outside the contract in one way; None for a task that takes any at all."""
        outside = {each.name: outside_of(each.schema) for each in self._task.parameters}
        values = {name: strategy for name, strategy in outside.items() if strategy is not None}
        ways = [way(self, values) for way in _WAYS]
        known = [way for way in ways if way is not None]
        return st.one_of(known) if known else None

    def of_kind(self, *kinds: str) -> list[Parameter]:
        """Return the parameters of these kinds."""
        return [each for each in self._parameters if each.kind in kinds]

    @property
    def places(self) -> list[Parameter]:
        """The parameters that take a value by its place, in their order."""
        return self.of_kind("positional-only", "positional-or-keyword")

    @property
    def has_variadic_keywords(self) -> bool:
        """Whether any keyword is taken."""
        return bool(self.of_kind("var-keyword"))

    def unknown_keyword(self) -> str:
        """Return a keyword that names neither a parameter nor a carried value."""
        taken = {each.name for each in self._parameters} | {each.key for each in self._carries}
        names = (f"{UNKNOWN}{number or ''}" for number in range(len(taken) + 1))
        return next(name for name in names if name not in taken)

    @property
    def required_carries(self) -> list[CarriedSpec]:
        """What no call may lack."""
        return [each for each in self._carries if each.required]


def _with_value(calls: SpecCalls, values: dict[str, SearchStrategy[Any]]) -> SearchStrategy[SpecCall] | None:
    """Make calls with a value that is outside its parameter's type."""

    @st.composite
    def change(draw: DrawFn) -> SpecCall:
        call = draw(calls.inside)
        spots = list(_spots(calls, call, values))
        if not spots:  # what could be wrong was left out: it is given here
            name = draw(st.sampled_from(sorted(givable)))
            return call._replace(
                kwargs={**call.kwargs, name: draw(values[name])}, wrong=f"the value of {name!r}"
            )
        spot, name = draw(st.sampled_from(spots))
        value = draw(values[name])
        wrong = f"the value of {name!r}"
        if isinstance(spot, int):
            return call._replace(args=(*call.args[:spot], value, *call.args[spot + 1 :]), wrong=wrong)
        return call._replace(kwargs={**call.kwargs, spot: value}, wrong=wrong)

    by_name = calls.of_kind("positional-or-keyword", "keyword-only")
    givable = [each.name for each in by_name if each.name in values]
    always = [each for each in calls.places if each.required and each.name in values]
    return change() if givable or always else None


def _spots(
    calls: SpecCalls, call: SpecCall, values: dict[str, SearchStrategy[Any]]
) -> Iterable[tuple[int | str, str]]:
    """Yield the places and keywords of a call whose values can be outside, with the parameter's name."""
    places = calls.places
    more = next((each.name for each in calls.of_kind("var-positional")), "")
    extra = next((each.name for each in calls.of_kind("var-keyword")), "")
    names = {each.name for each in calls.of_kind("positional-or-keyword", "keyword-only")}
    for at in range(len(call.args)):
        name = places[at].name if at < len(places) else more
        if name in values:
            yield at, name
    for key in call.kwargs:
        name = key if key in names else extra
        if name in values:
            yield key, name


def _missing(calls: SpecCalls, _: Any) -> SearchStrategy[SpecCall] | None:
    """Make calls that lack an argument."""
    required = {each.name for each in calls.of_kind("positional-or-keyword", "keyword-only") if each.required}
    places = calls.places

    def drop(call: SpecCall) -> SpecCall | None:
        name = next((key for key in call.kwargs if key in required), None)
        if name is not None:
            kwargs = {key: value for key, value in call.kwargs.items() if key != name}
            return call._replace(kwargs=kwargs, wrong=f"{name!r} is missing")
        if 0 < len(call.args) <= len(places) and places[len(call.args) - 1].required:
            return call._replace(args=call.args[:-1], wrong=f"{places[len(call.args) - 1].name!r} is missing")
        return None

    if not required and not any(each.required for each in places):
        return None
    return _existing(calls.inside.map(drop))


def _extra(calls: SpecCalls, _: Any) -> SearchStrategy[SpecCall] | None:
    """Make calls with one argument more than there are places for."""
    if calls.of_kind("var-positional"):
        return None
    count = len(calls.places)

    @st.composite
    def add(draw: DrawFn) -> SpecCall:
        call = draw(calls.inside)
        padding = [draw(each.values) for each in calls.places[len(call.args) :]]
        names = {each.name for each in calls.of_kind("positional-or-keyword")}
        kwargs = {key: value for key, value in call.kwargs.items() if key not in names}
        wrong = f"{count + 1} positional arguments, and it has {count}"
        return call._replace(args=(*call.args, *padding, None), kwargs=kwargs, wrong=wrong)

    return add()


def _unknown(calls: SpecCalls, _: Any) -> SearchStrategy[SpecCall] | None:
    """Make calls with a keyword that no parameter is called."""
    if calls.has_variadic_keywords:
        return None
    name = calls.unknown_keyword()
    wrong = f"the keyword {name!r}"
    return calls.inside.map(lambda call: call._replace(kwargs={**call.kwargs, name: None}, wrong=wrong))


def _misnamed(calls: SpecCalls, _: Any) -> SearchStrategy[SpecCall] | None:
    """Make calls that spell a parameter's name wrong."""
    names = {each.name for each in calls.of_kind("positional-or-keyword", "keyword-only")}
    taken = {*names, *(each.key for each in calls.required_carries)}

    def misspell(call: SpecCall) -> SpecCall | None:
        name = next((key for key in call.kwargs if key in names and f"{key}_" not in taken), None)
        if name is None:
            return None
        kwargs = {f"{key}_" if key == name else key: value for key, value in call.kwargs.items()}
        return call._replace(kwargs=kwargs, wrong=f"{name!r} is spelled {name + '_'!r}")

    return None if calls.has_variadic_keywords or not names else _existing(calls.inside.map(misspell))


def _twice(calls: SpecCalls, _: Any) -> SearchStrategy[SpecCall] | None:
    """Make calls that give a parameter by its place and by its name."""
    places = calls.places

    def repeat(call: SpecCall) -> SpecCall | None:
        given = [each for each in places[: len(call.args)] if each.kind == "positional-or-keyword"]
        if not given:
            return None
        name = given[0].name
        return call._replace(
            kwargs={**call.kwargs, name: call.args[places.index(given[0])]}, wrong=f"{name!r} is given twice"
        )

    if not calls.of_kind("positional-or-keyword"):
        return None
    return _existing(calls.inside.map(repeat))


def _uncarried(calls: SpecCalls, _: Any) -> SearchStrategy[SpecCall] | None:
    """Make calls that do not carry what each call has to."""
    required = [each.name for each in calls.required_carries]
    if not required:
        return None
    without = st.tuples(calls.inside, st.sampled_from(required))
    return without.map(
        lambda pair: pair[0]._replace(
            carried={name: value for name, value in pair[0].carried.items() if name != pair[1]},
            wrong=f"it does not carry {pair[1]!r}",
        )
    )


_WAYS: Sequence[Any] = (_with_value, _missing, _extra, _unknown, _misnamed, _twice, _uncarried)


def _existing(calls: SearchStrategy[SpecCall | None]) -> SearchStrategy[SpecCall]:
    return calls.filter(lambda call: call is not None)  # type: ignore[return-value]
