"""The issues of GitLab's code quality reports, of whatever report they are."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from taskcontract.reporting.escape import flatten

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json

__all__ = ["SEVERITIES", "make_digest", "write_issue"]

SEVERITIES = {"breaking": "critical", "dangerous": "major", "safe": "info"}
CONFIGURATION = ("pyproject.toml", 1)
"""GitLab drops an issue without a file: what has none is a matter of the project as a whole."""


def make_digest(*facts: str) -> str:
    """Return what tells an issue from all others and stays the same from run to run, as a finding's does."""
    return blake2b("\0".join(facts).encode(), digest_size=8).hexdigest()


def write_issue(
    check: str, text: str, severity: str, fingerprint: str, place: tuple[str, int] | None = None
) -> Json:
    """Return one issue; without a `place` it is shown at the project's configuration."""
    path, line = place or CONFIGURATION
    return {
        "check_name": check,
        "description": flatten(text),
        "severity": severity,
        "fingerprint": fingerprint,
        "location": {"path": path, "lines": {"begin": line}},
    }
