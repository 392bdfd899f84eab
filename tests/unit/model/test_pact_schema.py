"""Files that we write are valid by the JSON schema that Pact publishes for version 4."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings

from taskcontract.model.contract import Contract, Interaction
from taskcontract.model.matchers import MATCHERS as KNOWN
from taskcontract.model.pact_writing import dump_contract
from taskcontract.verification.recording.example import read_example
from tests.support.matcher_examples import MATCHERS, WITHOUT
from tests.unit.model.test_pact import CONTRACTS

ROOT = Path(__file__).parents[3]
SCHEMA = jsonschema.Draft7Validator(
    json.loads((ROOT / "tests/data/pact/pact-schema-v4.json").read_text(encoding="utf-8"))
)


def find_faults(text: str) -> list[str]:
    return [f"{each.json_path}: {each.message}" for each in SCHEMA.iter_errors(json.loads(text))]


@given(CONTRACTS)
@settings(max_examples=50, deadline=None)
def test_any_contract_is_valid(contract: Contract) -> None:
    assert find_faults(dump_contract(contract)) == []


def test_every_matcher_and_generator_is_valid() -> None:
    pairs = [pair for pairs in MATCHERS.values() for pair in pairs] + WITHOUT
    read = [read_example(value) for value, _, _ in pairs]
    assert {rule.match for _, rules in read for rule in rules} >= KNOWN
    interactions = [
        Interaction(str(number), "p.t", "1.0.0", result=example, rules=rules)
        for number, (example, rules) in enumerate(read)
    ]
    assert find_faults(dump_contract(Contract("web", "shop", tuple(interactions)))) == []


@pytest.mark.parametrize("path", sorted((ROOT / "contracts").glob("*--*.json")), ids=lambda path: path.name)
def test_the_examples_contracts_are_valid(path: Path) -> None:
    assert find_faults(path.read_text(encoding="utf-8")) == []


def test_the_schema_finds_what_is_wrong() -> None:
    data: Any = json.loads(dump_contract(Contract("web", "shop", (Interaction("d", "p.t", "1.0.0"),))))
    data["interactions"][0]["response"][0]["matchingRules"] = {
        "body": {"$": {"matchers": [{"match": "own"}]}}
    }
    assert find_faults(json.dumps(data)) != []
