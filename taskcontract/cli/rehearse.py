"""`taskcontract inflight --against NEW`: what becomes of what waits, at another version."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from taskcontract.cli.cluster import find_declared_services, find_scheduled
from taskcontract.cli.judges import BindingsJudge
from taskcontract.cli.operands import find_side
from taskcontract.cli.sides import SpecSide, read_bindings
from taskcontract.errors import ConfigError
from taskcontract.reporting.report import Side

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from taskcontract.cli.cluster import System
    from taskcontract.model.config import Config
    from taskcontract.operations.inflight import Findings
    from taskcontract.operations.rehearsal import Receiver, Rehearsal
    from taskcontract.registry.records import Environment, PublishedVersion
    from taskcontract.registry.registry import Registry

__all__ = [
    "EXITS",
    "Rehearsed",
    "Sides",
    "choose_system",
    "find_published_sides",
    "find_rehearsed_sides",
    "rehearse",
    "show_rehearsal",
]

EXITS = {"yes": 0, "no": 1, "not known": 2}
"""The exit code of each verdict."""


class Sides(NamedTuple):
    """What serves the messages now, and what is to serve them."""

    old: SpecSide
    new: SpecSide

    @property
    def queues(self) -> set[str | None]:
        """The queues in which calls of either wait; None is the app's default one."""
        return {task.queue for side in self for task in side.spec.tasks}

    @property
    def declared(self) -> dict[str, str]:
        """The wire names of both, each with the version that serves now."""
        return {
            name: task.version
            for side in (self.new, self.old)
            for task in side.spec.tasks
            for name in task.wire_names
        }


class Rehearsed(NamedTuple):
    """What becomes of the messages, and these themselves."""

    rehearsal: Rehearsal
    found: Findings


def find_rehearsed_sides(against: str, serving: str | None, parts: Sequence[Config], config: Config) -> Sides:
    """Return both sides: `against` is the new one; `serving` the old one, or else the bindings of `parts`.

    A ConfigError where nothing says what serves now.
    """
    modules = [] if serving else list(dict.fromkeys(name for part in parts for name in part.bindings))
    bound = [side for name in modules for side in read_bindings(name)]
    names = {side.spec.name for side in bound}
    new = find_side(against, config, names.pop() if len(names) == 1 else None)
    if serving:
        return Sides(find_side(serving, config, new.spec.name), new)
    for side in bound:
        if side.spec.name == new.spec.name:
            return Sides(side, new)
    declared = ", ".join(sorted({side.spec.name for side in bound}))
    raise ConfigError(
        f"what serves {new.spec.name} now is not known"
        + (f": the bindings declare {declared}" if declared else ""),
        where=new.side.origin,
        do="Say it with --from: a version, a ref such as main, a folder, app:module:attribute, ...",
    )


def find_published_sides(
    registry: Registry, environment: Environment, candidates: Iterable[PublishedVersion]
) -> Iterator[Sides]:
    """Yield the API of each candidate with that of the version that runs, as both are published.

    What waits for a service of which nothing runs yet means nothing. A ConfigError where one has no API.
    """
    for new in candidates:
        running = environment.find(new.service)
        if not running or (not new.spec and not any(old.spec for old in running)):
            continue
        for version in (running[0], new):
            if not version.spec:
                raise ConfigError(
                    f"what waits for {new.service} cannot be rehearsed: no API of {version.id} is published",
                    where=registry.place,
                    do=f"Publish it: taskcontract publish {version.id}, with its bindings or --spec.",
                )
        old, after = (
            SpecSide(Side(each.service, each.version, each.id), registry.load_spec(each))
            for each in (running[0], new)
        )
        yield Sides(old, after)


def choose_system(systems: Sequence[System], sides: Sides) -> System:
    """Return the system that runs the service of the `sides`; the first where none is named after it."""
    name = sides.new.spec.name
    named = [each for each in systems if any(part.name == name for part in each.parts)]
    return (named or systems)[0]


def rehearse(
    system: System, sides: Sides, queues: Iterable[str], *, timeout: float, sample: int | None
) -> Rehearsed:
    """Look at what waits in the queues of both `sides` and in `queues`, and at beat's entries.

    `sample` is how many messages of a queue are looked at; without it as many as one look reads.
    """
    from dataclasses import replace

    from taskcontract.operations.inflight import Look, find_in_flight
    from taskcontract.operations.rehearsal import Rehearser, rehearse_schedule, summarise
    from taskcontract.reporting.progress import show_progress

    app = system.app
    others = {
        name
        for part in system.parts
        if part.bindings
        for service in find_declared_services(part)
        for task in service.tasks
        for name in task.wire_names
    }
    rehearser = Rehearser(_receive(sides.old), _receive(sides.new), app.conf.accept_content, others)
    look = Look(rehearse=rehearser) if sample is None else Look(sample, rehearser)
    default: str = app.conf.task_default_queue
    wanted = {*queues, *(queue or default for queue in sides.queues)}
    with show_progress(f"rehearsing what waits in {', '.join(sorted(wanted))}"):
        found = find_in_flight(app, wanted, sides.declared, timeout=timeout, look=look)
        scheduled = find_scheduled(app)
    coming = rehearse_schedule(scheduled, rehearser, default)
    found = replace(found, messages=(*found.messages, *coming))
    old, new = (side.side.origin for side in sides)
    cut = () if sample else found.cut
    return Rehearsed(summarise(found.messages, sides.new.spec.name, old, new, cut), found)


def show_rehearsal(rehearsed: Rehearsed, form: str) -> None:
    """Print it as text or as the JSON document of `taskcontract inflight`."""
    from taskcontract.cli.output import show_page, write_output
    from taskcontract.reporting.documents import write_document
    from taskcontract.reporting.operations import write_in_flight
    from taskcontract.reporting.rehearsal import render_rehearsal, write_rehearsal

    rehearsal, found = rehearsed
    if form == "json":
        content = {**write_in_flight([found]), "rehearsal": write_rehearsal(rehearsal)}
        write_output(write_document("inflight", content), None)
    else:
        show_page(render_rehearsal(rehearsal, found.queues))


def _receive(side: SpecSide) -> Receiver:
    from taskcontract.operations.rehearsal import BindingsReceiver, SpecReceiver

    today = date.today()  # noqa: DTZ011 - as the worker's provider reads its clock
    if isinstance(side.judge, BindingsJudge):
        return BindingsReceiver(side.judge.service, today)
    return SpecReceiver(side.spec, today, side.unknown, is_whole=not side.side.unresolved)
