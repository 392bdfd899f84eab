"""Pact's own verifier asks a live worker, by way of a small server, for what our file expects."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

from taskcontract import match
from taskcontract.model.contract import ANYTHING, Contract, ProviderState
from taskcontract.verification.recording.example import read_example
from taskcontract.verification.verifier import Verifier
from tests.support.message_provider import answer_from, serve_messages
from tests.support.pact_verifier import verify_with_pact
from tests.support.shop_project import ask

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.support.shop_project import ShopProject


def test_pact_verifies_a_live_worker(
    project: ShopProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Results, states, declared errors and what nobody looks at; broken replies are Pact's own mismatches."""
    url, rules = read_example(match.regex("s3://.+", "s3://b/1"))
    left, left_rules = read_example({"item": match.regex("[a-z]+", "milk"), "left": match.integer(3)})
    stock = ProviderState("in stock", {"item": "tea", "count": 9})
    contract = Contract(
        "web",
        "shop",
        (
            ask("order", "tea", 3, result=url, rules=rules, description="an order"),
            ask(
                "order",
                kwargs={"item": "tea", "count": 3},
                result="s3://tea/9",
                states=(stock,),
                description="in stock",
            ),
            ask("take", "tea", 1, error="GoneError", result=left, rules=left_rules, description="an error"),
            ask("silent", rules=(ANYTHING,), description="whatever"),
            ask("plain", None, result={"given": None}, description="null"),
            ask("order", "tea", 4, result="s3://tea/3", description="other"),
            ask("take", "tea", 1, error="TextError", result={}, description="other error"),
            ask("refuse", "it", result=1, description="raised"),
            ask("take", "tea", 1, result="tea", description="an error for a result"),
        ),
    )
    monkeypatch.setattr(tempfile, "tempdir", str(project.tmp))
    with Verifier(project.config()) as verifier, serve_messages(answer_from(verifier)) as port:
        said = verify_with_pact(contract, port, tmp_path)
        ours = {each.interaction.description: each.ok for each in verifier.verify(contract).outcomes}
    assert {name: not each for name, each in said.items()} == ours
    assert {name: said[name] for name in ("other", "raised")} == {
        "other": ["$: Expected 's3://tea/4' (String) to be equal to 's3://tea/3' (String)"],
        "raised": ["Request to fetch message from provider failed: status 500"],
    }
    assert "'TextError'" in said["other error"][0]
    assert "only 0 tea left" in said["an error for a result"][0]
