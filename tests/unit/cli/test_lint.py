"""`taskcontract lint`: its formats, its exit codes, what a project accepts."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from tests.support.json_documents import read_document

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.project import Project

TASKS = """\
from celery import Celery
app = Celery("shop")

@app.task(ignore_results=True)
def send(key): ...

send.delay()
"""
ACCEPT = """\
[[tool.taskcontract.accept]]
rule = "option-misspelt"
task = "shop.tasks.send"
reason = "A wrapper of ours reads it."
"""


@pytest.fixture
def shop(project: Project) -> Project:
    project.write("shop/__init__.py", "raise SystemExit('imported')\n")
    project.write("shop/tasks.py", TASKS)
    return project


def test_problems_are_shown_with_their_places(shop: Project) -> None:
    done = shop.run("lint")
    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    assert [line for line in lines if line.startswith("shop/")] == ["shop/tasks.py:5", "shop/tasks.py:7"]
    assert lines[-1].startswith("2 problems in .: ")


@pytest.mark.parametrize("source", [".", "shop"])
def test_a_package_by_itself_is_read_under_its_name(shop: Project, source: str) -> None:
    document = read_document("lint", shop.run("lint", source, "--format", "json").stdout)
    assert [problem["task"] for problem in document["problems"]] == ["shop.tasks.send"] * 2
    assert [problem["place"]["file"] for problem in document["problems"]] == ["shop/tasks.py"] * 2


@pytest.mark.parametrize(("fail_on", "code"), [("dangerous", 1), ("breaking", 1), ("never", 0)])
def test_the_exit_code_says_how_grave_it_is(shop: Project, fail_on: str, code: int) -> None:
    assert shop.run("lint", "--fail-on", fail_on).returncode == code


def test_what_is_only_dangerous_can_pass(shop: Project) -> None:
    shop.write("shop/tasks.py", TASKS.replace("send.delay()", ""))
    assert [shop.run("lint", "--fail-on", each).returncode for each in ("dangerous", "breaking")] == [1, 0]


def test_annotations_and_sarif_have_the_lines(shop: Project) -> None:
    github = shop.run("lint", "--format", "github").stdout.splitlines()
    assert github[0].startswith("::error file=shop/tasks.py,line=5,title=option-misspelt")
    assert len(github) == 2
    (run,) = json.loads(shop.run("lint", "--format", "sarif").stdout)["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["option-misspelt", "call-does-not-bind"]
    assert {rule["id"] for rule in run["tool"]["driver"]["rules"]} == {
        "option-misspelt",
        "call-does-not-bind",
    }
    lines = [result["locations"][0]["physicalLocation"]["region"]["startLine"] for result in run["results"]]
    assert lines == [5, 7]


TWICE = TASKS + "send.delay()\n"


def test_gitlab_shows_each_problem_at_its_line_and_drops_none(shop: Project) -> None:
    shop.write("shop/tasks.py", TWICE)
    first, second, third = json.loads(shop.run("lint", "--format", "gitlab").stdout)
    lines = [each["location"]["lines"]["begin"] for each in (first, second, third)]
    assert ({first["location"]["path"]}, lines) == ({"shop/tasks.py"}, [5, 7, 8])
    assert [each["check_name"] for each in (first, second)] == ["option-misspelt", "call-does-not-bind"]
    assert [each["severity"] for each in (first, second)] == ["major", "critical"]
    assert second["description"].startswith("shop.tasks.send: ")
    assert len({each["fingerprint"] for each in (first, second, third)}) == 3
    assert second["fingerprint"].startswith("lint-")


@pytest.mark.parametrize(("fail_on", "failures"), [("dangerous", 3), ("breaking", 2), ("never", 0)])
def test_junit_fails_what_the_exit_code_fails(shop: Project, fail_on: str, failures: int) -> None:
    shop.write("shop/tasks.py", TWICE)
    root = ElementTree.fromstring(shop.run("lint", "--format", "junit", "--fail-on", fail_on).stdout)
    for element in (root, root[0]):
        assert (element.attrib["tests"], element.attrib["failures"]) == ("3", str(failures))
    assert len(root.findall(".//failure")) == failures
    assert [each.attrib["name"] for each in root.findall(".//testcase")] == [
        "option-misspelt shop/tasks.py:5",
        "call-does-not-bind shop/tasks.py:7",
        "call-does-not-bind shop/tasks.py:8",
    ]


def test_what_is_accepted_is_skipped_and_no_problem_is_a_case_that_passed(shop: Project) -> None:
    shop.write("pyproject.toml", ACCEPT)
    root = ElementTree.fromstring(shop.run("lint", "--format", "junit").stdout)
    (skipped,) = root.findall(".//skipped")
    assert skipped.attrib["message"] == "A wrapper of ours reads it."
    assert (root.attrib["tests"], root.attrib["failures"], root.attrib["skipped"]) == ("2", "1", "1")
    assert len(json.loads(shop.run("lint", "--format", "gitlab").stdout)) == 1
    shop.write("pyproject.toml", "")
    shop.write("shop/tasks.py", "")
    root = ElementTree.fromstring(shop.run("lint", "--format", "junit").stdout)
    assert (root.attrib["tests"], len(root.findall(".//testcase"))) == ("1", 1)
    assert json.loads(shop.run("lint", "--format", "gitlab").stdout) == []


def test_markdown_is_a_comment_to_read(shop: Project) -> None:
    shop.write("pyproject.toml", ACCEPT)
    shop.write("shop/late.py", "from shop.tasks import app\n@app.task(name=make())\ndef late(): ...\n")
    text = shop.run("lint", "--format", "markdown").stdout
    assert text.startswith(
        "### 1 problem in .\n\n1 task and 1 use of them.\n\n#### `shop/tasks.py`\n\n- line 7: "
    )
    assert "**breaking** `call-does-not-bind` (`shop.tasks.send`): " in text
    assert "- `option-misspelt` at `shop/tasks.py:5`: A wrapper of ours reads it." in text
    assert "<summary>1 place not known without running code</summary>" in text
    assert text.count("<details>") == text.count("</details>") == 2


@pytest.mark.parametrize("form", ["gitlab", "junit", "markdown"])
def test_no_format_obeys_what_a_name_holds(shop: Project, form: str) -> None:
    evil = r"@app.task(name='</failure><b>\x1b[31m @all `x` \n::error::', ignore_results=True)"
    shop.write("shop/tasks.py", f"from celery import Celery\napp = Celery('x')\n{evil}\ndef send(key): ...\n")
    text = shop.run("lint", "--format", form).stdout
    assert "\x1b" not in text
    assert "\n::error" not in text
    if form == "junit":
        assert len(ElementTree.fromstring(text).findall(".//testcase")) == 1
    if form == "markdown":
        outside = re.sub(r"(`+).*?(?<!`)\1(?!`)", "", text.replace("\\`", ""), flags=re.DOTALL)
        assert "@" not in outside
        assert "<b>" not in outside


def test_a_problem_can_be_accepted(shop: Project) -> None:
    shop.write("pyproject.toml", ACCEPT)
    document = read_document("lint", shop.run("lint", "--format", "json").stdout)
    assert [problem["rule"] for problem in document["problems"]] == ["call-does-not-bind"]
    assert [each["acceptance"]["reason"] for each in document["accepted"]] == ["A wrapper of ours reads it."]
    shop.write("shop/tasks.py", "")
    done = shop.run("lint")
    assert done.returncode == 0
    assert "matches nothing" in done.stdout


def test_a_fingerprint_is_accepted_by_the_command_that_it_is_of(shop: Project) -> None:
    shop.write("old/tasks.py", TASKS.replace("def send", "def gone(): ...\n@app.task\ndef send"))
    shop.write("new/tasks.py", TASKS)
    compared = ("diff", "./old", "./new", "--format", "json")
    (removed,) = (
        each for each in json.loads(shop.run(*compared).stdout)["findings"] if each["rule"] == "task-removed"
    )
    problem = json.loads(shop.run("lint", "shop", "--format", "json").stdout)["problems"][0]
    shop.write(
        "pyproject.toml",
        "".join(
            f'[[tool.taskcontract.accept]]\nfingerprint = "{each["fingerprint"]}"\nreason = "Known."\n'
            for each in (removed, problem)
        ),
    )
    for command in (("lint", "shop", "--format", "json"), compared):
        document = json.loads(shop.run(*command).stdout)
        assert (len(document["accepted"]), document["notes"]) == (1, []), command


def test_what_an_earlier_report_found_is_known(shop: Project) -> None:
    shop.run("lint", "--format", "json", "-o", "known.json")
    assert shop.run("lint", "--baseline", "known.json").returncode == 0
    shop.write("shop/more.py", "from shop.tasks import send\nsend.delay(1, 2)\n")
    document = read_document("lint", shop.run("lint", "--baseline", "known.json", "--format", "json").stdout)
    assert [problem["place"]["file"] for problem in document["problems"]] == ["shop/more.py"]
    assert [len(document["accepted"]), document["notes"]] == [2, []]


def test_what_is_unknown_and_what_cannot_be_read_is_listed(shop: Project) -> None:
    shop.write("shop/broken.py", "from celery import shared_task\n@shared_task\ndef (:\n")
    document = read_document("lint", shop.run("lint", "--format", "json").stdout)
    assert {each["place"]["file"] for each in document["unresolved"]} == {"shop/broken.py"}


def test_an_empty_folder_has_no_problems(project: Project) -> None:
    done = project.run("lint")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_folder_that_does_not_exist_is_a_mistake(project: Project) -> None:
    done = project.run("lint", "nowhere")
    assert (done.returncode, done.stdout) == (2, "")
    assert "'nowhere' names no commit, folder, file or module" in done.stderr


@pytest.mark.parametrize("source", ["app:shop:app", "live:redis://:hunter@127.0.0.1"])
def test_what_has_no_source_is_refused(project: Project, source: str) -> None:
    done = project.run("lint", source)
    assert (done.returncode, done.stdout) == (2, "")
    assert "no source to look through" in done.stderr
    assert "hunter" not in done.stderr


@pytest.mark.process
@pytest.mark.parametrize("source", [".", "HEAD", "main", "git:", "git:HEAD", "shop-1.0-py3-none-any.whl"])
def test_each_source_has_the_same_problems(shop: Project, source: str) -> None:
    run_git(shop.root, "init", "--quiet", "--initial-branch", "main")
    run_git(shop.root, "add", ".")
    run_git(shop.root, "commit", "--quiet", "--message", "Begin")
    with ZipFile(shop.root / "shop-1.0-py3-none-any.whl", "w") as wheel:
        for name in ("shop/__init__.py", "shop/tasks.py"):
            wheel.write(shop.root / name, name)
    document = read_document("lint", shop.run("lint", source, "--format", "json").stdout)
    found = [(each["rule"], each["place"]) for each in document["problems"]]
    assert [place for _, place in found] == [
        {"file": "shop/tasks.py", "line": 5},
        {"file": "shop/tasks.py", "line": 7},
    ]
    assert [rule for rule, _ in found] == ["option-misspelt", "call-does-not-bind"]


def run_git(folder: Path, *arguments: str) -> None:
    named = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    subprocess.run(["git", *named, *arguments], cwd=folder, check=True, timeout=60)


SENDING = """\
from celery import Celery
app = Celery("shop")

@app.task
def send(key, copy=False): ...

send.delay(1)
send.delay(1, copy=True)
"""


def test_a_diff_of_sources_says_which_old_senders_break(project: Project) -> None:
    project.write("old/shop.py", SENDING)
    project.write("new/shop.py", SENDING.replace("copy=False", "carbon=False").replace("copy=True", ""))
    done = project.run("diff", "old", "new", "--format", "json")
    assert done.returncode == 1
    (finding,) = json.loads(done.stdout)["findings"]
    assert finding["senders"] == {
        "broken": [
            {
                "file": "old/shop.py",
                "line": 8,
                "call": "delay(_, copy=_)",
                "why": "it has no parameter `copy`",
            }
        ],
        "unknown": [],
        "working": 1,
    }
    assert "old/shop.py:8 delay(_, copy=_)" in project.run("diff", "old", "new").stdout
