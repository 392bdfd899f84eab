"""Rules are found by their files, and imported when they are needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from taskcontract.diff.rule_index import describe_rule, list_rule_ids

COUNT = """
import sys
{work}
loaded = [name for name in sys.modules if name.startswith("taskcontract.diff.rules.")]
print(len(loaded), "taskcontract.diff.schemas.inclusion" in sys.modules)
"""


def run(work: str) -> list[str]:
    """How many modules of rules were loaded after `work`, and whether the engine of schemas was."""
    code = COUNT.format(work=work)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.mark.process
@pytest.mark.parametrize(
    ("work", "loaded"),
    [
        ("from taskcontract.diff.changes import find_changes", "0"),
        ("from taskcontract.diff.rule_index import list_rule_ids; assert len(list_rule_ids()) > 80", "0"),
        ("from taskcontract.diff.rule_index import describe_rule; describe_rule('param-renamed')", "2"),
    ],
)
def test_a_command_pays_only_for_the_rules_that_it_uses(work: str, loaded: str) -> None:
    assert run(work) == [loaded, "False"]


def test_a_rule_as_data() -> None:
    rule = describe_rule("param-reordered")
    assert (rule.room, rule.severity, rule.directions, rule.bump) == (
        "signatures",
        "breaking",
        ("backward", "forward"),
        "major",
    )
    assert rule.summary == "Parameters that take values by position changed places."
    assert list_rule_ids() == sorted(list_rule_ids())
