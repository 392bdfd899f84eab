"""`taskcontract quarantine`: messages that workers could not serve: look, send back, remove."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

import click

from taskcontract.cli.cluster import System, find_systems
from taskcontract.cli.command import argument, command, option
from taskcontract.cli.options import (
    bindings_option,
    cluster_options,
    format_option,
    read_project_config,
)
from taskcontract.cli.output import show_page, write_output
from taskcontract.cli.services import select_services, service_option, spell_choices
from taskcontract.errors import ConfigError

if TYPE_CHECKING:
    from celery import Celery

    from taskcontract.declare.service import Service
    from taskcontract.safety_net.quarantine import Kept

__all__ = ["run"]

EPILOG = """\
examples:
  taskcontract quarantine list
  taskcontract quarantine list --service billing           where several services are configured
  taskcontract quarantine show 3c042092
  taskcontract quarantine replay --reason unknown-task     once a worker that serves it is deployed
  taskcontract quarantine drop --task reports.old --yes
  taskcontract quarantine drop --older-than 30d            every night, where nothing is to be kept longer

An ID may be cut short. Replaying again is harmless: each message is sent once, and not at all when its
task has succeeded since.

The values of parameters that the bindings call Secret are shown as ***, and with them what the bindings
do not know of: a newer version's arguments. --reveal shows them.

exit codes: 0 done, 1 nothing matches an ID or a filter, 2 a mistake in the input, or the broker is away.
"""


class _Wanted(NamedTuple):
    """Which messages are chosen: all of them where nothing is said."""

    ids: tuple[str, ...]
    reason: str | None
    task: str | None
    older_than: str

    @property
    def names_any(self) -> bool:
        """Whether an ID or a filter is given."""
        return bool(self.ids or self.reason or self.task or self.older_than)


@command("quarantine", "Work on the messages that workers could not serve.", epilog=EPILOG)
@argument("action", type=click.Choice(["list", "show", "replay", "drop"]), help="what to do with them")
@argument("ids", metavar="ID", nargs=-1, help="task ids, or their beginnings")
@option(
    "--reason",
    metavar="REASON",
    help="only those kept for this reason (unknown-task, arguments, sunset, ...)",
)
@option("--task", metavar="NAME", help="only those of this task, by its name on the wire")
@option("--older-than", metavar="AGE", default="", help="only those kept before: 30d, 12h or 90m ago")
@option("--yes", is_flag=True, help="drop or replay without an ID or a filter: all of them")
@option("--queue", metavar="QUEUE", default="", help="the quarantine's queue (default: the app's)")
@option("--to", metavar="QUEUE", default="", help="replay into this queue instead")
@option("--force", is_flag=True, help="replay into queues that no worker consumes too")
@option("--reveal", is_flag=True, help="show the values of secret parameters too")
@bindings_option()
@service_option()
@format_option("text", "json")
@cluster_options
def run(
    action: str,
    ids: tuple[str, ...],
    reason: str | None,
    task: str | None,
    older_than: str,
    yes: bool,
    queue: str,
    to: str,
    force: bool,
    reveal: bool,
    bindings: tuple[str, ...],
    services: tuple[str, ...],
    form: str,
    app: str | Celery | None,
    broker: str | None,
    backend: str | None,
) -> int:
    """Do `action` with the messages that the ids and filters choose; 1 where they choose none."""
    parts = select_services(read_project_config(), bindings, services)
    systems = find_systems(parts, app, broker, backend)
    if len(systems) > 1 and action in ("replay", "drop"):
        raise ConfigError(
            f"{action} works on the quarantine of one app, and {len(systems)} are configured",
            do=f"Say which: {spell_choices(parts)}.",
        )
    wanted = _Wanted(ids, reason, task, older_than)
    declared = [[] if reveal else _find_services(system) for system in systems]

    from taskcontract.safety_net.quarantine import hide_secrets

    done = _Done([], 0, [])
    for system, known in zip(systems, declared, strict=True):
        each = _work(system, action, wanted, queue=queue, to=to, yes=yes, force=force)
        if not reveal:
            each = each._replace(kept=hide_secrets(each.kept, known))
        done = _Done(done.kept + each.kept, done.skipped + each.skipped, done.notes + each.notes)
    _show(action, form, done.kept, done.skipped)
    sys.stderr.write("".join(f"{note}\n" for note in done.notes))
    asked = ids or reason or task
    return 1 if asked and not (done.kept or done.skipped) else 0


class _Done(NamedTuple):
    """The messages that something was done with, how many had succeeded before, and what is to be told."""

    kept: list[Kept]
    skipped: int
    notes: list[str]


def _work(
    system: System, action: str, wanted: _Wanted, *, queue: str, to: str, yes: bool, force: bool
) -> _Done:
    """Do `action` in one quarantine."""
    from taskcontract.reporting.progress import show_progress
    from taskcontract.safety_net.quarantine import Quarantine
    from taskcontract.safety_net.quarantine.destinations import demand_consumers

    with Quarantine(system.app, queue) as quarantine:
        with show_progress("looking into the quarantine"):
            found = _choose(quarantine.look(wanted.ids), wanted)
        if action in ("replay", "drop") and not (yes or wanted.names_any):
            raise ConfigError(
                f"{action} needs an ID or a filter",
                do=f"Add --yes to {action} everything that is in quarantine.",
            )
        chosen = {each.fingerprint for each in found}
        places = frozenset[str]().union(*(each.places for each in found))
        skipped, notes = 0, _find_notes(found, action, is_cut=quarantine.is_cut)
        if action == "replay" and found and not force:
            demand_consumers(system.app, _find_destinations(found, to))
        if action in ("replay", "drop") and found:
            with show_progress({"replay": "replaying", "drop": "dropping"}[action], len(found)) as work:

                def choose(kept: Kept) -> bool:
                    is_chosen = kept.fingerprint in chosen
                    work.done += is_chosen
                    return is_chosen

                if action == "drop":
                    found = quarantine.drop(choose, places=places)
                else:
                    found, succeeded = quarantine.replay(choose, to, places=places)
                    skipped = len(succeeded)
    return _Done(found, skipped, notes)


def _find_destinations(found: list[Kept], to: str) -> set[str]:
    """Return the queues that a replay sends to; a message that names none is refused by the replay."""
    return {to or each.note.queue for each in found} - {""}


def _find_notes(found: list[Kept], action: str, *, is_cut: bool) -> list[str]:
    """Return notes on messages that are not whole, and on those behind the last one read."""
    from taskcontract.safety_net.quarantine.queue_browser import MOST

    parts = sum(not each.is_whole for each in found)
    notes = []
    if parts and action == "replay":
        notes.append(f"{parts} not sent: only a part of each is kept (`show ID`); drop them by their ids")
    if is_cut:
        notes.append(f"only the first {MOST:,} messages were looked at: there may be more behind them")
    return notes


def _find_services(system: System) -> list[Service]:
    """Those of the bindings and of the app's providers: either may be what this machine has."""
    from taskcontract.cli.cluster import find_declared_services
    from taskcontract.provider import providers_of

    declared = [each for part in system.parts if part.bindings for each in find_declared_services(part)]
    return [*declared, *(provider.service for provider in providers_of(system.app))]


