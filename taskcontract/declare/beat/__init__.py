"""Beat's entries are callers: read from a schedule, judged as a worker would, refused when beat starts."""

from __future__ import annotations
