"""The reports that tools read: valid, complete, and safe from what a name holds."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import TYPE_CHECKING
from xml.etree import ElementTree
from xml.sax.saxutils import unescape

import jsonschema
import pytest

from taskcontract.reporting.escape import escape_controls
from taskcontract.reporting.formats import FORMATS, render
from tests.support.reports import CHECK, FINDINGS, FULL, HOSTILE, QUIET, REMOVED, REORDERED

if TYPE_CHECKING:
    from taskcontract.reporting.report import Report

REPORTS = {"quiet": QUIET, "full": FULL, "check": CHECK}

each_report = pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)


@each_report
@pytest.mark.parametrize("name", FORMATS)
def test_no_format_lets_a_control_character_through(report: Report, name: str) -> None:
    text = render(report, name)
    assert text.endswith("\n")
    if name not in ("json", "sarif"):
        assert escape_controls(text) == text


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_each_note_once(name: str) -> None:
    assert render(FULL, name).count("the acceptance of abc expired") == 1
    assert "expired" not in render(QUIET, name)


@each_report
def test_json_keeps_to_its_schema(report: Report) -> None:
    schema = json.loads(files("taskcontract.reporting").joinpath("schemas/diff.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(render(report, "json")), schema)


def test_json_holds_the_findings_as_they_are() -> None:
    report = json.loads(render(FULL, "json"))
    assert [each["fingerprint"] for each in report["findings"]] == [each.fingerprint for each in FINDINGS]
    assert report["findings"][3]["witness"] == {
        "task": "pusher.send",
        "args": ["items/1.json", "body"],
        "kwargs": {},
        "call": 'send.delay("items/1.json", b"body")',
        "message": 'app.send_task("pusher.send", args=["items/1.json", "body"], kwargs={})',
        "refusal": None,
        "old_binding": {"key": "items/1.json", "content": "body"},
        "new_binding": {"content": "items/1.json", "key": "body"},
    }
    assert report["findings"][4]["witness"] == {"value": {"url": None}}
    assert report["findings"][-1]["task"] == HOSTILE
    assert report["accepted"][0]["acceptance"] == {"reason": "nobody calls it", "expires": "2027-06-30"}
    assert report["summary"] == {
        "breaking": 5,
        "dangerous": 1,
        "safe": 1,
        "required_bump": "major",
        "declared_bump": "minor",
        "bump_suffices": False,
        "order": "new-major",
        "failed": True,
    }


@pytest.mark.parametrize("name", ["markdown", "json", "sarif", "junit"])
def test_a_long_call_is_shown_whole_where_there_is_room(name: str) -> None:
    text = unescape(render(FULL, name))
    assert "x" * 999 in text
    assert "characters: in full" not in text


@each_report
def test_sarif_is_whole(report: Report) -> None:
    log = json.loads(render(report, "sarif"))
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert log["version"] == "2.1.0"
    assert len(run["results"]) == len(report.findings) + len(report.accepted) + len(report.gaps)
    for result in run["results"]:
        assert result["message"]["text"]
        assert result["level"] in ("error", "warning", "note")
        assert result["partialFingerprints"]["taskcontract/v1"]
        assert result["locations"][0]["physicalLocation"]["region"]["startLine"] >= 1
        assert result.get("ruleIndex") is None or rules[result["ruleIndex"]] == result["ruleId"]
    for rule in run["tool"]["driver"]["rules"]:
        assert rule["help"]["text"].startswith(rule["shortDescription"]["text"])


def test_sarif_suppresses_what_is_accepted() -> None:
    results = json.loads(render(FULL, "sarif"))["runs"][0]["results"]
    assert [each["suppressions"] for each in results if "suppressions" in each] == [
        [{"kind": "external", "justification": "nobody calls it"}]
    ]


@each_report
def test_junit_counts_what_it_holds(report: Report) -> None:
    root = ElementTree.fromstring(render(report, "junit"))
    for element in (root, root[0]):
        assert int(element.attrib["tests"]) == len(root.findall(".//testcase"))
        assert int(element.attrib["failures"]) == len(root.findall(".//failure"))
        assert int(element.attrib["skipped"]) == len(root.findall(".//skipped"))
    assert bool(root.findall(".//failure")) == report.failed


@pytest.mark.parametrize(
    ("fail_on", "failures"), [("breaking", 5), ("dangerous", 6), ("safe", 7), ("never", 0)]
)
def test_junit_fails_what_the_exit_code_fails(fail_on: str, failures: int) -> None:
    report = FULL._replace(fail_on=fail_on)  # type: ignore[arg-type]
    assert len(ElementTree.fromstring(render(report, "junit")).findall(".//failure")) == failures
    assert report.failed == bool(failures)


def test_github_annotates_the_line_of_the_binding() -> None:
    lines = render(FULL._replace(findings=(REORDERED,)), "github").splitlines()
    title = "param-reordered%3A send@1.0.0 parameters.key"
    assert lines[0].startswith(f"::error file=bindings/pusher.py,line=9,title={title}::call: send.delay(")
    assert "%0Abefore: " in lines[0]


@each_report
def test_github_has_one_command_a_line(report: Report) -> None:
    lines = render(report, "github").splitlines()
    assert len(lines) == len(report.findings) + len(report.gaps) + len(report.notes) + 1
    command = re.compile(r"::(error|warning|notice) ([a-z]+=[^,:]*)(,[a-z]+=[^,:]*)*::[^\r\n]+")
    assert [line for line in lines if not command.fullmatch(line)] == []


def test_github_says_error_only_for_what_fails() -> None:
    lines = render(FULL._replace(fail_on="never"), "github").splitlines()
    assert [line for line in lines if line.startswith("::error")] == []


@each_report
def test_gitlab_has_one_issue_for_all_that_is_open(report: Report) -> None:
    issues = json.loads(render(report, "gitlab"))
    assert len(issues) == len(report.findings) + len(report.gaps) + len(report.notes)
    assert len({each["fingerprint"] for each in issues}) == len(issues)
    for issue in issues:
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert issue["description"]
        assert issue["check_name"]
        assert issue["location"]["path"]
        assert issue["location"]["lines"]["begin"] >= 1


def test_gitlab_shows_the_call_beside_the_line_of_the_binding() -> None:
    (issue,) = json.loads(render(QUIET._replace(findings=(REORDERED,)), "gitlab"))
    assert issue["check_name"] == "param-reordered"
    assert issue["severity"] == "critical"
    assert issue["fingerprint"] == REORDERED.fingerprint
    assert issue["location"] == {"path": "bindings/pusher.py", "lines": {"begin": 9}}
    assert issue["description"].startswith(
        'send: The worker raises TypeError for `key`. Keep `key`. call: send.delay("items/1.json"'
    )


def test_markdown_shows_markup_and_does_not_obey_it() -> None:
    text = render(FULL, "markdown")
    outside = re.sub(r"(`+).*?(?<!`)\1(?!`)", "", text.replace("\\`", ""), flags=re.DOTALL)
    assert "@" not in outside
    assert outside.count("</details>") == outside.count("<details>") == 2


def test_markdown_reads_well() -> None:
    text = render(QUIET._replace(findings=(REORDERED,), required_bump="major", order="new-major"), "markdown")
    assert text.split("\n\n")[2:6] == [
        "#### `send@1.0.0`",
        "**breaking** (silent) `param-reordered` at `parameters.key`",
        "```text\n"
        'call    send.delay("items/1.json", b"body")\n'
        'sent    app.send_task("pusher.send", args=["items/1.json", "body"], kwargs={})\n'
        'before  key="items/1.json", content="body"\n'
        'now     content="items/1.json", key="body"\n'
        "```",
        "The worker raises TypeError for `key`. *Keep `key`.*",
    ]


def test_a_place_is_found_where_the_task_is_declared() -> None:
    assert FULL.place_of(REMOVED) == ("bindings/pusher.py", 9)
    assert FULL.place_of(FINDINGS[-1]) == ("bindings/pusher.py", 1)
    nowhere = FULL._replace(old=FULL.old._replace(places={}), new=FULL.new._replace(places={}))
    assert nowhere.place_of(REMOVED) is None
