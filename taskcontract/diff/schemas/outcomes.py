"""What is known once two schemas have been compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from taskcontract.diff.schemas.values import Json
    from taskcontract.diff.verdict import Verdict


class SchemaComparison(NamedTuple):
    """What is known of "is every value valid under old also valid under new?".

    `verdict` is `included` (proved), `not-included` (then `witness` is a value that is valid under old and
    not under new, as an independent validator has confirmed) or `undecided`. `reason` is one sentence.
    `path` is the JSON path in the value where new refuses the witness, and `kind` the kind of change that
    explains it.
    """

    verdict: Verdict
    reason: str
    witness: Json = None
    path: str = ""
    kind: str = ""

    @property
    def has_witness(self) -> bool:
        """Whether `witness` is one: `None` may be."""
        return self.verdict == "not-included"


SAME: Final = SchemaComparison("included", "the two schemas are the same")
INCLUDED: Final = SchemaComparison("included", "every value that is valid under old is valid under new")


def undecide(reason: str) -> SchemaComparison:
    """Make the outcome that nothing is proved; `reason` starts with a path and a colon."""
    return SchemaComparison("undecided", reason, path=reason.partition(": ")[0], kind="undecided")
