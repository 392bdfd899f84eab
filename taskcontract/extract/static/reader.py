"""What describes tasks: an evaluation of the project's expressions, its annotations, its settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from taskcontract.extract.static.annotations.schemas import Annotations
    from taskcontract.extract.static.evaluating import Evaluating
    from taskcontract.extract.static.settings import AppSettings
    from taskcontract.extract.static.values import Class

__all__ = ["Reader"]


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the signatures of one project; `task_class` is the one that its apps make their tasks of."""

    evaluator: Evaluating
    annotations: Annotations
    settings: AppSettings
    task_class: Class | None = None
