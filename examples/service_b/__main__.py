"""The commands of service B: `add NUMBER CUSTOMER AMOUNT [--issued DATE]` and `close DATE`."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from celery.exceptions import TimeoutError as CeleryTimeoutError

import examples.service_b.app  # noqa: F401 - calls go through this service's app
from bindings import StorageRefusedError
from examples.service_b.invoices import Invoice
from examples.service_b.saving import close_day, save_invoice
from taskcontract.errors import TaskContractError


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 is success, 1 a backup that failed or is not known yet."""
    parser = argparse.ArgumentParser(prog="python -m examples.service_b", description="Keeps invoices.")
    commands = parser.add_subparsers(dest="command", required=True)
    add = commands.add_parser("add", help="save an invoice and wait for its backup")
    add.add_argument("number")
    add.add_argument("customer")
    add.add_argument("amount", type=_read_amount)
    add.add_argument("--issued", type=date.fromisoformat, default=datetime.now(UTC).date(), metavar="DATE")
    add.add_argument("--wait", type=float, default=30.0, metavar="SECONDS")
    close = commands.add_parser("close", help="back up the ledger of a day")
    close.add_argument("day", type=date.fromisoformat, metavar="DATE")
    asked = parser.parse_args(arguments)
    try:
        if asked.command == "close":
            close_day(asked.day)
            print(f"the ledger of {asked.day} is on its way")
        else:
            invoice = Invoice(asked.number, asked.customer, asked.amount, asked.issued)
            stored = save_invoice(invoice, timeout=asked.wait)
            print(f"backed up as {stored.url}, {stored.size} bytes, ETag {stored.etag}")
    except StorageRefusedError as error:
        print(f"saved, but S3 refuses the backup ({error.code}): {error}", file=sys.stderr)
        return 1
    except (TaskContractError, CeleryTimeoutError) as error:
        print(f"saved, but the backup is not known: {error}", file=sys.stderr)
        return 1
    return 0


def _read_amount(text: str) -> Decimal:
    try:
        return Decimal(text).quantize(Decimal("0.01"))
    except InvalidOperation:
        raise argparse.ArgumentTypeError(f"{text!r} is no amount, such as 119.00") from None


if __name__ == "__main__":
    sys.exit(main())