def _choose(kept: list[Kept], wanted: _Wanted) -> list[Kept]:
    """Return the messages that the ids and filters name; a ConfigError where an id begins several."""
    named: set[str] = set()
    until = _find_end(wanted.older_than)
    for given in wanted.ids:
        ids = {each.id for each in kept if each.id.startswith(given)}
        if not given or (len(ids) > 1 and given not in ids):
            several = ", ".join(sorted(ids)[:5])
            raise ConfigError(
                f"{given!r} is the beginning of {len(ids)} ids: {several}",
                do="Give more of the one that you mean.",
            )
        named |= {given} if given in ids else ids
    return [
        each
        for each in kept
        if (not wanted.ids or each.id in named)
        and wanted.reason in (None, each.note.reason)
        and wanted.task in (None, each.task)
        and (not until or (each.note.at and each.note.at < until))
    ]


def _find_end(older_than: str) -> str:
    """Return the time that a message must have been kept before, as a note has it; empty for any time."""
    from taskcontract.cli.ages import read_past

    return read_past("--older-than", older_than).isoformat() if older_than else ""


def _show(action: str, form: str, kept: list[Kept], skipped: int) -> None:
    from taskcontract.reporting.documents import write_document
    from taskcontract.reporting.page import Block, line
    from taskcontract.reporting.quarantine import render_kept, render_kept_json, render_kept_list

    if form == "json":
        messages = [render_kept_json(each) for each in kept]
        content = {"action": action, "already_succeeded": skipped, "messages": messages}
        write_output(write_document("quarantine", content), None)
        return
    page: list[Block] = []
    if action == "show":
        for each in kept:
            page += [*([line("")] if page else []), *render_kept(each)]
        page = page or [line("nothing there")]
    else:
        did = {"list": "in quarantine", "replay": "replayed", "drop": "dropped"}[action]
        page += render_kept_list(kept, did)
    if skipped:
        page.append(line(f"{skipped} not sent again: succeeded in the meantime"))
    show_page(page)
