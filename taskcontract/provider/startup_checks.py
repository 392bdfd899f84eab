"""What a worker checks before it takes its first message: that every promise of its bindings is kept."""

from __future__ import annotations

from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Any

from taskcontract.celery_compat.result_stores import say_unchangeable
from taskcontract.declare.at_start import say_at_start
from taskcontract.declare.beat.entries import read_schedule
from taskcontract.declare.beat.judging import find_wrong_entries
from taskcontract.declare.failures.fields import schema_of_error
from taskcontract.declare.refusal import spell_type
from taskcontract.errors import ConfigError, DeclarationError, ProviderError, TaskContractError
from taskcontract.provider.adapter_errors import say_raised
from taskcontract.provider.functions import find_place
from taskcontract.provider.hints import find_false_hints
from taskcontract.safety_net.quarantine.secret_parameters import SecretsOfServices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.declare.task import Task
    from taskcontract.provider.adapter_path import AdapterPath
    from taskcontract.provider.adapters import AdapterTable, Upcast
    from taskcontract.provider.declared import Declared

__all__ = ["check_promises", "find_arriving_errors", "find_broken", "refuse_to_start"]


def check_promises(declared: Declared, today: date) -> None:
    """Raise a ProviderError that lists every broken promise of what is `declared`, if there are any.

    The app is finalized by it: only then is it known what is registered.
    """
    declared.app.finalize()
    broken = list(find_broken(declared, today))
    if broken:
        raise ProviderError(
            f"the worker of {declared.service.name!r} would break {len(broken)} promise(s) of its bindings:\n"
            + "\n".join(f"  - {line}" for line in broken),
            do="Fix them, or declare a new version; nothing is served until then.",
        )


def refuse_to_start(declared: Declared, today: date, worker: Any) -> None:
    """End the process of Celery's `worker` with exit code 2 and one message if a promise is broken."""
    try:
        check_promises(declared, today)
    except Exception as error:
        # It would be logged by Celery's signal and forgotten: the worker would start.
        text = str(error) if isinstance(error, TaskContractError) else say_raised(error)
        say_at_start(text, worker)
        raise SystemExit(2) from None


def find_broken(declared: Declared, today: date) -> Iterator[str]:
    """Return every broken promise of what is `declared`; its app is finalized."""
    paths = declared.paths()
    adapters = declared.adapters
    return chain(
        _unserved(paths, today),
        _unregistered(declared, paths),
        _idle_adapters(declared),
        _other_targets(adapters),
        _missing_downcasts(adapters),
        _unmapped_errors(adapters),
        _unsendable_errors(declared),
        find_false_hints(adapters),
        _unread(declared),
        _wrong_entries(declared, today),
        _stored_secrets(declared),
    )


def _unserved(paths: list[AdapterPath], today: date) -> Iterator[str]:
    """Versions that no code serves, except past their sunset."""
    for path in paths:
        task, end = path.task, path.end
        if path.found is not None or _is_over(task, today):
            continue
        if end is task:
            yield (
                f"{task.id} is declared but neither implemented nor adapted: add @provider.implements"
                f"({task.__name__}) or @provider.upcasts({task.__name__})"
            )
        elif _is_over(end, today):  # before its sunset it has a line of its own
            yield (
                f"{task.id} is adapted to {end.id}, which is past its sunset and has no code: adapt it to "
                f"a version that is served, with @provider.upcasts({task.__name__}, to=...)"
            )


def _is_over(task: Task[..., Any], today: date) -> bool:
    return task.sunset is not None and date.fromisoformat(task.sunset) < today


def _unregistered(declared: Declared, paths: list[AdapterPath]) -> Iterator[str]:
    problems = (declared.registrations.find_problem(path) for path in paths if path.found is not None)
    return filter(None, problems)


def _idle_adapters(declared: Declared) -> Iterator[str]:
    """Adapters that never run, though the changelog would tell of them."""
    adapters = declared.adapters
    for task in declared.service.tasks:
        if task.wire_name in adapters.upcasts:
            continue
        idle = [("a downcaster", adapters.downcasts.get(task.wire_name))]
        mappings = adapters.errors.get(task.wire_name, {})
        idle += [(f"an adapter of {error.__name__}", each.function) for error, each in mappings.items()]
        for what, function in idle:
            if function is not None:
                yield (
                    f"{task.id} has {what} but no upcaster, so it never runs ({find_place(function)}): add "
                    f"@provider.upcasts({task.__name__}), or remove it"
                )


