"""What became of one call, as its caller saw it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = ["Outcome"]


@dataclass
class Outcome:
    """One call; `waited` are the task ids without a result, `errors` what was told of them instead."""

    name: str
    kind: str
    version: int
    sent_at: float
    waited: set[str]
    wrong: bool = False
    refused: bool = False
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        """Whether every result has come."""
        return not self.waited

    @property
    def told(self) -> bool:
        """Whether all that is missing was explained by an error."""
        return self.waited <= self.errors.keys()

    def settle(self, task_id: str, *, right: bool) -> None:
        """A result has come."""
        self.waited.discard(task_id)
        self.errors.pop(task_id, None)
        self.wrong = self.wrong or not right

    def tell(self, task_id: str, error: str, *, refused: bool) -> None:
        """An error has come; `refused` says that the message is kept and a result may follow."""
        self.errors[task_id] = error
        self.refused = self.refused or refused

    @property
    def verdict(self) -> str:
        """`right`, `wrong`, `lost` (an error is all that its caller got) or `waiting` (not even that)."""
        if self.wrong:
            return "wrong"
        if self.is_over:
            return "right"
        return "lost" if self.told else "waiting"

    def as_json(self) -> dict[str, Any]:
        """All of it, and the verdict."""
        return {**asdict(self), "waited": sorted(self.waited), "verdict": self.verdict}
