"""The report for people, and what all formats say in the same words."""

from __future__ import annotations

import io
import re

import pytest

from taskcontract.reporting.escape import escape_controls, flatten
from taskcontract.reporting.page import wrap
from taskcontract.reporting.terminal import wants_colour
from taskcontract.reporting.text import render
from tests.support.reports import CHECK, FULL, QUIET, REORDERED, UNDECIDED, WIDENED


def test_nothing_changed_is_said_in_few_words() -> None:
    assert render(QUIET) == (
        "pusher 1.0.0 -> 1.1.0\n"
        "  old: contracts/pusher/1.0.0.json\n"
        "  new: bindings.pusher\n"
        "  taken for granted: call style both, objects open\n"
        "\n"
        "Nothing changed that a caller could notice.\n"
    )


def test_a_silent_break_shows_both_bindings_side_by_side() -> None:
    report = QUIET._replace(findings=(REORDERED,), required_bump="major", order="new-major")
    assert render(report).split("\n\n")[1:] == [
        "send@1.0.0\n"
        f"  BREAKING   param-reordered (silent)  parameters.key  {REORDERED.fingerprint}\n"
        '    call    send.delay("items/1.json", b"body")\n'
        '    sent    app.send_task("pusher.send", args=["items/1.json", "body"], kwargs={})\n'
        '    before  key="items/1.json", content="body"\n'
        '    now     content="items/1.json", key="body"\n'
        "    what    The worker raises TypeError for `key`.\n"
        "    do      Keep `key`.",
        "1 breaking\n"
        "version: needs a major bump; 1.0.0 -> 1.1.0 is a minor one: too small\n"
        "deploy: no order is safe: serve the old way beside the new one until no caller uses it\n",
    ]


def test_the_worst_comes_first() -> None:
    text = render(FULL)
    rules = re.findall(r"^  (?:BREAKING|DANGEROUS|SAFE) +(\S+)", text, re.MULTILINE)
    assert rules == [
        "param-reordered",
        "param-removed",
        "result-type-widened",
        "queue-no-longer-consumed",
        "task-removed",
        "payload-undecided",
        "task-added",
    ]


@pytest.mark.parametrize(
    "said",
    [
        f"result-type-widened  result.url  {WIDENED.fingerprint}",
        '    result  {"url": None}',
        f"payload-undecided (undecided)  parameters.key  {UNDECIDED.fingerprint}",
        "characters: in full with --format markdown or --format json",
        "pusher, as a whole",
        "  send@1.0.0  param-removed until 2027-06-30\n    why     nobody calls it",
        "note: the acceptance of abc expired",
        "5 breaking, 1 dangerous, 1 safe, 1 accepted",
    ],
)
def test_everything_is_shown(said: str) -> None:
    assert said in render(FULL)


def test_what_is_safe_needs_no_remedy() -> None:
    assert "do  " not in render(QUIET._replace(findings=FULL.findings[:1]))


def test_a_check_names_each_version_that_says_too_little() -> None:
    assert "version: task 'send' stays at 1.0.0, but param-removed needs a major bump\n" in render(CHECK)


def test_hostile_text_moves_no_cursor_and_fakes_no_line() -> None:
    text = render(FULL)
    assert escape_controls(text) == text
    assert "\n::error" not in text


def test_colour_changes_nothing_but_colour() -> None:
    coloured = render(FULL, colour=True)
    assert "\x1b[1;31mBREAKING" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render(FULL)


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "wanted"),
    [
        (Terminal(), {}, True),
        (io.StringIO(), {}, False),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"NO_COLOR": ""}, True),
        (Terminal(), {"TERM": "dumb"}, False),
        (io.StringIO(), {"FORCE_COLOR": "1"}, True),
        (io.StringIO(), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_colour_is_for_terminals(stream: io.StringIO, environment: dict[str, str], wanted: bool) -> None:
    assert wants_colour(stream, environment) is wanted


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain é 漢", "plain é 漢"),
        ("\x1b[31m", r"\x1b[31m"),
        ("\x9b31m", r"\x9b31m"),
        ("\u202eabc", r"\u202eabc"),
        ("\r\b\x00", r"\r\x08\x00"),
    ],
)
def test_controls_are_spelled_out(text: str, escaped: str) -> None:
    assert escape_controls(text) == escaped


def test_a_flat_text_is_one_line() -> None:
    assert flatten("a\n\tb\u2028") == r"a\n\tb\u2028"


@pytest.mark.parametrize(
    ("text", "lines"),
    [("", [""]), ("a b", ["a b"]), ("aaa bbb ccc", ["aaa bbb", "ccc"]), ("a" * 9, ["a" * 9])],
)
def test_sentences_are_broken_at_spaces(text: str, lines: list[str]) -> None:
    assert wrap(text, 7) == lines
