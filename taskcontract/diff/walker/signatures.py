"""The parameters of one task before and after, with every call that breaks between them."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from taskcontract.diff.calls.breaks import CallBreak, count_work, find_call_breaks
from taskcontract.diff.calls.shape import shape_of
from taskcontract.diff.judge import UNKNOWN
from taskcontract.diff.walker.breaks import Break
from taskcontract.diff.walker.judging import bind
from taskcontract.diff.walker.messages import messages_of
from taskcontract.diff.walker.parameters import match_parameters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from taskcontract.diff.walker.context import Context
    from taskcontract.model.canonical import Json
    from taskcontract.model.finding import Finding, Severity
    from taskcontract.model.service import ParameterSpec, TaskSpec

__all__ = ["ParameterPair", "SignaturePair", "shown"]

CALLS_A_STEP = 4
"""How many calls the engine of call shapes looks at in the time that a step of the other one takes."""
ALWAYS_DECIDED = 1_000
"""Steps: comparisons within these (some 30 parameters a side) run whatever is left of the budget."""
MOST_TRIED = 8
"""Breaks of one kind of which one that is silent is sought."""
NAME_REFUSED = ("unexpected", "missing", "positional-only")
POSITIONAL = ("positional-only", "positional-or-keyword")


class SignaturePair:
    """The parameters of one task on both sides.

    Whether calls break is for `taskcontract.diff.calls` to say; rules say which change it was.
    """

    def __init__(self, context: Context, old: TaskSpec, new: TaskSpec) -> None:
        self.context = context
        self.old_task = old
        self.new_task = new
        self.old = old.parameters
        self.new = new.parameters
        self.service = context.old.name
        self.task = old.name
        self.version = old.version
        self.old_shape = shape_of(self.old)
        self.new_shape = shape_of(self.new)
        self.parameters = tuple(
            ParameterPair(self, old, new) for old, new in match_parameters(self.old, self.new)
        )

    @cached_property
    def doubt(self) -> str:
        """Why it is not known which calls break; empty where it is."""
        budget, work = self.context.budget, count_work(self.old_shape, self.new_shape) // CALLS_A_STEP
        if work > max(ALWAYS_DECIDED, budget.remaining):
            budget.left_undecided += 1
            return budget.refuse()
        budget.spend(work)
        return ""

    @cached_property
    def breaks(self) -> tuple[list[CallBreak], list[CallBreak]]:
        """What breaks for callers of the policy's style, worst first; and what only others would notice."""
        if self.doubt:
            return [], []
        every = find_call_breaks(self.old_shape, self.new_shape)
        style = self.context.policy.style_of(self.old_task)
        if not every:
            return [], []
        noticed = every if style == "both" else find_call_breaks(self.old_shape, self.new_shape, style)
        if not self.version:
            noticed = [item for item in noticed if not item.takes_an_extra]
        known = {item[:3] for item in noticed}
        return noticed, [item for item in every if item[:3] not in known]

    def explained_by(self, findings: Iterable[Finding]) -> bool:
        """Whether `findings` are as grave as the calls that break."""
        noticed, others = self.breaks
        if self.doubt:
            return False
        severities = {finding.severity for finding in findings}
        if noticed:
            return "breaking" in severities
        return not others or bool(severities & {"breaking", "dangerous"})

    @cached_property
    def bind_shifts(self) -> bool:
        """Whether `bind` was toggled on the same definition, so that every argument moves by one place.

        A `self` that came without `bind` is such a definition: it takes the first argument of each call.
        """
        old, new = self.old_task, self.new_task
        if self.lacks_bind:
            return _skeleton(new.parameters[1:]) == _skeleton(old.parameters)
        if old.bind == new.bind:
            return False
        longer, shorter = (old, new) if new.bind else (new, old)
        return _skeleton(longer.parameters[1:]) == _skeleton(shorter.parameters) and bool(
            longer.parameters and longer.parameters[0].kind in POSITIONAL
        )

    @cached_property
    def lacks_bind(self) -> bool:
        """Whether the new side has a `self` as its first parameter that is not the task, and is new there."""
        first = next((parameter.name for parameter in self.new), None)
        return first == "self" and not self.new_task.bind and first not in self.old_names

    def find_break(self, *concerns: Callable[[CallBreak], bool]) -> Break | None:
        """Return the worst break picked by the first of `concerns` that picks one; None if none does.

        What breaks for callers of the policy's style goes before what only others would notice.
        """
        noticed, others = self.breaks
        tiers: tuple[tuple[list[CallBreak], Severity], ...] = ((noticed, "breaking"), (others, "dangerous"))
        for items, severity in tiers:
            for concern in concerns:
                found = self._choose([item for item in items if concern(item)], severity)
                if found is not None:
                    return found
        return None

    def _choose(self, items: list[CallBreak], severity: Severity) -> Break | None:
        """Return the first of `items` that is shown to be as silent as it seems; else the first."""
        first: Break | None = None
        for item in items[:MOST_TRIED]:
            found = self._show(item, severity)
            if found.silent:
                return found
            if first is None or (first.witness is None and found.witness is not None):
                first = found
            if not item.silent:
                break
        return first

    def _show(self, item: CallBreak, severity: Severity) -> Break:
        """`item` with a call that the old side takes, and what the new side does with it."""
        bench, before, after = self.context.bench, self.old_task, self.new_task
        for witness in () if self.context.budget.used_up else messages_of(item, before, after, bench):
            call = witness.args, witness.kwargs or {}
            if bench.judge_old(before, *call).refusal:
                continue
            fate = bench.judge_new(after, *call)
            if item.silent and not fate.refusal:
                old, new = bind(before, *call), bind(after, *call)
                if old == new and item.subject != item.landing:
                    continue  # the same value twice shows no move
                witness = replace(witness, old_binding=old, new_binding=new)
            return Break(item, severity, witness, fate)
        return Break(item, severity, None, UNKNOWN)

    def show_kept(self) -> Break:
        """Return the old side's shortest call as if its meaning had changed; its witness binds nothing."""
        needed, places = self.old_shape.required, self.old_shape.positional_only
        named = (*self.old_shape.positional_or_keyword, *self.old_shape.keyword_only)
        count = max((at for at, name in enumerate(places, 1) if name in needed), default=0)
        item = CallBreak("moved", "", "", count, tuple(name for name in named if name in needed))
        return self._show(item, "dangerous")

    @cached_property
    def old_names(self) -> frozenset[str]:
        """The names of the old parameters."""
        return frozenset(parameter.name for parameter in self.old)

    @cached_property
    def common_places(self) -> tuple[list[str], list[str]]:
        """The names that take values by position on both sides: in the old order, and in the new one."""
        common = {*self.old_shape.positional} & {*self.new_shape.positional}
        before, after = (
            [name for name in shape.positional if name in common]
            for shape in (self.old_shape, self.new_shape)
        )
        return before, after


