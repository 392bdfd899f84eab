"""A consumer's contract runs in the provider's CI: nothing in it commands a terminal or a runner."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from taskcontract.model.contract import MatchRule
from tests.support.shop_project import ShopProject, ask

if TYPE_CHECKING:
    from collections.abc import Callable


pytestmark = pytest.mark.process

pytest_plugins = ["pytester"]

HOSTILE = "x\n::stop-commands::k\n  ::add-mask::y ##[group]z\x1b[31m\x1b]0;title\x07\u202e\u2066"


def test_nothing_of_it_is_printed_raw(
    run: Callable[..., pytest.RunResult], shop_project: ShopProject
) -> None:
    wrong = ask("order", HOSTILE, 3, description=f"an order {HOSTILE}", result="s3://tea/3")
    slow = replace(
        ask("order", "a" * 40, 3, description=f"a pattern {HOSTILE}", result="s3://a/3"),
        rules=(MatchRule("$", "regex", {"regex": rf"(a+)+|{re.escape(HOSTILE)}"}),),
    )
    file = shop_project.write_contract(wrong, slow)
    data = json.loads(file.read_text(encoding="utf-8"))
    broken = json.loads(json.dumps(data["interactions"][0]))
    broken["description"] = f"broken {HOSTILE}"
    broken["request"]["metadata"]["task"] = HOSTILE
    data["interactions"].append(broken)
    data["consumer"]["name"] = HOSTILE
    file.write_text(json.dumps(data), encoding="utf-8")
    result = run("-v", "-rA", "--color=no")
    result.assert_outcomes(failed=3)
    shown = result.stdout.str() + result.stderr.str()
    assert "stop-commands" in shown
    assert [letter for letter in shown if not letter.isprintable() and letter not in "\t\n"] == []
    assert re.findall(r"(?m)^\s*::.*|##\w*\[.*", shown) == []
