"""Contract files: what is written, what Pact's own reader makes of it, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taskcontract.errors import ContractError
from taskcontract.model.contract import ANYTHING, Contract, Interaction, MatchRule, ProviderState
from taskcontract.model.pact import load_contract, parse_contract
from taskcontract.model.pact_writing import dump_contract
from tests.support.pact_oracle import rewrite_with_pact

if TYPE_CHECKING:
    from pathlib import Path

BACKED_UP = Interaction(
    description="an item is backed up",
    wire_name="pusher.send_to_s3",
    version="1.0.0",
    args=("items/1.json", '{"id": 1}'),
    kwargs={},
    result="s3://b/items/1.json",
    rules=(MatchRule("$", "regex", {"regex": "s3://.+"}),),
    states=(ProviderState("a writable bucket"), ProviderState("an object exists", {"key": "a"})),
    queue="pusher",
    test="tests/test_contract.py::test_an_item_is_backed_up",
)
CONTRACT = Contract("service-a", "pusher", (BACKED_UP,))


def written(**changes: Any) -> dict[str, Any]:
    """The file of CONTRACT with `changes` to its one interaction, by `__`-separated path."""
    data: dict[str, Any] = json.loads(dump_contract(CONTRACT))
    for path, value in changes.items():
        *above, last = path.split("__")
        holder = data["interactions"][0]
        for name in above:
            holder = holder[int(name) if name.isdigit() else name]
        if value is ...:
            del holder[last]
        else:
            holder[last] = value
    return data


def test_the_layout_is_that_of_pact() -> None:
    contents = {"contentType": "application/json", "encoded": False}
    assert json.loads(dump_contract(CONTRACT)) == {
        "consumer": {"name": "service-a"},
        "provider": {"name": "pusher"},
        "interactions": [
            {
                "type": "Synchronous/Messages",
                "description": "an item is backed up",
                "pending": False,
                "providerStates": [
                    {"name": "a writable bucket"},
                    {"name": "an object exists", "params": {"key": "a"}},
                ],
                "request": {
                    "contents": {
                        "content": {"args": ["items/1.json", '{"id": 1}'], "kwargs": {}},
                        **contents,
                    },
                    "metadata": {
                        "contentType": "application/json",
                        "task": "pusher.send_to_s3",
                        "version": "1.0.0",
                        "queue": "pusher",
                        "serializer": "json",
                    },
                },
                "response": [
                    {
                        "contents": {"content": "s3://b/items/1.json", **contents},
                        "metadata": {"contentType": "application/json"},
                        "matchingRules": {
                            "body": {
                                "$": {"combine": "AND", "matchers": [{"match": "regex", "regex": "s3://.+"}]}
                            }
                        },
                    }
                ],
                "comments": {"testname": "tests/test_contract.py::test_an_item_is_backed_up"},
            }
        ],
        "metadata": {"pactSpecification": {"version": "4.0"}},
    }


def test_a_result_that_nobody_looks_at_has_no_response() -> None:
    contract = Contract("a", "p", (Interaction("d", "p.t", "1.0.0", rules=(ANYTHING,)),))
    assert json.loads(dump_contract(contract))["interactions"][0]["response"] == []
    assert parse_contract(dump_contract(contract), file="x") == contract


def test_the_order_of_the_interactions_changes_no_byte() -> None:
    second = Interaction("b", "p.t", "1.0.0")
    first = Interaction("a", "p.t", "1.0.0")
    one, other = Contract("c", "p", (first, second)), Contract("c", "p", (second, first))
    assert dump_contract(one) == dump_contract(other)


EIGHTHS = st.integers(-1000, 1000).map(lambda number: number / 8)
"""Serde rounds the last digit of other floats, and so do other readers."""
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | EIGHTHS | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8)
MEMBERS = st.dictionaries(TEXT, JSON, max_size=2)
RULES = st.lists(
    st.builds(
        MatchRule,
        st.sampled_from(["$", "$.a", "$['a b']", "$.c[*].d", "$.e[0]", "$.*"]),
        st.sampled_from(["type", "integer", "equality", "notEmpty"]),
    )
    | st.just(MatchRule("$", "type", {"min": 1, "max": 3}))
    | st.just(MatchRule("$.a", "regex", {"regex": "x+"})),
    max_size=3,
    unique_by=lambda rule: rule.path,
).map(lambda rules: tuple(sorted(rules, key=lambda rule: rule.path)))
INTERACTIONS = st.builds(
    Interaction,
    description=TEXT,
    wire_name=TEXT,
    version=st.sampled_from(["1.0.0", "2.1.3"]),
    args=st.lists(JSON, max_size=3).map(tuple),
    kwargs=MEMBERS,
    result=JSON.filter(lambda value: value is not None),
    error=st.none() | TEXT,
    rules=RULES,
    states=st.lists(st.builds(ProviderState, TEXT, MEMBERS), max_size=2).map(tuple),
    queue=st.none() | TEXT,
    serializer=st.sampled_from(["json", "msgpack"]),
    test=st.just("") | TEXT,
)
UNREAD = INTERACTIONS.map(lambda each: replace(each, result=None, error=None, rules=(ANYTHING,)))
NULL = INTERACTIONS.map(lambda each: replace(each, result=None, rules=()))
CONTRACTS = st.lists(INTERACTIONS | UNREAD | NULL, max_size=3, unique_by=lambda each: each.description).map(
    lambda found: Contract("service-a", "pusher", tuple(sorted(found, key=lambda each: each.description)))
)


@given(CONTRACTS)
@settings(max_examples=100, deadline=None)
def test_a_contract_reads_back_as_itself(contract: Contract) -> None:
    assert parse_contract(dump_contract(contract), file="x.json") == contract


@given(contract=CONTRACTS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pact_itself_reads_and_writes_it_without_loss(contract: Contract, tmp_path: Path) -> None:
    assert parse_contract(rewrite_with_pact(dump_contract(contract), tmp_path), file="x.json") == contract


def test_what_other_tools_add_is_tolerated() -> None:
    data = written(
        key="93f58446f133592f", interactionMarkup={"markup": "", "markupType": "COMMON_MARK"}, _id="1"
    )
    data["metadata"]["pactRust"] = {"ffi": "0.5.12"}
    data["links"] = {"self": {"href": "http://broker"}}
    assert parse_contract(json.dumps(data), file="x.json") == CONTRACT


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "cut short"),
        ("<pact/>", "not JSON"),
        (dump_contract(CONTRACT)[:200], "cut short"),
        ("[]", "not a Pact file"),
        ('{"consumer": {"name": "a"}}', "not a Pact file"),
        ('{"consumer": {"name": "a"}, "provider": {"name": "p"}}', "does not say"),
    ],
)
def test_what_is_no_pact_file_is_refused(text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "service-a--pusher.json"
    file.write_text(text)
    with pytest.raises(ContractError) as caught:
        load_contract(file)
    assert str(caught.value).startswith(str(file))
    assert said in caught.value.what
    assert "restore it" in caught.value.do
    assert "spec" not in str(caught.value).replace("specification", "")


@pytest.mark.parametrize(
    ("changes", "path", "said"),
    [
        ({"type": "Synchronous/HTTP"}, "$.interactions[0].type", "'Synchronous/HTTP'"),
        ({"type": ...}, "$.interactions[0]", "'type' is missing"),
        ({"description": ...}, "$.interactions[0]", "'description' is missing"),
        ({"description": 1}, "$.interactions[0].description", "a string"),
        ({"request": ...}, "$.interactions[0]", "'request' is missing"),
        ({"response": ...}, "$.interactions[0]", "'response' is missing"),
        ({"response": {}}, "$.interactions[0].response", "an array"),
        ({"response": [{}, {}]}, "$.interactions[0].response[1]", "one result"),
        ({"request__metadata__task": ...}, "$.interactions[0].request.metadata", "which task it calls"),
        ({"request__metadata__version": "1"}, "$.interactions[0].request.metadata.version", "MAJOR"),
        ({"request__contents__encoded": "base64"}, "$.interactions[0].request.contents", "base64"),
        ({"request__contents__content": 5}, "$.interactions[0].request.contents", "no arguments"),
        (
            {"request__contents__content__args": {}},
            "$.interactions[0].request.contents.content.args",
            "array",
        ),
        ({"providerStates": [{"params": {}}]}, "$.interactions[0].providerStates[0]", "'name' is missing"),
        ({"response__0__matchingRules": {"header": {"x": 1}}}, "$.interactions[0].response[0]", "'header'"),
        (
            {"response__0__matchingRules__body": {"$..x": {"matchers": []}}},
            "$.interactions[0].response[0].matchingRules.body['$..x']",
            "not a path",
        ),
        (
            {"response__0__matchingRules__body": {"$": {"matchers": [{"match": "xml"}]}}},
            "$.interactions[0].response[0].matchingRules.body['$'].matchers[0]",
            "'xml'",
        ),
        (
            {"response__0__matchingRules__body": {"$": {"matchers": [{"match": "regex", "regex": "("}]}}},
            "$.interactions[0].response[0].matchingRules.body['$'].matchers[0]",
            "regular expression",
        ),
        (
            {"response__0__matchingRules__body": {"$": {"matchers": [{"match": "type", "min": "1"}]}}},
            "$.interactions[0].response[0].matchingRules.body['$'].matchers[0]",
            "'min'",
        ),
        (
            {"response__0__matchingRules__body": {"$": {"matchers": [], "combine": "XOR"}}},
            "$.interactions[0].response[0].matchingRules.body['$'].combine",
            "'XOR'",
        ),
    ],
)
def test_a_wrong_piece_is_refused_with_its_path(changes: dict[str, Any], path: str, said: str) -> None:
    with pytest.raises(ContractError) as caught:
        parse_contract(json.dumps(written(**changes)), file="contracts/x.json")
    assert caught.value.where.startswith(f"contracts/x.json: {path}")
    assert said in caught.value.what
    assert caught.value.do


@pytest.mark.parametrize("version", ["3.0.0", "2.0.0", "5.0", 3])
def test_another_version_of_pact_is_refused(version: Any) -> None:
    data = written()
    data["metadata"]["pactSpecification"]["version"] = version
    with pytest.raises(ContractError, match=f"version {version}"):
        parse_contract(json.dumps(data), file="x.json")


def test_two_interactions_with_one_description_are_refused() -> None:
    data = written()
    data["interactions"] *= 2
    with pytest.raises(ContractError, match="an item is backed up"):
        parse_contract(json.dumps(data), file="x.json")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=r"absent\.json"):
        load_contract(tmp_path / "absent.json")
