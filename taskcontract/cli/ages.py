"""Ages on the command line: `30d`, `12h`, `90m`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from taskcontract.errors import ConfigError

__all__ = ["read_past"]

AGE = re.compile(r"(?P<number>[0-9]{1,6})(?P<unit>[dhm])", re.ASCII)
UNITS = {"d": "days", "h": "hours", "m": "minutes"}


def read_past(option: str, age: str) -> datetime:
    """Return the moment in UTC that is `age` ago, as given with `option`; a ConfigError for another text."""
    found = AGE.fullmatch(age)
    try:
        if found is not None:
            return datetime.now(UTC) - timedelta(**{UNITS[found["unit"]]: int(found["number"])})
    except OverflowError:  # before all calendars
        pass
    raise ConfigError(f"{option} {age}: this is not an age", do="Write it as 30d, 12h or 90m.")
