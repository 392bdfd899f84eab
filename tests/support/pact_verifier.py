"""Pact's own verifier, which asks a server of messages for what a contract expects."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from taskcontract.model.pact_writing import dump_contract

if TYPE_CHECKING:
    from pathlib import Path

    from taskcontract.model.contract import Contract

__all__ = ["verify_with_pact"]


def verify_with_pact(contract: Contract, port: int, folder: Path) -> dict[str, list[str]]:
    """What Pact says is wrong with each interaction of the file of `contract`, by description."""
    try:
        from pact import Verifier
    except ImportError:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip("pact-python is not installed: Pact's own verifier cannot be asked")
    file = folder / contract.file_name
    file.write_text(dump_contract(contract), encoding="utf-8")
    verifier = Verifier(contract.provider, host="127.0.0.1").add_source(file)
    verifier.add_transport(protocol="message", port=port, path="/", scheme="http")
    failed = False
    try:
        verifier.verify()
    except RuntimeError:
        failed = True
    results = verifier.results
    said = {each["description"]: _spell(each) for each in results["interactionResults"]}
    assert len(said) == len(contract.interactions)
    assert failed is any(said.values())
    return said


def _spell(result: dict) -> list[str]:
    if result["result"] == "OK":
        return []
    mismatch = result["mismatch"]
    if mismatch["type"] == "error":
        return [mismatch["message"]]
    return [
        f"{each.get('path') or each.get('key', '')}: {each['mismatch']}" for each in mismatch["mismatches"]
    ]
