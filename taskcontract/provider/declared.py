"""What a provider has declared by now: implementations, adapters, and what is registered for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.provider.adapter_path import AdapterPath, Implementation, find_path, refuse_second
from taskcontract.provider.adapters import AdapterTable
from taskcontract.provider.example_policy import read_examples
from taskcontract.provider.existing_tasks import find_existing, require_no_options, require_same_name
from taskcontract.provider.fitting import require_fit
from taskcontract.provider.functions import find_place
from taskcontract.provider.options import require_options
from taskcontract.provider.registering import Registrations

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from celery import Celery

    from taskcontract.declare.service import Service
    from taskcontract.declare.task import Task
    from taskcontract.provider.example_policy import Examples

__all__ = ["Declared"]


class Declared:
    """How the versions of `service` are served in the workers of `app`, as far as it is declared."""

    def __init__(self, app: Celery, service: Service) -> None:
        self.app = app
        self.service = service
        self.adapters = AdapterTable()
        self.registrations = Registrations(app, self.paths, self.adapters)
        self._implementations: dict[str, Implementation] = {}

    def paths(self) -> list[AdapterPath]:
        """Return the path of each version."""
        return [self.path_of(task) for task in self.service.tasks]

    def path_of(self, task: Task[..., Any]) -> AdapterPath:
        """Return through which adapters the calls of `task` reach an implementation."""
        return find_path(task, self._implementations, self.adapters)

    def implement(
        self,
        task: Task[..., Any],
        function: Callable[..., Any],
        *,
        bind: bool,
        options: Mapping[str, Any],
        examples: Examples,
    ) -> None:
        """Serve `task` by `function`, or by the Celery task of this app that it is, with that one's options.

        A ProviderError where it does not fit the binding, or another function serves it.
        """
        existing = find_existing(self.app, function)
        if existing is not None:
            require_same_name(existing, task)
            require_no_options(options, existing, bind=bind)
            function, bind, options = existing.function, existing.bind, {"base": type(existing.task)}
        require_fit(task, function, bind=bind)
        states = read_examples(examples, find_place(function))
        require_options(options, find_place(function), self.app)
        refuse_second(self.path_of(task), function)
        self._implementations[task.wire_name] = Implementation(
            task,
            function,
            bind=bind,
            options=options,
            examples=states,
            replaces=existing and existing.task,
        )
        self.registrations.follow()
