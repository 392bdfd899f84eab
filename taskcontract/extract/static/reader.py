"""What describes tasks: an evaluation of the project's expressions, and its annotations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from taskcontract.extract.static.annotations.schemas import Annotations
    from taskcontract.extract.static.evaluating import Evaluating

__all__ = ["Reader"]


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the signatures of one project."""

    evaluator: Evaluating
    annotations: Annotations
