"""Invoices and where they are kept: one file each in the folder that `SERVICE_B_FOLDER` names."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

__all__ = ["Invoice", "find_invoices", "store_invoice"]


@dataclass(frozen=True, slots=True)
class Invoice:
    """One invoice; `amount` is in euros and exact."""

    number: str
    customer: str
    amount: Decimal
    issued: date

    def dump(self) -> str:
        """The invoice as JSON text: amounts and dates as strings, so that no digit is lost."""
        return json.dumps(
            {
                "number": self.number,
                "customer": self.customer,
                "amount": str(self.amount),
                "issued": self.issued.isoformat(),
            },
            ensure_ascii=False,
        )

    @classmethod
    def load(cls, text: str) -> Invoice:
        """The invoice that `dump` wrote."""
        data = json.loads(text)
        amount, issued = Decimal(data["amount"]), date.fromisoformat(data["issued"])
        return cls(data["number"], data["customer"], amount, issued)


def store_invoice(invoice: Invoice) -> None:
    """Keep `invoice`, in place of any with its number."""
    folder = _find_folder()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{invoice.number}.json").write_text(invoice.dump(), encoding="utf-8")


def find_invoices(day: date | None = None) -> list[Invoice]:
    """All invoices by number, or those issued on `day`."""
    files = sorted(_find_folder().glob("*.json"))
    invoices = [Invoice.load(file.read_text(encoding="utf-8")) for file in files]
    return [invoice for invoice in invoices if day is None or invoice.issued == day]


def _find_folder() -> Path:
    return Path(os.environ.get("SERVICE_B_FOLDER") or "service-b-invoices")