class ParameterPair:
    """One parameter before and after; `old` is None for one that came, `new` for one that went."""

    def __init__(
        self, signature: SignaturePair, old: ParameterSpec | None, new: ParameterSpec | None
    ) -> None:
        self.signature = signature
        self.old = old
        self.new = new
        self.service = signature.service
        self.task = signature.task
        self.version = signature.version

    @property
    def name(self) -> str:
        """The old name, or the new one's of a parameter that came."""
        found = self.old or self.new
        assert found is not None
        return found.name

    @property
    def path(self) -> str:
        """Where the parameter is in the spec: `parameters.meta`."""
        return f"parameters.{self.name}"

    @property
    def variadic(self) -> bool:
        """Whether this is `*args` or `**kwargs`."""
        found = self.old or self.new
        return found is not None and found.kind.startswith("var-")

    @property
    def renamed(self) -> bool:
        """Whether this one is on both sides, under two names."""
        return self.names[0] != self.names[1] and "" not in self.names and not self.variadic

    @cached_property
    def rename_refused(self) -> Break | None:
        """A call that one of the two names of a renamed parameter makes fail, or None."""
        names = self.names
        return self.find_break(lambda item: item.cause in NAME_REFUSED and item.subject in names)

    @property
    def rename_breaks(self) -> bool:
        """Whether this is a renamed parameter whose old name some calls give."""
        old = self.names[0]
        return self.renamed and self.find_break(lambda item: old in (item.subject, item.landing)) is not None

    @cached_property
    def swallowed(self) -> Break | None:
        """A call whose value for a parameter that went falls into `*args` or `**kwargs`, or None."""
        return self.find_break(lambda item: item.subject == self.name and item.landing.startswith("*"))

    @cached_property
    def refused(self) -> Break | None:
        """A call that gives a parameter which went, and fails or gives it to another one; or None."""
        old = self.old
        return self.find_break(
            lambda item: item.subject == self.name and not item.landing.startswith("*"),
            # The values by position behind it move up by one, and the last finds no place.
            lambda item: (
                item.cause in ("surplus", "duplicate") and old is not None and old.kind != "keyword-only"
            ),
        )

    @property
    def opened(self) -> bool:
        """Whether `*args` and `**kwargs` both came: one change, as by a decorator without `wraps`."""
        came = {each.new.kind for each in self.signature.parameters if each.new and not each.old}
        return {"var-positional", "var-keyword"} <= came

    @property
    def names(self) -> tuple[str, str]:
        """The old name and the new one; empty where there is none."""
        return self.old.name if self.old else "", self.new.name if self.new else ""

    @property
    def optional_by_place(self) -> bool:
        """Whether this one takes values by position and may be left out now."""
        return self.new is not None and self.new.kind in POSITIONAL and not self.new.required

    @property
    def place_precedes_another(self) -> bool:
        """Whether one that was there before takes values by position after this one."""
        places = self.signature.new_shape.positional
        after = places[places.index(self.names[1]) + 1 :]
        kept = {pair.new.name for pair in self.signature.parameters if pair.old and pair.new}
        return not kept.isdisjoint(after)

    def find_break(self, *concerns: Callable[[CallBreak], bool]) -> Break | None:
        """See `SignaturePair.find_break`."""
        return self.signature.find_break(*concerns)


def shown(parameter: ParameterSpec) -> Json:
    """Return the default of a parameter as findings show it: `***` for a secret one."""
    return "***" if parameter.secret else parameter.default


def _skeleton(parameters: tuple[ParameterSpec, ...]) -> list[tuple[str, str, bool]]:
    return [(parameter.name, parameter.kind, parameter.required) for parameter in parameters]
