"""What our files say, put to Pact's own verifier: it takes and refuses the same replies as ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from taskcontract import match
from taskcontract.model.contract import Contract, Interaction
from taskcontract.verification.comparison.matching import find_mismatches
from taskcontract.verification.recording.example import read_example
from tests.support.matcher_examples import MATCHERS, WITHOUT
from tests.support.message_provider import Answer, serve_messages
from tests.support.pact_verifier import verify_with_pact

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.process


def test_pact_takes_and_refuses_what_we_do(tmp_path: Path) -> None:
    """The same file, the same replies, two verifiers; one value of each pair fits, the other does not."""
    ours_alone = {"optional", "from_spec", "from_state", "generated"}  # of what Pact has no form for
    known = set(match.__all__) - ours_alone - {"Matcher"}
    assert known == set(MATCHERS)
    interactions, replies, ours = [], {}, {}
    for name, pairs in [*MATCHERS.items(), ("without", WITHOUT)]:
        for number, (value, fits, differs) in enumerate(pairs):
            example, rules = read_example(value)
            for word, reply in (("fits", fits), ("differs", differs)):
                description = f"{name} {number} {word}"
                interactions.append(Interaction(description, "p.t", "1.0.0", result=example, rules=rules))
                replies[description] = reply
                ours[description] = not find_mismatches(example, rules, reply)
    assert {name: name.endswith("fits") for name in ours} == ours
    with serve_messages(lambda asked: Answer(replies[asked.description])) as port:
        theirs = verify_with_pact(Contract("web", "shop", tuple(interactions)), port, tmp_path)
    assert {name: not said for name, said in theirs.items()} == ours


def test_what_pact_has_no_form_for_is_let_through_or_refused_by_it(tmp_path: Path) -> None:
    """As the documents say: optional members are not looked at, a nullable object may not be null."""
    optional, rules = read_example({"a": 1, "b": match.optional(match.integer(1))})
    nullable, more = read_example(match.nullable({"a": 1}))
    replies = {"without": {"a": 1}, "with": {"a": 1, "b": 2}, "wrong": {"a": 1, "b": "x"}, "null": None}
    interactions = [
        Interaction(name, "p.t", "1.0.0", result=optional, rules=rules)
        for name in ("without", "with", "wrong")
    ]
    interactions.append(Interaction("null", "p.t", "1.0.0", result=nullable, rules=more))
    with serve_messages(lambda asked: Answer(replies[asked.description])) as port:
        said = verify_with_pact(Contract("web", "shop", tuple(interactions)), port, tmp_path)
    assert {name: bool(each) for name, each in said.items()} == {
        "without": False,
        "with": False,
        "wrong": False,
        "null": True,
    }