def _other_targets(adapters: AdapterTable) -> Iterator[str]:
    for wire_name, named in adapters.downcast_targets.items():
        upcast = adapters.upcasts.get(wire_name)
        if upcast is not None and upcast.target is not named:
            yield (
                f"{upcast.old.id} calls {upcast.target.id}, but its downcaster takes results of {named.id} "
                f"({find_place(adapters.downcasts[wire_name])}): name the same version with to=... in both"
            )


def _missing_downcasts(adapters: AdapterTable) -> Iterator[str]:
    for upcast in adapters.upcasts.values():
        old, target = upcast.old, upcast.target
        if old.wire_name in adapters.downcasts:
            continue
        old_type, new_type = old.binder.result.annotation, target.binder.result.annotation
        if old_type != new_type:
            yield (
                f"{old.id} promises {spell_type(old_type)} but {target.id} returns "
                f"{spell_type(new_type)}: add @provider.downcasts({old.__name__})"
            )


def _unmapped_errors(adapters: AdapterTable) -> Iterator[str]:
    for upcast in adapters.upcasts.values():
        old = upcast.old
        if not old.errors:  # who declares no error promises nothing about them
            continue
        for error, source in find_arriving_errors(upcast, adapters).items():
            if not issubclass(error, old.errors) and not adapters.find_error(old, error):
                yield (
                    f"{source.id} may raise {error.__name__}, which the callers of {old.id} do not know: "
                    f"add @provider.maps_error({old.__name__}, {error.__name__})"
                )


def find_arriving_errors(upcast: Upcast, adapters: AdapterTable) -> dict[type[Exception], Task[..., Any]]:
    """Return the errors that the version above may answer with, each with the version that declares it.

    Those of versions above that one pass through it where it declares none, unless they are mapped there.
    """
    target = upcast.target
    arriving = dict.fromkeys(target.errors, target)
    above = adapters.upcasts.get(target.wire_name)
    if above is not None and not target.errors:
        for error, source in find_arriving_errors(above, adapters).items():
            if not adapters.find_error(target, error):
                arriving[error] = source
    return arriving


def _unsendable_errors(declared: Declared) -> Iterator[str]:
    """Yield a line for each declared error whose fields cannot travel to those who handle it."""
    raising = {error: task for task in declared.service.tasks for error in task.errors}
    for error, task in raising.items():
        try:
            schema_of_error(error)
        except DeclarationError as failure:
            yield f"{task.id} declares {error.__name__}, which cannot travel: {failure.what}. {failure.do}"


def _unread(declared: Declared) -> Iterator[str]:
    accepted = {str(name).rpartition("/")[2].removeprefix("x-") for name in declared.app.conf.accept_content}
    for task in declared.service.tasks:
        if task.serializer not in accepted:
            yield (
                f"{task.id} is sent as {task.serializer}, which this worker refuses: "
                f"add it to the app's accept_content"
            )


def _wrong_entries(declared: Declared, today: date) -> Iterator[str]:
    """Return beat's calls that this provider would refuse; none if beat's database cannot be reached."""
    app: Any = declared.app
    try:
        entries = read_schedule(app)
    except ConfigError:
        return iter(())
    consumed = app.amqp.queues.consume_from if entries else ()
    found = find_wrong_entries(app, [declared.service], entries, consumed=consumed, today=today)
    return (f"beat's calls are outside it: {wrong}" for wrong in found if wrong.is_certain)


def _stored_secrets(declared: Declared) -> Iterator[str]:
    """Secret arguments that Celery would write to the result store, where they cannot be hidden."""
    conf: Any = declared.app.conf
    lacking = say_unchangeable(declared.app)
    if lacking and conf.result_extended and SecretsOfServices([declared.service]).has_any:
        yield (
            f"{declared.service.name} has secret parameters, and result_extended would store their values, "
            f"as {lacking}: set result_extended to False, or install another version of celery"
        )
