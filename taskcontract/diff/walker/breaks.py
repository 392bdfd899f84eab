"""A call that breaks, with a message that shows it and what becomes of that at the new side."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from taskcontract.diff.calls.breaks import CallBreak
    from taskcontract.diff.judge import Judgement
    from taskcontract.model.finding import Direction, Severity, Witness

__all__ = ["Break"]


class Break(NamedTuple):
    """A call that breaks; dangerous if only callers of another style than the policy's make it.

    `witness` is such a call, which the old side takes; None where none was found, though its shape alone
    proves the break. `fate` is what becomes of it at the new side.
    """

    call: CallBreak
    severity: Severity
    witness: Witness | None
    fate: Judgement

    @property
    def silent(self) -> bool:
        """Whether the call is still taken: its values land elsewhere, and nothing raises."""
        return self.call.silent and self.fate.taken

    def whom(self, directions: tuple[Direction, ...]) -> tuple[Direction, ...]:
        """`directions`, where callers of the policy's style make the call; no order helps the others."""
        return directions if self.severity == "breaking" else ("backward",)

    @property
    def notice(self) -> str:
        """How a call whose values land elsewhere looks to the worker's operator."""
        if self.fate.refusal:
            return f"the worker refuses it: {self.fate.refusal}"
        return "nothing raises" if self.fate.known else "at most its value gives it away"

    def say(self, landed: str) -> str:
        """Say what happens to the message: `landed` and how that shows, or that its call fails."""
        return f"{landed}; {self.notice}" if self.call.silent else "fails in the worker with TypeError"
