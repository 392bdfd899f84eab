"""What service B relies on in pusher: its own code runs, its calls are recorded."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from bindings import StorageRefusedError, Stored, pusher, send_to_s3_v2
from examples.service_b.invoices import Invoice, find_invoices, store_invoice
from examples.service_b.saving import close_day, save_invoice
from taskcontract import match

if TYPE_CHECKING:
    from pathlib import Path

    from taskcontract.pytest_plugin import ContractFixture

INVOICE = Invoice("2026-17", "Käthe Müller & Söhne", Decimal("119.00"), date(2026, 3, 31))
STORED = Stored(
    url=match.regex(r"s3://.+/invoices/2026/2026-17\.json", "s3://b/invoices/2026/2026-17.json"),
    etag=match.not_empty("9bb58f26192e4ba00f01e2e7b136bbd8"),
    size=len(INVOICE.dump().encode()),
)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_B_FOLDER", str(tmp_path / "invoices"))


def test_an_invoice_is_backed_up_with_its_metadata(contract: ContractFixture) -> None:
    with contract("service-b", pusher).given("a writable bucket").expect(send_to_s3_v2, returns=STORED):
        assert save_invoice(INVOICE).url == "s3://b/invoices/2026/2026-17.json"
    assert find_invoices() == [INVOICE]


def test_a_backup_that_is_refused_says_why(contract: ContractFixture) -> None:
    url = match.regex(r"s3://.+/invoices/2026/2026-17\.json", "s3://b/invoices/2026/2026-17.json")
    refused = StorageRefusedError("there is no such bucket", url=url, code="NoSuchBucket")
    without = contract("service-b", pusher).given("no bucket").expect(send_to_s3_v2, raises=refused)
    with without, pytest.raises(StorageRefusedError) as caught:
        save_invoice(INVOICE)
    assert caught.value.code == "NoSuchBucket"
    assert find_invoices() == [INVOICE]


def test_the_ledger_of_a_day_is_backed_up_before_the_pointer_moves(contract: ContractFixture) -> None:
    store_invoice(INVOICE)
    ledger = contract("service-b", pusher).given("a writable bucket")
    with ledger.expect(send_to_s3_v2).expect(send_to_s3_v2):
        close_day(INVOICE.issued)
