"""`taskcontract observe`: the API of tasks without types, as their callers use it."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from taskcontract.cli.cluster import find_app, nothing_counted
from taskcontract.cli.command import argument, command, option
from taskcontract.cli.options import cluster_options, format_option, read_project_config
from taskcontract.cli.output import show_page, write_output
from taskcontract.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from celery import Celery

    from taskcontract.model.service import TaskSpec
    from taskcontract.usage.observed import ObservedTask

__all__ = ["run"]

EPILOG = """\
The workers count the shapes of calls where the app has `install_observer` or `install_safety_net`. The
signatures are the app's own, with the types that callers sent where it has none; with --broker alone both
are guessed from the calls. TASK is a name or a pattern (`shop.mail.*`).

examples:
  taskcontract observe --app shop.celery
  taskcontract observe --app shop.celery --export -o observed.json
  taskcontract adopt --source observed.json --queue shop      bindings, to start from

exit codes: 0 there is something to show, 2 nothing was counted, or it could not be read.
"""


@command("observe", "The API of tasks without types, as their callers use it.", epilog=EPILOG)
@argument("tasks", metavar="[TASK]...", nargs=-1, help="which (default: all)")
@option("--export", is_flag=True, help="write it as a spec, to start bindings from")
@option("-o", "--output", metavar="FILE", help="write the spec to FILE instead of stdout")
@option("--service", metavar="NAME", help="the name that counts are kept by (default: the app's)")
@format_option("text", "json")
@cluster_options
def run(
    tasks: tuple[str, ...],
    export: bool,
    output: str | None,
    service: str | None,
    form: str,
    app: str | Celery | None,
    broker: str | None,
    backend: str | None,
) -> int:
    """Print what was observed of the `tasks`, or write it as a spec."""
    if output is not None and not export:
        raise ConfigError("--output is for a spec", where="observe", do="Give --export too.")
    found_app = find_app(read_project_config(), app, broker, backend)

    from taskcontract.model.service import ServiceSpec
    from taskcontract.model.spec_file import dump_spec
    from taskcontract.reporting.observed import render_observed, render_observed_json
    from taskcontract.reporting.progress import show_progress
    from taskcontract.usage import store_for
    from taskcontract.usage.observed import observe_tasks

    store = store_for(found_app)
    with show_progress("reading the counts"):
        name = service or _find_name(found_app, store.services(), store.place, has_app=broker is None)
        counted = store.read(name)
        known = _read_signatures(found_app, name) if broker is None else {}
    observed = observe_tasks(counted, known)
    if not observed:
        raise nothing_counted(repr(name), store.place, "call a task of an app with `install_observer`")
    chosen = _choose(observed, tasks)
    if export:
        spec = ServiceSpec(name, "", tuple(each.task for each in chosen))
        write_output(dump_spec(spec), output)
    elif form == "json":
        write_output(render_observed_json(name, counted.shapes_since, chosen), None)
    else:
        show_page(render_observed(name, chosen))
    return 0


def _find_name(app: Celery, services: Sequence[str], place: str, *, has_app: bool) -> str:
    """Return the name by which the app's calls are counted; the only one there is where it is not known."""
    from taskcontract.safety_net.observer import find_observed_service

    if has_app:
        return find_observed_service(app)
    if len(services) != 1:
        if not services:
            raise nothing_counted("any service", place, "name its app with --app")
        names = ", ".join(services)
        raise ConfigError("several services are counted there", where=place, do=f"Give --service: {names}.")
    return services[0]


def _read_signatures(app: Celery, name: str) -> Mapping[str, TaskSpec]:
    """Return the tasks whose signatures are known, by their names; they are imported as a worker does."""
    from taskcontract.extract.app import describe_app
    from taskcontract.extract.import_failure import make_import_error

    try:
        with redirect_stdout(sys.stderr):  # stdout is the command's
            app.loader.import_default_modules()
            app.finalize()
            registered: dict[str, Any] = dict(app.tasks)
    except (Exception, SystemExit) as error:  # whatever importing the user's modules raises
        what = "a module of the app"
        raise make_import_error(what, error, "See that `celery -A` starts a worker of it.") from None
    found = describe_app(app, name, registered)
    return {task.wire_name: task for task in found.spec.tasks if task.wire_name not in found.unknown}


def _choose(observed: Sequence[ObservedTask], wanted: Sequence[str]) -> list[ObservedTask]:
    for text in wanted:
        if not any(fnmatchcase(each.task.name, text) for each in observed):
            names = ", ".join(each.task.name for each in observed[:10])
            raise ConfigError(f"no call of {text!r} was observed", do=f"There are calls of {names}.")
    return [
        each for each in observed if not wanted or any(fnmatchcase(each.task.name, text) for text in wanted)
    ]
