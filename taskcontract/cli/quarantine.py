"""`taskcontract quarantine`: messages that workers could not serve: look, send back, remove."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from taskcontract.cli.cluster import add_cluster_options, find_app
from taskcontract.cli.parser import Parser, read_project_config
from taskcontract.errors import ConfigError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from taskcontract.provider.quarantine import Kept

__all__ = ["run"]

EPILOG = """\
examples:
  taskcontract quarantine list
  taskcontract quarantine show 3c042092
  taskcontract quarantine replay --reason unknown-task     once a worker that serves it is deployed
  taskcontract quarantine drop --task reports.old --yes

An ID may be cut short. Replaying again is harmless: each message is sent once, and not at all when its
task has succeeded since.

exit codes: 0 done, 1 nothing matches, 2 a mistake in the input, or the broker is away.
"""


def run(argv: Sequence[str]) -> int:
    """Do what the arguments say with the messages that they choose; 1 where they choose none."""
    parser = Parser("quarantine", "Work on the messages that workers could not serve.", epilog=EPILOG)
    parser.add_argument("action", choices=("list", "show", "replay", "drop"))
    parser.add_argument("ids", metavar="ID", nargs="*", help="task ids, or their beginnings")
    parser.add_argument(
        "--reason", help="only those kept for this reason (unknown-task, arguments, sunset, ...)"
    )
    parser.add_argument("--task", help="only those of this task, by its name on the wire")
    parser.add_argument(
        "--yes", action="store_true", help="drop or replay without an ID or a filter: all of them"
    )
    parser.add_argument("--queue", default="", help="the quarantine's queue (default: the app's)")
    parser.add_argument("--to", metavar="QUEUE", default="", help="replay into this queue instead")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    add_cluster_options(parser)
    arguments = parser.parse_intermixed_args(argv)
    app = find_app(arguments, read_project_config())

    from taskcontract.provider.quarantine import Quarantine

    with Quarantine(app, arguments.queue) as quarantine:
        found = _choose(quarantine.look(), arguments)
        if arguments.action in ("replay", "drop") and not _is_choice(arguments):
            raise ConfigError(
                f"{arguments.action} needs an ID or a filter",
                do=f"Add --yes to {arguments.action} everything that is in quarantine.",
            )
        chosen = {each.fingerprint for each in found}
        skipped = 0
        if arguments.action == "drop":
            found = quarantine.drop(lambda kept: kept.fingerprint in chosen)
        elif arguments.action == "replay":
            found, succeeded = quarantine.replay(lambda kept: kept.fingerprint in chosen, arguments.to)
            skipped = len(succeeded)
    sys.stdout.write(_render(arguments, found, skipped))
    return 0 if found or skipped else 1


def _is_choice(arguments: argparse.Namespace) -> bool:
    return bool(arguments.ids or arguments.reason or arguments.task or arguments.yes)


def _choose(kept: list[Kept], arguments: argparse.Namespace) -> list[Kept]:
    """The messages that the ids and filters name; a ConfigError where an id is none, or begins several."""
    wanted: set[str] = set()
    for given in arguments.ids:
        ids = {each.id for each in kept if each.id.startswith(given)}
        if not given or (len(ids) > 1 and given not in ids):
            several = ", ".join(sorted(ids)[:5])
            raise ConfigError(
                f"{given!r} is the beginning of {len(ids)} ids: {several}",
                do="Give more of the one that you mean.",
            )
        wanted |= {given} if given in ids else ids
    return [
        each
        for each in kept
        if (not arguments.ids or each.id in wanted)
        and arguments.reason in (None, each.note.reason)
        and arguments.task in (None, each.task)
    ]


def _render(arguments: argparse.Namespace, kept: list[Kept], skipped: int) -> str:
    from taskcontract.reporting.escape import escape_controls
    from taskcontract.reporting.quarantine import render_kept, render_kept_json, render_kept_list

    if arguments.format == "json":
        return json.dumps([render_kept_json(each) for each in kept], indent=2) + "\n"
    if arguments.action == "show":
        return escape_controls("\n".join(render_kept(each) for each in kept) or "nothing matches\n")
    did = {"list": "in quarantine", "replay": "replayed", "drop": "dropped"}[arguments.action]
    text = render_kept_list(kept, did)
    if skipped:
        text += f"{skipped} not sent again: succeeded in the meantime\n"
    return escape_controls(text)
