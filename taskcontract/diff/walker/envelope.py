"""What a message has besides its arguments when no bindings send it: a queue, and what calls carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.model.service import HEADER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskcontract.diff.walker.samples import Samples
    from taskcontract.model.canonical import Json
    from taskcontract.model.service import CarriedSpec, TaskSpec

__all__ = ["carried_keywords", "options_of"]


def carried_keywords(carries: Sequence[CarriedSpec], samples: Samples) -> dict[str, Json]:
    """Return the keyword arguments that each call must carry, with values that are accepted."""
    return _required(carries, "keyword", samples)


def options_of(task: TaskSpec, carries: Sequence[CarriedSpec], samples: Samples) -> dict[str, Json]:
    """Return the options that make `app.send_task` send the message that the bindings would send."""
    headers = _required(carries, "header", samples)
    ours = _required(carries, "taskcontract", samples)
    if ours:
        headers[HEADER] = {"version": task.version, "carried": ours}
    options: dict[str, Json] = {}
    if task.queue is not None:
        options["queue"] = task.queue
    if task.serializer != "json":
        options["serializer"] = task.serializer
    if headers:
        options["headers"] = headers
    return options


def _required(carries: Sequence[CarriedSpec], place: str, samples: Samples) -> dict[str, Json]:
    return {
        each.key or each.name: samples.value_of(each.schema, each.name)
        for each in carries
        if each.required and each.place == place
    }
