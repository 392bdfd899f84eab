"""One hostile text in every output that people read: no terminal obeys it, and no CI's runner."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from taskcontract.cli.main import main
from taskcontract.model.contract import Interaction, ProviderState
from taskcontract.operations.drift import Drift
from taskcontract.operations.inflight.finding import Findings
from taskcontract.operations.inflight.message import InFlight
from taskcontract.operations.retirement import Retirement
from taskcontract.pytest_plugin.node_ids import name_interactions, spell_file
from taskcontract.reporting.escape import tame, tame_line
from taskcontract.reporting.formats import render
from taskcontract.reporting.operations import render_drift, render_in_flight, render_retirement
from taskcontract.reporting.page import write_plain
from taskcontract.reporting.quarantine import render_kept, render_kept_list
from taskcontract.reporting.replay import explain_outcome, summarise_outcome
from taskcontract.safety_net.quarantine.kept import Kept, Note
from taskcontract.usage.use import Use, UseKey
from taskcontract.verification.comparison.matching import Mismatch
from taskcontract.verification.outcome import Fault, Outcome, Reply, Sent
from taskcontract.verification.sandbox.log_reader import LogLine
from tests.support.reports import FULL

if TYPE_CHECKING:
    from collections.abc import Callable

HOSTILE = (
    "::stop-commands::k\r\n  ::add-mask::y\n\t##[group]z\n##vso[task.setvariable]\n:::error::e "
    + "word " * 15
    + "::warning::w " * 9
    + "\x1b[31m\x1b]0;title\x07\x1b]8;;http://x\x1b\\\x9b2J\u202e\u2066\u200b\x00\x85\u2028"
)

INTERACTION = Interaction(
    HOSTILE, HOSTILE, HOSTILE, (HOSTILE,), {HOSTILE: HOSTILE}, (ProviderState(HOSTILE),), queue=HOSTILE
)
OUTCOME = Outcome(
    HOSTILE,
    HOSTILE,
    replace(INTERACTION, error=HOSTILE, result=HOSTILE),
    sent=Sent(HOSTILE, HOSTILE, HOSTILE, (), {}, HOSTILE),
    reply=Reply(HOSTILE, HOSTILE, error=HOSTILE, declared=(HOSTILE,)),
    faults=(Fault(HOSTILE, HOSTILE, HOSTILE),),
    mismatches=(Mismatch(f"$.{HOSTILE}", HOSTILE, None, None),),
    log=(LogLine(0.5, HOSTILE, HOSTILE, HOSTILE, HOSTILE),),
)
REPORT = FULL._replace(
    old=FULL.old._replace(name=HOSTILE, version=HOSTILE, origin=HOSTILE),
    findings=tuple(
        replace(each, task=HOSTILE, path=HOSTILE, consequence=HOSTILE, remedy=HOSTILE)
        for each in FULL.findings
    ),
    notes=(HOSTILE,),
)
KEPT = Kept(
    HOSTILE,
    Note(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE),
    HOSTILE.encode(errors="replace"),
    HOSTILE,
    "utf-8",
    {HOSTILE: HOSTILE, "task": HOSTILE},
    {},
)
USE = Use(UseKey(HOSTILE, HOSTILE, HOSTILE, HOSTILE), 1, time.time())

OUTPUTS: dict[str, Callable[[], str]] = {
    "the text report": lambda: render(REPORT, "text"),
    "the markdown report": lambda: render(REPORT, "markdown"),
    "a failed replay": lambda: explain_outcome(OUTCOME),
    "a failed replay in one line": lambda: summarise_outcome(OUTCOME),
    "an interaction's id": lambda: "\n".join(name_interactions([HOSTILE] * 2, HOSTILE, Path("a.json"))),
    "a file's id": lambda: spell_file(Path("/c") / HOSTILE.replace("/", ""), Path("/c")),
    "quarantine list": lambda: write_plain(render_kept_list([KEPT], "shown")),
    "quarantine show": lambda: write_plain(render_kept(KEPT)),
    "inflight": lambda: write_plain(
        render_in_flight(
            Findings((InFlight(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, "waiting"),), (HOSTILE,))
        )
    ),
    "retire": lambda: write_plain(
        render_retirement(Retirement("t", (HOSTILE,), (USE,), (HOSTILE,), 1, 1, 7.0, 1.0))
    ),
    "inspect": lambda: write_plain(
        render_drift("shop", Drift((), (HOSTILE,), ((HOSTILE, 2),), silent=False))
    ),
    "an error in many lines": lambda: tame(HOSTILE),
    "an error in one line": lambda: tame_line(HOSTILE),
}


def find_harm(text: str) -> list[str]:
    """What a terminal or a runner would obey."""
    controls = [letter for letter in text if not letter.isprintable() and letter not in "\t\n"]
    return [*controls, *re.findall(r"(?m)^\s*::.*|##\w*\[.*", text)]


def test_the_text_is_hostile() -> None:
    assert len(find_harm(HOSTILE)) > 10


@pytest.mark.parametrize("output", OUTPUTS)
def test_no_output_obeys_it(output: str) -> None:
    shown = OUTPUTS[output]()
    assert "stop-commands" in shown
    assert find_harm(shown) == []


def test_with_colours_only_the_colours_are_left() -> None:
    shown = render(REPORT, "text", colour=True)
    assert find_harm(re.sub(r"\x1b\[[0-9;]*m", "", shown)) == []
    assert re.sub(r"\x1b\[[0-9;]*m", "", shown) == render(REPORT, "text")


def test_the_commands_of_the_github_format_are_its_own() -> None:
    lines = render(REPORT, "github").splitlines()
    assert {line.split("::")[1].split()[0] for line in lines} <= {"error", "warning", "notice"}
    assert all(letter.isprintable() or letter == "\t" for line in lines for letter in line)


@pytest.mark.parametrize("arguments", [["diff", HOSTILE, HOSTILE], ["explain", HOSTILE], [HOSTILE]])
def test_no_error_of_the_command_obeys_it(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([each.replace("\x00", "") for each in arguments]) == 2
    shown = capsys.readouterr().err
    assert shown.startswith("taskcontract: ")
    assert find_harm(shown) == []
