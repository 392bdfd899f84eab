"""The tasks of a live worker as calls can be made up for them: their specs, and what the provider allows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from taskcontract.declare.serving import find_providers
from taskcontract.model.contract import ProviderState
from taskcontract.model.spec_file import dump_spec, read_spec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from celery import Celery

    from taskcontract.model.canonical import Json
    from taskcontract.model.service import CarriedSpec, TaskSpec

__all__ = ["DESCRIBE", "DescribedTask", "describe_services", "read_description"]

DESCRIBE = "taskcontract.describe"
"""The task that a worker under test answers with the specs of its services."""


class DescribedTask(NamedTuple):
    """One version of a task of `service`: what each call carries, the states that made-up calls need.

    `refusal` says why none may be sent; it is empty where they may.
    """

    service: str
    spec: TaskSpec
    carries: tuple[CarriedSpec, ...]
    states: tuple[ProviderState, ...]
    refusal: str

    @property
    def id(self) -> str:
        """`pusher::send_to_s3@1.0.0`."""
        return f"{self.service}::{self.spec.id}"


def describe_services(app: Celery) -> Json:
    """Return what `read_description` reads, in the worker of `app`."""
    return [
        {
            "spec": json.loads(dump_spec(provider.service.spec())),
            "tasks": {
                task.wire_name: {
                    "states": [[state.name, state.params] for state in policy.states],
                    "refusal": policy.refusal,
                }
                for task in provider.service.tasks
                for policy in (provider.examples_of(task),)
            },
        }
        for provider in find_providers(app)
    ]


def read_description(answer: Any) -> Iterator[DescribedTask]:
    """Yield each version of each task that a worker describes."""
    for each in answer:
        spec = read_spec(each["spec"], file="the worker's description")
        for task in spec.tasks:
            said = each["tasks"][task.wire_name]
            states = tuple(ProviderState(name, params) for name, params in said["states"])
            yield DescribedTask(spec.name, task, spec.carries, states, said["refusal"])
