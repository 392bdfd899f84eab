"""One run on each broker, and what it says of each interaction."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

import pytest

from taskcontract.model.contract import ANYTHING, Contract, Interaction, MatchRule, ProviderState
from taskcontract.verification.verifier import Verifier
from tests.support.leftovers import find_leftovers
from tests.support.shop_project import ShopProject, ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.verification.outcome import Outcome

STOCK = ProviderState("in stock", {"item": "tea", "count": 9})
ITEM = MatchRule("$.item", "regex", {"regex": "[a-z]+"})
S3 = MatchRule("$", "regex", {"regex": "s3://.+"})

TABLE: dict[str, tuple[Interaction, str]] = {
    # name: (interaction, what is wrong: "" for nothing)
    "equal": (ask("order", "tea", 3, result="s3://tea/3"), ""),
    "keywords": (ask("order", kwargs={"item": "tea", "count": 3}, result="s3://tea/3"), ""),
    "matched": (ask("order", "tea", 3, result="s3://any", rules=(S3,)), ""),
    "older": (ask("order", "tea", 3, version="1.1.0", result="s3://tea/3"), ""),
    "unicode": (ask("plain", "Grüße\n🙂", result={"given": "Grüße\n🙂"}), ""),
    "big": (ask("plain", "x" * 300_000, result={"given": "x" * 300_000}), ""),
    "null": (ask("plain", result={"given": None}), ""),
    "retried": (ask("again", 1, result=1), ""),
    "retried often": (ask("again", 4, result=4), ""),
    "ignored": (ask("silent", rules=(ANYTHING,)), ""),
    "nested": (ask("nested", result=True), ""),
    "in state": (ask("order", "tea", 3, result="s3://tea/9", states=(STOCK,)), ""),
    "not equal": (
        ask("order", "tea", 4, result="s3://tea/3"),
        '$: "s3://tea/4" is not equal to "s3://tea/3"',
    ),
    "not matched": (ask("plain", 1, result={"given": "s3://x"}), '$.given: 1 is not equal to "s3://x"'),
    "raised": (ask("refuse", "it", result=1), "the task raised ValueError: refused: it"),
    "declared error": (ask("take", "tea", 1, error="GoneError", result={"item": "tea", "left": 0}), ""),
    "declared base": (ask("take", "tea", 1, error="ShopError", result={"left": 0}), ""),
    "error's class": (ask("take", "tea", 1, error="GoneError", result={}), ""),
    "matched error": (ask("take", "tea", 1, error="GoneError", result={"item": "x"}, rules=(ITEM,)), ""),
    "error's text": (ask("take", "tea", 3, error="TextError", result={"args": ["sorry", "tea"]}), ""),
    "other field": (
        ask("take", "tea", 1, error="GoneError", result={"item": "milk"}),
        '$.item: "tea" is not equal to "milk"',
    ),
    "missing field": (
        ask("take", "tea", 1, error="GoneError", result={"price": 1}),
        "$: the member 'price' is missing",
    ),
    "other error": (
        ask("take", "tea", 2, error="GoneError", result={}),
        "the task raised ShopError: closed; the consumer relies on GoneError",
    ),
    "undeclared error": (
        ask("take", "tea", 4, error="GoneError", result={}),
        "the task raised KeyError: 'tea', which it does not declare; the consumer relies on GoneError",
    ),
    "no error": (
        ask("take", "tea", 9, error="GoneError", result={}),
        "the task succeeded, and the consumer relies on GoneError",
    ),
    "error for a result": (
        ask("take", "tea", 1, result="tea"),
        "the task raised MissingError: only 0 tea left",
    ),
    "retried too often": (ask("again", 10, result=10), "MaxRetriesExceededError"),
    "keeps no result": (ask("silent", result=5), "shop.silent keeps no result"),
    "not a call": (ask("order", "tea", result=5), "missing 1 required positional argument: 'count'"),
    "unknown task": (ask("gone"), "the provider has no task 'shop.gone'"),
    "newer": (ask("order", "tea", 3, version="1.3.0"), "at version 1.2.0, the contract asks for 1.3.0"),
    "other major": (ask("order", "tea", 3, version="2.0.0"), "the contract asks for 2.0.0"),
    "wrong queue": (ask("order", "tea", 3, queue="other"), "to the queue 'other', which the worker does not"),
    "unknown state": (ask("plain", states=(ProviderState("full"),)), "declares no state 'full'"),
    "state raises": (ask("plain", states=(ProviderState("burnt down"),)), "could not be set up: no matches"),
    "state's parameters": (ask("plain", states=(ProviderState("in stock"),)), "missing 1 required"),
}


@pytest.fixture(scope="module")
def outcomes(broker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Outcome]]:
    project = ShopProject(tmp_path_factory.mktemp("outcomes"))
    contract = Contract("web", "shop", tuple(interaction for interaction, _ in TABLE.values()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(project.tmp))
        with Verifier(project.config(broker=broker)) as verifier:
            replies = (verifier._supervisor.caller.app.thread_oid,)
            verification = verifier.verify(contract)
    yield dict(zip(TABLE, verification.outcomes, strict=True))
    project.wait_for(lambda: not project.processes(), 5)  # what is killed ends in its time
    assert list(project.tmp.iterdir()) == []
    assert find_leftovers(broker, project.read("runs.txt"), replies) == []


@pytest.mark.parametrize("name", TABLE)
def test_outcome(name: str, outcomes: dict[str, Outcome]) -> None:
    outcome, wrong = outcomes[name], TABLE[name][1]
    found = [fault.what for fault in outcome.faults] + [str(mismatch) for mismatch in outcome.mismatches]
    assert len(found) == (1 if wrong else 0), found
    assert wrong in "".join(found)


@pytest.mark.parametrize(
    ("name", "logged"),
    [
        ("not equal", ["received", "packing tea", "succeeded in"]),
        ("raised", ["received", "raised unexpected: ValueError('refused: it')"]),
        ("retried too often", ["received", "retry: Retry in 0s"]),
        ("unknown task", []),
    ],
)
def test_log_of_the_task(name: str, logged: list[str], outcomes: dict[str, Outcome]) -> None:
    texts = [line.text for line in outcomes[name].log]
    found = [next((text for text in texts if text.startswith(each)), None) for each in logged]
    assert None not in found, texts
    assert bool(texts) == bool(logged)


def test_traceback_is_the_providers_own(outcomes: dict[str, Outcome]) -> None:
    trace = outcomes["raised"].faults[0].trace
    assert trace.count("  File ") == 1
    assert "shop.py" in trace
    assert trace.endswith("ValueError: refused: it")
