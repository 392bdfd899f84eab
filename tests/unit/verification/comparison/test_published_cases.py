"""The cases that Pact publishes for its implementations, put to our reader and our comparison."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from taskcontract.errors import SpecError
from taskcontract.model.pact_calls import read_body
from taskcontract.model.pact_interactions import read_interaction
from taskcontract.model.reading import Node
from taskcontract.verification.comparison.matching import Mismatch, find_mismatches

DATA = Path(__file__).parents[3] / "data/pact"


def load(name: str) -> dict[str, Any]:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def compare(expected: dict[str, Any], actual: dict[str, Any], *, strict: bool = False) -> list[Mismatch]:
    """Where the message `actual` is not what a task's response `expected` asks for."""
    request = {"metadata": {"task": "p.t"}, "contents": {"content": {}}}
    asked: Any = {
        "type": "Synchronous/Messages",
        "description": "d",
        "request": request,
        "response": [expected],
    }
    interaction = read_interaction(Node(asked, file="a case"))
    body = read_body(Node(actual, file="an answer"))
    return find_mismatches(interaction.result, interaction.rules, body.value, strict=strict)


def as_message(http: dict[str, Any]) -> dict[str, Any]:
    """The body of a request or response over HTTP, and the rules for that, as those of a message."""
    message = {"contents": http["body"]} if "body" in http else {}
    rules = http.get("matchingRules")
    return {**message, "matchingRules": {"body": rules["body"]}} if rules else message


def test_all_cases_of_the_specification_are_judged_as_it_says() -> None:
    judged: Counter[str] = Counter()
    wrong = []
    for group, cases in load("specification-cases.json").items():
        for name, case in cases.items():
            expected, actual = case["expected"], case["actual"]
            if not group.endswith("message"):
                expected, actual = as_message(expected), as_message(actual)
            judged[group] += 1
            if (not compare(expected, actual, strict=group.endswith("request"))) is not case["match"]:
                wrong.append(f"{group}: {name}")
    assert wrong == []
    assert judged == {"v3 message": 31, "v4 message": 31, "v4 request": 41, "v4 response": 46}


def test_scenarios_of_matching_rules_come_out_as_the_compatibility_suite_says() -> None:
    """Where it says what is wrong, ours is wrong at the same places; each of several values is compared."""
    scenarios = load("compatibility-scenarios.json")
    assert len(scenarios) == 30
    for name, scenario in scenarios.items():
        rules = {"body": scenario["matchingRules"]["body"]}
        expected = {"contents": {"content": scenario["body"]}, "matchingRules": rules}
        places: set[str] = set()
        for received in scenario["received"]:
            found = compare(expected, {"contents": {"content": received}}, strict=True)
            assert bool(found) is not scenario["ok"], (name, received, found)
            places |= {each.path for each in found}
        assert {path.replace("[100]", "['100']") for path in scenario["paths"]} <= places, name


REFUSED = {
    # what a result has not: each is an error of the interaction, with a word that says why
    "Verifying multiple Pact files": "application/xml",
    "Verifies the message metadata": "'Origin' is expected",
    "Message with plain text body (positive case)": "text/plain",
    "Message with plain text body (negative case)": "text/plain",
    "Message with XML body (positive case)": "application/xml",
    "Message with XML body (negative case)": "application/xml",
    "Message with binary body (positive case)": "image/jpeg",
    "Message with binary body (negative case)": "image/jpeg",
    "Supports matching rules for the message metadata (positive case)": "'Origin' is expected",
    "Supports matching rules for the message metadata (negative case)": "'Origin' is expected",
    "Supports messages with body formatted for the Kafka schema registry": "application/xml",
}


def test_messages_of_providers_come_out_as_the_compatibility_suite_says_or_are_refused() -> None:
    refused = {}
    for name, scenario in load("compatibility-messages.json").items():
        try:
            found = [compare(each["expected"], each["actual"]) for each in scenario["messages"]]
        except SpecError as error:
            refused[name] = str(error)
        else:
            assert (not any(found)) is scenario["match"], name
    assert refused.keys() == REFUSED.keys()
    assert [name for name, word in REFUSED.items() if word not in refused[name]] == []
