"""The parameters of one task before and after, with every call that breaks between them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from taskcontract.diff.calls.breaks import CallBreak, find_call_breaks
from taskcontract.diff.calls.shape import shape_of
from taskcontract.diff.walker.messages import message_of
from taskcontract.diff.walker.parameters import match_parameters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from taskcontract.diff.walker.tasks import KeptTaskPair
    from taskcontract.model.canonical import Json
    from taskcontract.model.finding import Finding, Severity, Witness
    from taskcontract.model.service import ParameterSpec

__all__ = ["Break", "ParameterPair", "SignaturePair", "shown"]

POSITIONAL = ("positional-only", "positional-or-keyword")


class Break(NamedTuple):
    """A call that breaks; dangerous if only callers of another style than the policy's make it."""

    call: CallBreak
    severity: Severity
    witness: Witness
    types_tell: bool

    @property
    def silent(self) -> bool:
        """Whether the call still binds: the values land elsewhere."""
        return self.call.silent

    @property
    def notice(self) -> str:
        """What a silent break looks like to whoever runs the worker."""
        return "only its type gives it away" if self.types_tell else "nothing raises"


class SignaturePair:
    """The parameters of one task on both sides.

    Whether calls break is for `taskcontract.diff.calls` to say; rules say which change it was.
    """

    def __init__(self, tasks: KeptTaskPair) -> None:
        self.tasks = tasks
        self.old = tasks.old.parameters
        self.new = tasks.new.parameters
        self.service = tasks.service
        self.task = tasks.task
        self.version = tasks.version
        self.old_shape = shape_of(self.old)
        self.new_shape = shape_of(self.new)
        self.parameters = tuple(
            ParameterPair(self, old, new) for old, new in match_parameters(self.old, self.new)
        )

    @cached_property
    def breaks(self) -> tuple[list[CallBreak], list[CallBreak]]:
        """What breaks for callers of the policy's style, worst first; and what only others would notice."""
        every = find_call_breaks(self.old_shape, self.new_shape)
        style = self.tasks.services.policy.style_of(self.tasks.old)
        if style == "both" or not every:
            return every, []
        noticed = find_call_breaks(self.old_shape, self.new_shape, style)
        known = {item[:3] for item in noticed}
        return noticed, [item for item in every if item[:3] not in known]

    def explained_by(self, findings: Iterable[Finding]) -> bool:
        """Whether `findings` are as grave as the calls that break."""
        noticed, others = self.breaks
        severities = {finding.severity for finding in findings}
        if noticed:
            return "breaking" in severities
        return not others or bool(severities & {"breaking", "dangerous"})

    @cached_property
    def bind_shifts(self) -> bool:
        """Whether `bind` was toggled on the same definition, so that every argument moves by one place."""
        old, new = self.tasks.old, self.tasks.new
        if old.bind == new.bind:
            return False
        longer, shorter = (old, new) if new.bind else (new, old)
        return _skeleton(longer.parameters[1:]) == _skeleton(shorter.parameters) and bool(
            longer.parameters and longer.parameters[0].kind in POSITIONAL
        )

    def find_break(self, *concerns: Callable[[CallBreak], bool]) -> Break | None:
        """The worst break that the first of `concerns` picks, or else the next; None if none picks any.

        What breaks for callers of the policy's style goes before what only others would notice.
        """
        noticed, others = self.breaks
        tiers: tuple[tuple[list[CallBreak], Severity], ...] = ((noticed, "breaking"), (others, "dangerous"))
        for items, severity in tiers:
            for concern in concerns:
                for item in items:
                    if concern(item):
                        return Break(item, severity, message_of(item, self), self._types_tell(item))
        return None

    def _types_tell(self, item: CallBreak) -> bool:
        """Whether the worker refuses a value that landed elsewhere, for being of another JSON type."""
        old = {parameter.name: parameter.schema for parameter in self.old}
        new = {parameter.name: parameter.schema for parameter in self.new}
        if not self.tasks.new.enforced or item.subject not in old or item.landing not in new:
            return False
        meant, found = _types(old[item.subject]), _types(new[item.landing])
        return bool(meant and found) and meant.isdisjoint(found)

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
    """The default of a parameter as findings show it: never a secret one."""
    return "***" if parameter.secret else parameter.default


def _types(schema: Json) -> set[str]:
    """The JSON types that a schema's own `type` allows; empty where it has none."""
    kind = schema.get("type") if isinstance(schema, dict) else None
    types = {kind} if isinstance(kind, str) else {*kind} if isinstance(kind, list) else set()
    return types | ({"integer"} if "number" in types else set())


def _skeleton(parameters: tuple[ParameterSpec, ...]) -> list[tuple[str, str, bool]]:
    return [(parameter.name, parameter.kind, parameter.required) for parameter in parameters]
