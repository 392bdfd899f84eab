"""The example in a rule's docstring is one: its two sides, run as bindings, differ by that rule.

Examples of what only a worker says (its options, the formats that it accepts) are not bindings, and not run.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from taskcontract.diff import find_changes
from taskcontract.diff.rule_index import RuleInfo, list_rules
from taskcontract.model.service import ParameterSpec, ServiceSpec, TaskSpec
from tests.rules.test_cases import POLICY

if TYPE_CHECKING:
    from taskcontract import Service

WORKER = re.compile(r'@app\.task|@shared_task|@provider\.|accept_content=|result_serializer=|"errors":')
RULES = [rule for rule in list_rules() if not WORKER.search(rule.text.partition("## Example")[2])]
IMPORTS = """\
from datetime import date, datetime
from typing import Annotated, Literal
from pydantic import BaseModel, ConfigDict, Field
from taskcontract import Carried, Secret, Service
from typing_extensions import NotRequired, TypedDict

class BucketMissing(Exception): ...
class StorageError(Exception): ...
"""
SERVICE = 'pusher = Service("pusher", queue="pusher")\n'
DECORATOR = '@pusher.task(version="1.0.0")\n'
FUNCTION = "def send_to_s3(key: str, content: str) -> str: ...\n"
STORED = "class Stored(BaseModel):\n    url: str\n"
USES = {
    "Meta": DECORATOR + "def store(meta: Meta) -> None: ...\n",
    "Stored": DECORATOR + "def store() -> Stored: ...\n",
}
"""What has a class that an example changes for its parameter or its result."""


def read_sides(rule: RuleInfo) -> list[str]:
    """The example's lines before and after."""
    found = re.search(r"```diff\n(.*)```", rule.text, re.DOTALL)
    assert found is not None
    lines = found[1].splitlines()
    assert {line[0] for line in lines} <= {"-", "+", " "}, "a line of a diff begins with -, + or a space"
    return ["".join(f"{line[1:]}\n" for line in lines if line[0] in sides) for sides in ("- ", "+ ")]


def complete(side: str, other: str) -> str:
    """A whole module of bindings: what an example leaves out is the same on both sides."""
    text = re.sub(r"(?m)^(?<!\)\n)def ", f"{DECORATOR}def ", side)
    changed = re.search(r"(?m)^class (\w+)", side)
    if changed:
        text += USES[changed[1]]
    elif "def " not in side + other:
        text += FUNCTION if side.startswith("@") else DECORATOR + FUNCTION
    stored = "" if changed else STORED
    return IMPORTS + stored + ("" if side.startswith("pusher = ") else SERVICE) + text


def read_spec(rule: RuleInfo, side: str, other: str) -> ServiceSpec:
    """The API that one side of an example declares; a JSON Schema is that of a parameter or a result."""
    if side.startswith("{"):
        schema = json.loads(side)
        given: dict[str, Any] = (
            {"parameters": (ParameterSpec("meta", schema=schema),)}
            if rule.room == "payloads"
            else {"result": schema}
        )
        return ServiceSpec("pusher", "1.0.0", (TaskSpec("store", "1.0.0", "pusher.store", **given),))
    names: dict[str, Any] = {"__name__": "example"}
    exec(compile(complete(side, other), "example", "exec", dont_inherit=True), names)
    service: Service = names["pusher"]
    return service.spec()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_an_example_is_found_by_its_rule(rule: RuleInfo) -> None:
    before, after = read_sides(rule)
    old, new = read_spec(rule, before, after), read_spec(rule, after, before)

    found = {finding.rule: finding.severity for finding in find_changes(old, new, policy=POLICY)}

    assert found.get(rule.id) == rule.severity, found


def test_most_examples_are_run() -> None:
    assert len(RULES) >= 90
