"""What a provider promises, checked when its worker starts: it keeps all of it or does not start."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING, Any

from taskcontract.declare.refusal import spell_type
from taskcontract.errors import ProviderError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.declare.task import Task
    from taskcontract.provider.provider import Provider

__all__ = ["check_promises", "refuse_to_start"]


def check_promises(provider: Provider, today: date) -> None:
    """Raise a ProviderError that lists every broken promise of `provider`, if there are any."""
    broken = [
        *_unserved(provider, today),
        *_dead_ends(provider),
        *_missing_downcasts(provider),
        *_unmapped_errors(provider),
        *_unread(provider),
    ]
    if broken:
        raise ProviderError(
            f"the worker of {provider.service.name!r} would break {len(broken)} promise(s) of its bindings:\n"
            + "\n".join(f"  - {line}" for line in broken),
            do="Mend them, or declare a new version; nothing is served until then.",
        )


def refuse_to_start(provider: Provider, today: date) -> None:
    """End this process with exit code 2 and one clear message if a promise is broken."""
    try:
        check_promises(provider, today)
    except ProviderError as error:
        # An exception would be logged by Celery's signal and forgotten: the worker would start.
        print(f"taskcontract: {error}", file=sys.stderr, flush=True)  # noqa: T201
        raise SystemExit(2) from None


def _unserved(provider: Provider, today: date) -> Iterator[str]:
    for task in provider.service.tasks:
        over = task.sunset is not None and date.fromisoformat(task.sunset) < today
        if not (
            task.wire_name in provider.implementations or task.wire_name in provider.adapters.upcasts or over
        ):
            yield (
                f"{task.id} is declared but neither implemented nor adapted: add @provider.implements"
                f"({task.function.__name__}) or @provider.upcasts({task.function.__name__})"
            )


def _dead_ends(provider: Provider) -> Iterator[str]:
    served = {implementation.task.name for implementation in provider.implementations.values()}
    for upcast in provider.adapters.upcasts.values():
        if upcast.old.name not in served:
            yield f"{upcast.old.id} is adapted, but no version of {upcast.old.name} is implemented"


def _missing_downcasts(provider: Provider) -> Iterator[str]:
    for upcast in provider.adapters.upcasts.values():
        newer = _next_version(provider, upcast.old)
        if newer is None or upcast.old.wire_name in provider.adapters.downcasts:
            continue
        old_type, new_type = upcast.old.binder.result.annotation, newer.binder.result.annotation
        if old_type != new_type:
            yield (
                f"{upcast.old.id} promises {spell_type(old_type)} but {newer.id} returns "
                f"{spell_type(new_type)}: add @provider.downcasts({upcast.old.function.__name__})"
            )


def _unmapped_errors(provider: Provider) -> Iterator[str]:
    for upcast in provider.adapters.upcasts.values():
        old, newer = upcast.old, _next_version(provider, upcast.old)
        if newer is None or not old.errors:  # who declares no error promises nothing about them
            continue
        for error in newer.errors:
            if not issubclass(error, old.errors) and not provider.adapters.find_error(old, error):
                yield (
                    f"{newer.id} may raise {error.__name__}, which the callers of {old.id} do not know: "
                    f"add @provider.maps_error({old.function.__name__}, {error.__name__})"
                )


def _next_version(provider: Provider, old: Task[..., Any]) -> Task[..., Any] | None:
    versions = [task for task in provider.service.tasks if task.name == old.name]
    later: list[Task[Any, Any]] = versions[versions.index(old) + 1 :]
    return later[0] if later else None


def _unread(provider: Provider) -> Iterator[str]:
    accepted = {str(name).rpartition("/")[2].removeprefix("x-") for name in provider.app.conf.accept_content}
    for task in provider.service.tasks:
        if task.serializer not in accepted:
            yield (
                f"{task.id} is sent as {task.serializer}, which this worker refuses: "
                f"add it to the app's accept_content"
            )
