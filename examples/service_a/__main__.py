"""The commands of service A: `add NAME... [--wait SECONDS]` and `list`."""

from __future__ import annotations

import argparse
import sys

from celery.exceptions import TimeoutError as CeleryTimeoutError

import examples.service_a.app  # noqa: F401 - calls go through this service's app
from examples.service_a.items import Item, find_items, next_id
from examples.service_a.saving import save_item
from taskcontract.errors import TaskContractError


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 is success, 1 a backup that failed or is not known yet."""
    parser = argparse.ArgumentParser(prog="python -m examples.service_a", description="Keeps items.")
    commands = parser.add_subparsers(dest="command", required=True)
    add = commands.add_parser("add", help="save an item and have it backed up")
    add.add_argument("name")
    add.add_argument("--wait", type=float, metavar="SECONDS", help="wait for the backup and print its URL")
    commands.add_parser("list", help="print all items")
    asked = parser.parse_args(arguments)
    if asked.command == "list":
        for item in find_items():
            print(f"{item.id}\t{item.name}")
        return 0
    return _add(asked.name, asked.wait)


def _add(name: str, wait: float | None) -> int:
    item = Item(next_id(), name)
    try:
        backup = save_item(item)
        print(f"saved item {item.id}")
        if wait is not None:
            print(f"backed up as {backup.get(timeout=wait, interval=0.01)}")
    except (TaskContractError, CeleryTimeoutError) as error:
        print(f"item {item.id} is saved, but its backup is not known: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
