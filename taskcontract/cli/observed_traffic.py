"""What `--traffic STORE` names: the calls that workers have counted of the service that is compared."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from taskcontract.cli.cluster import nothing_counted
from taskcontract.cli.sides import SpecSide
from taskcontract.errors import ConfigError

if TYPE_CHECKING:
    from taskcontract.cli.sides import TaskSide
    from taskcontract.usage import Counted

__all__ = ["ObservedTraffic", "read_traffic"]


class ObservedTraffic(NamedTuple):
    """What was `counted`, looked at `now`, of callers within so many `days`."""

    counted: Counted
    days: float
    now: float


def read_traffic(place: str, days: float, old: SpecSide | TaskSide) -> ObservedTraffic:
    """Return the counted calls of the tasks of `old` in the store at `place`.

    Those of a service are kept by its name. Plain tasks are looked for among all that is kept: nobody says
    which app counted a task that nobody calls, so that counting began with the latest of them.
    """
    if not isinstance(old, SpecSide):
        raise ConfigError(
            "--traffic is of a whole service", where="diff", do="Compare two services, not two tasks."
        )
    from taskcontract.usage import Counted, store_at

    store = store_at(place)
    is_declared = any(task.version for task in old.spec.tasks)
    names = [old.spec.name] if is_declared else store.services()
    found = [store.read(name) for name in names]
    starts = [each.shapes_since for each in found if each.shapes_since is not None]
    if len(starts) < len(found) or not starts:
        what = repr(old.spec.name) if is_declared else "plain tasks"
        raise nothing_counted(what, store.place, "leave --traffic out")
    wanted = {name for task in old.spec.tasks for name in task.wire_names}
    uses = tuple(use for each in found for use in each.uses if use.key.task in wanted)
    shapes = tuple(use for each in found for use in each.shapes if use.key.task in wanted)
    return ObservedTraffic(Counted(uses, max(starts), shapes, max(starts)), days, time.time())
