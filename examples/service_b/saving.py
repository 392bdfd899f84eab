"""Saving invoices and closing days: kept here, and backed up by pusher."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bindings import Stored, delegate_send_to_s3, send_to_s3_v2
from examples.service_b.invoices import Invoice, find_invoices, store_invoice

if TYPE_CHECKING:
    from datetime import date

    from celery.result import AsyncResult

__all__ = ["close_day", "save_invoice"]


def save_invoice(invoice: Invoice, *, timeout: float = 30.0) -> Stored:
    """Save `invoice` and wait, at most `timeout` seconds, for its backup.

    A StorageRefusedError says that there will be none; the invoice is saved all the same.
    """
    store_invoice(invoice)
    sending = delegate_send_to_s3(_key(invoice), invoice.dump(), _meta(invoice), version="2")
    return sending.get(timeout=timeout, interval=0.01)


def close_day(day: date) -> AsyncResult[Any]:
    """Back up the ledger of `day`; only when it is stored does the pointer to the latest one move."""
    invoices = find_invoices(day)
    total = sum((invoice.amount for invoice in invoices), Decimal(0))
    ledger = "".join(f"{invoice.number}\t{invoice.amount}\n" for invoice in invoices)
    key = f"ledgers/{day.isoformat()}.tsv"
    meta = {"day": day.isoformat(), "total": str(total)}
    steps = send_to_s3_v2.si(key, ledger, meta) | send_to_s3_v2.si("ledgers/latest", key, {})
    return steps.apply_async()


def _key(invoice: Invoice) -> str:
    return f"invoices/{invoice.issued.year}/{invoice.number}.json"


def _meta(invoice: Invoice) -> dict[str, str]:
    return {"issued": invoice.issued.isoformat(), "amount": str(invoice.amount)}
