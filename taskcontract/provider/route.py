"""The way of one message: decoded, adapted upwards, served, adapted downwards, encoded."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from taskcontract.declare.cargo import carried_keywords, without_keywords
from taskcontract.declare.failures.transport import carry
from taskcontract.errors import ArgumentTypeError, ArgumentValueError, ProviderError
from taskcontract.provider.adapter_errors import AdapterAnswerError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from taskcontract.model.canonical import Json
    from taskcontract.provider.adapter_path import AdapterPath
    from taskcontract.provider.adapters import AdapterTable

__all__ = ["Route"]


class Route:
    """How the messages of one wire name are served.

    `path` may be replaced by a newer reading of the same declarations: adapters may be declared late.
    """

    def __init__(self, path: AdapterPath, adapters: AdapterTable) -> None:
        self.path = path
        self.task = path.task
        self._adapters = adapters

    def serve(self, celery_task: Any, args: tuple[Json, ...], kwargs: Mapping[str, Json]) -> Json:
        """Return the JSON result for a message's arguments.

        The errors of `Binder.decode_call` where they are outside the contract; a ResultValueError
        where the provider's own result is. What is raised besides goes through `translate_error`.
        """
        path = self.path
        kwargs = without_keywords(self.task.service.carries, kwargs)
        typed, named = self.task.binder.decode_call(args, kwargs)
        for step in path.steps:
            call = step.upcast.apply(typed, named)
            typed, named = call.args, call.kwargs
        try:
            result = path.implementation.run(celery_task, typed, named)
        except Exception as error:
            carry(error, path.end)
            raise
        for step in reversed(path.steps):
            result = step.down(result)
        return self.task.binder.result.encode(result)

    def translate_error(self, error: Exception) -> tuple[Exception, Exception]:
        """Return the error that callers of this version get for an `error` of `serve`, and the original one.

        This is a step of its own, as Celery's autoretry comes in between and looks for the errors of
        the implementation.
        """
        passed = [step.upcast.old for step in self.path.steps]
        if isinstance(error, AdapterAnswerError):
            passed = passed[: passed.index(error.old)]
            error = carry(error.error, error.old)
        translated = self._adapters.map_error(error, reversed(passed))
        return carry(translated, self.task), error

    def refuse_replacement(self, signature: Any) -> None:
        """Raise a ProviderError if a call of this version is to be replaced by one that answers otherwise.

        What replaces it answers its callers, past the adapters.
        """
        if getattr(signature, "task", None) in self.task.wire_names or not self._changes_answers():
            return
        raise ProviderError(
            f"a call of {self.task.id} cannot be replaced by {getattr(signature, 'task', signature)}: "
            f"its callers would get the answer as it is, not as {self.task.id} promises it",
            do="Return the result, use self.retry(), or call the newer task and adapt its result yourself.",
        )

    def encode_retry(
        self, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> tuple[Sequence[Json], Mapping[str, Json]]:
        """Return the JSON form of the arguments that a retry names itself, typed or as a message has them.

        Keywords that carry something are not among them.
        A retry of an old call stays an old call: a ProviderError where it names a newer one's.
        """
        binder = self.task.binder
        kwargs = without_keywords(self.task.service.carries, kwargs)
        with suppress(ArgumentTypeError, ArgumentValueError):
            args, kwargs = binder.decode_call(args, kwargs)
        try:
            return binder.encode_call(args, kwargs)
        except (ArgumentTypeError, ArgumentValueError) as refusal:
            raise ProviderError(
                f"a retry of {self.task.id} names arguments that it does not take: {refusal.what}",
                do="Let `self.retry()` keep the arguments: the call may be an older version's.",
            ) from None

    def with_carried(self, kwargs: Mapping[str, Json], given: Mapping[str, Json]) -> Mapping[str, Json]:
        """Return the keywords of a retry: `kwargs`, and those that carry something, `given` or current."""
        return {**kwargs, **carried_keywords(self.task.service.carries, given)}

    def _changes_answers(self) -> bool:
        return any(
            step.downcast is not None or self._adapters.errors.get(step.upcast.old.wire_name)
            for step in self.path.steps
        )
