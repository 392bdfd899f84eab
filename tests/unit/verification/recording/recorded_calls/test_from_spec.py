"""`match.from_spec`: any value that the declared type allows."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from typing import Any, Literal

import pytest
from typing_extensions import TypedDict

from taskcontract import Service, match
from taskcontract.errors import ContractError
from taskcontract.model.contract import Contract, Interaction
from taskcontract.model.pact import parse_contract
from taskcontract.model.pact_writing import dump_contract
from taskcontract.verification.comparison.matching import find_mismatches
from taskcontract.verification.recording.recording import Recording

stock = Service("stock", queue="stock")


class Found(TypedDict):
    item: str
    place: int | Literal["gone"] | None
    tags: list[str]


@stock.task(version="1.0.0")
def find(item: str, among: dict[str, int]) -> Found: ...


def record(kept: list[Interaction], returns: Any, *called: Any) -> Recording:
    block = Recording("cafe", stock, description="a call", test="t.py::t", keep=kept.extend)
    block.expect(find, returns=returns)
    return block.called_with(*called) if called else block


def read_back(kept: list[Interaction]) -> Interaction:
    contract = Contract("cafe", "stock", tuple(kept))
    again = parse_contract(dump_contract(contract), file="x.json")
    assert again == contract
    return again.interactions[0]


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"item": "tea", "place": 7, "tags": []}, ""),
        ({"item": "tea", "place": None, "tags": ["a", "b"]}, ""),
        ({"item": "tea", "place": "gone", "tags": []}, ""),
        ({"item": "tea", "place": "lost", "tags": []}, "is not of the declared type"),
        ({"item": "tea", "place": 1, "tags": [1]}, "is not of the declared type"),
        ({"item": "milk", "place": 7, "tags": []}, '"milk" is not equal to "tea"'),
        ({"item": "tea", "tags": []}, "the member 'place' is missing"),
    ],
)
def test_a_part_of_a_result_may_be_whatever_its_type_allows(given: Any, wrong: str) -> None:
    kept: list[Interaction] = []
    with record(kept, {"item": "tea", "place": match.from_spec(), "tags": match.from_spec(["new"])}):
        find.delay("tea", {})
    one = read_back(kept)
    assert isinstance(one.result, dict)
    assert one.result["tags"] == ["new"]
    found = [str(each) for each in find_mismatches(one.result, one.rules, given)]
    assert any(wrong in each for each in found) if wrong else found == []


def test_a_whole_result_may_be_and_the_code_gets_one() -> None:
    kept: list[Interaction] = []
    with record(kept, match.from_spec()):
        got = find.delay("tea", {}).get()
    one = read_back(kept)
    assert got == one.result
    assert find_mismatches(one.result, one.rules, {"item": "x", "place": 1, "tags": ["y"]}) == []
    assert find_mismatches(one.result, one.rules, {"item": 1, "place": 1, "tags": []}) != []


def test_an_argument_may_be() -> None:
    kept: list[Interaction] = []
    with record(kept, match.from_spec(), "tea", match.from_spec({"a": 1})):
        find.delay("tea", {"b": 2, "c": 3})
    one = read_back(kept)
    assert one.args == ("tea", {"a": 1})
    assert [(rule.path, rule.match) for rule in one.call_rules] == [("$.args[1]", "type")]


def test_what_has_no_place_in_the_type_is_refused() -> None:
    with pytest.raises(ContractError, match=r"no value of the declared type is found for \$\.price"):
        record([], {"item": "tea", "price": match.from_spec(), "place": 1, "tags": []})
    with pytest.raises(ContractError, match="where no type is declared"):
        record([], {"item": "", "place": 1, "tags": match.array_containing(match.from_spec("a"))})
