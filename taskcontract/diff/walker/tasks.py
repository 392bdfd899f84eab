"""One task before and after."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from taskcontract.diff.walker.messages import shortest_call
from taskcontract.diff.walker.sameness import same_parameters
from taskcontract.model.equality import same_json
from taskcontract.model.expressions import expression_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.context import Context
    from taskcontract.diff.walker.signatures import SignaturePair
    from taskcontract.model.canonical import Json
    from taskcontract.model.finding import Witness
    from taskcontract.model.service import TaskSpec

__all__ = ["KeptTaskPair", "TaskPair"]


class TaskPair:
    """One task of each side, or of one alone: `old` is None for one that came, `new` for one that went."""

    def __init__(self, context: Context, old: TaskSpec | None, new: TaskSpec | None) -> None:
        self.context = context
        self.catalogue = context.catalogue
        self.old = old
        self.new = new

    @cached_property
    def known(self) -> TaskSpec:
        """The side that there is, the old one first."""
        found = self.old or self.new
        assert found is not None
        return found

    @property
    def service(self) -> str:
        """The service's name."""
        return self.context.old.name

    @property
    def task(self) -> str:
        """The task's name."""
        return self.known.name

    @property
    def version(self) -> str:
        """The task's version."""
        return self.known.version

    @property
    def ended(self) -> bool:
        """Whether the old side has a sunset date that is over: its calls are refused already."""
        return self.old is not None and self.context.policy.is_over(self.old.sunset)

    @property
    def promised(self) -> bool:
        """Whether the old side has a sunset date that is not over."""
        return bool(self.old and self.old.sunset) and not self.ended

    @property
    def refused_now(self) -> bool:
        """Whether the new side has a sunset date that is over."""
        return self.new is not None and self.context.policy.is_over(self.new.sunset)

    @property
    def any_call(self) -> Witness:
        """A call that the task took: the shortest, by keyword wherever that can be."""
        return shortest_call(self.known.parameters, self.context.samples)

    @cached_property
    def kept(self) -> KeptTaskPair | None:
        """The pair as one with both sides, or None if one is missing."""
        if self.old is None or self.new is None:
            return None
        return KeptTaskPair(self.context, self.old, self.new)


class KeptTaskPair:
    """One task with both sides: all that its signature, payload, result and delivery rules look at."""

    def __init__(self, context: Context, old: TaskSpec, new: TaskSpec) -> None:
        self.context = context
        self.catalogue = context.catalogue
        self.old = old
        self.new = new
        self.service = context.old.name
        self.task = old.name
        self.version = old.version

    @cached_property
    def signature(self) -> SignaturePair:
        """The two lists of parameters, paired and compared."""
        from taskcontract.diff.walker.signatures import SignaturePair

        return SignaturePair(self.context, self.old, self.new)

    @property
    def signature_differs(self) -> bool:
        """Whether anything about the parameters differs."""
        return not same_parameters(self.old.parameters, self.new.parameters)

    @property
    def result_differs(self) -> bool:
        """Whether the schema of the result differs."""
        old, new = self.old, self.new
        return not (same_json(old.result, new.result) and same_json(old.result_read, new.result_read))

    @property
    def results_taken(self) -> tuple[Json, Json]:
        """The schemas of what the readers of each side take as the result."""
        old, new = self.old, self.new
        return (
            old.result if old.result_read is None else old.result_read,
            new.result if new.result_read is None else new.result_read,
        )

    @property
    def delivery_differs(self) -> bool:
        """Whether anything differs that is about messages and the worker, not about values."""
        old, new = self.old, self.new
        errors = (old.errors, old.error_fields.keys()) != (new.errors, new.error_fields.keys())
        return errors or old.enforced != new.enforced or not same_json(old.options, new.options)

    @property
    def changed_errors(self) -> Iterator[tuple[str, Json, Json]]:
        """The errors that both sides declare with other fields, each with the two schemas of those."""
        before, after = self.old.error_fields, self.new.error_fields
        for name in sorted(before.keys() & after.keys()):
            if not same_json(before[name], after[name]):
                yield name, before[name], after[name]

    @cached_property
    def undecided_options(self) -> dict[str, tuple[Json, Json]]:
        """The options that differ, by name, where one of the two values is that of an expression."""
        old, new = self.old.options, self.new.options
        pairs = {name: (old.get(name), new.get(name)) for name in sorted(old.keys() | new.keys())}
        return {
            name: pair
            for name, pair in pairs.items()
            if not same_json(*pair) and any(expression_of(each) is not None for each in pair)
        }

    def option(self, name: str, default: Json = None) -> tuple[Json, Json]:
        """Return a Celery option on both sides; `default` is what Celery does if it is not set.

        What is undecided is as if neither side set it: a rule of its own says so.
        """
        if name in self.undecided_options:
            return default, default
        return self.old.options.get(name, default), self.new.options.get(name, default)
