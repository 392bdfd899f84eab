"""The two example consumers as programs of their own, against a live pusher."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from demo.worker import run_worker
from tests.support.celery_worker import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.live


def run_program(name: str, *arguments: str, folder: Path, broker: str) -> subprocess.CompletedProcess[str]:
    variables = {
        "PYTHONPATH": str(ROOT),
        "CELERY_BROKER_URL": broker,
        "CELERY_RESULT_BACKEND": broker,
        "SERVICE_A_DATABASE": str(folder / "items.sqlite3"),
        "SERVICE_B_FOLDER": str(folder / "invoices"),
    }
    command = [sys.executable, "-m", f"examples.{name}", *arguments]
    return subprocess.run(
        command,
        cwd=folder,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def read_object(s3: S3Client, bucket: str, key: str) -> str:
    return s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()


def test_both_consumers_back_up_what_they_save(
    broker: str, environment: dict[str, str], bucket: str, log: Path, s3: S3Client, tmp_path: Path
) -> None:
    with run_worker(broker, environment, log):
        added = run_program("service_a", "add", "a teapot", "--wait", "20", folder=tmp_path, broker=broker)
        assert (added.returncode, added.stderr) == (0, "")
        invoice = ("2026-17", "Acme", "119", "--issued", "2026-03-31")
        saved = run_program("service_b", "add", *invoice, folder=tmp_path, broker=broker)
        assert (saved.returncode, saved.stderr) == (0, "")

    assert f"s3://{bucket}/items/1.json" in added.stdout
    assert f"s3://{bucket}/invoices/2026/2026-17.json" in saved.stdout
    assert "a teapot" in read_object(s3, bucket, "items/1.json")
    assert '"amount": "119.00"' in read_object(s3, bucket, "invoices/2026/2026-17.json")


def test_a_backup_that_does_not_come_is_said(broker: str, tmp_path: Path) -> None:
    added = run_program("service_a", "add", "a cup", "--wait", "0.2", folder=tmp_path, broker=broker)
    assert added.returncode == 1
    assert "item 1 is saved, but its backup is not known" in added.stderr
    assert "Traceback" not in added.stderr
    listed = run_program("service_a", "list", folder=tmp_path, broker=broker)
    assert listed.stdout == "1\ta cup\n"
