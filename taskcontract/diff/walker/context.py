"""What all pairs of one comparison share: the policy, the engines, and the two specs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from taskcontract.diff.budget import ProofBudget
from taskcontract.diff.judge import NOBODY
from taskcontract.diff.walker.catalogue import Catalogue
from taskcontract.diff.walker.engine import SchemaEngine
from taskcontract.diff.walker.judging import Bench
from taskcontract.diff.walker.samples import Samples

if TYPE_CHECKING:
    from taskcontract.diff.judge import Judges
    from taskcontract.diff.policy import Policy
    from taskcontract.model.service import ServiceSpec

__all__ = ["Context", "open_context"]


@dataclass(frozen=True, slots=True)
class Context:
    """One comparison of two specs.

    `schemas` answers questions on types and keeps the answers; `samples` makes values, and `bench` judges
    calls, by asking it. All of them draw on `budget`.
    """

    old: ServiceSpec
    new: ServiceSpec
    policy: Policy
    budget: ProofBudget
    schemas: SchemaEngine
    samples: Samples
    bench: Bench
    catalogue: Catalogue


def open_context(
    old: ServiceSpec,
    new: ServiceSpec,
    policy: Policy,
    judges: Judges = NOBODY,
    budget: ProofBudget | None = None,
) -> Context:
    """Return the context of a comparison of its own; several may share a `budget`."""
    budget = ProofBudget() if budget is None else budget
    schemas = SchemaEngine(budget)
    samples = Samples(schemas)
    bench = Bench(schemas, samples, *judges)
    return Context(old, new, policy, budget, schemas, samples, bench, Catalogue(old, new))
