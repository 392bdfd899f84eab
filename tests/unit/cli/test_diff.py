"""`taskcontract diff`: the names of the sides, the options, the exit codes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from taskcontract.reporting.formats import FORMATS
from tests.support.project import PUSHER

if TYPE_CHECKING:
    from tests.support.project import Project

OLD = """
from taskcontract import Service

pusher = Service("pusher", queue="pusher")


@pusher.task(version="1.0.0")
def send_to_s3(key: str, content: str) -> str: ...
"""
SWAPPED = OLD.replace("key: str, content: str", "content: str, key: str")


@pytest.fixture
def published(project: Project) -> Project:
    """A project that published 1.0.0 with one version of send_to_s3, and 2.0.0 with two."""
    project.write("bindings/pusher.py", OLD)
    assert project.run("snapshot", "bindings.pusher", "--publish").returncode == 0
    project.write("bindings/pusher.py", PUSHER)
    assert project.run("snapshot", "bindings.pusher", "--publish").returncode == 0
    return project


@pytest.mark.parametrize(
    ("old", "new", "head"),
    [
        ("v1", "v2", "pusher 1.0.0 -> 2.0.0"),
        ("1.0.0", "2", "pusher 1.0.0 -> 2.0.0"),
        ("pusher@1", "pusher@2.0.0", "pusher 1.0.0 -> 2.0.0"),
        ("v1", "bindings.pusher", "pusher 1.0.0 -> 2.0.0"),
        ("contracts/pusher/1.0.0.json", "bindings/pusher.py", "pusher 1.0.0 -> 2.0.0"),
        ("bindings.pusher", "bindings.pusher", "pusher 2.0.0 -> 2.0.0"),
        ("send_to_s3@1", "send_to_s3@2", "send_to_s3 1.0.0 -> 2.0.0"),
        ("pusher.send_to_s3@1.0.0", "send_to_s3@2", "send_to_s3 1.0.0 -> 2.0.0"),
    ],
)
def test_sides_go_by_many_names(published: Project, old: str, new: str, head: str) -> None:
    done = published.run("diff", old, new, "--fail-on", "never")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == head


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("v3", "v1", "no version v3 of pusher is published\n  There is 1.0.0, 2.0.0."),
        ("pusher@7", "v1", "no version 7 of pusher"),
        (
            "mailer@1",
            "v1",
            "'mailer' is neither a published service nor a task",
        ),
        ("send_to_s3@3", "send_to_s3@1", "there is no send_to_s3@3\n  Its versions: "),
        ("send_to_s3@1", "v1", "one is a task, the other a whole service"),
        ("pusher@one", "v1", "'one' is neither a version nor a range"),
        ("nope.json", "v1", "nope.json: cannot be read: No such file"),
        ("app:old:app", "app:new:app", "two apps cannot be imported beside each other"),
        ("bindings", "v1", "bindings: no Celery task was found in this folder"),
        ("main", "HEAD", "'main' names no commit, folder, file or module: this is not a git repository"),
    ],
)
def test_a_side_that_is_not_there_is_named(published: Project, old: str, new: str, said: str) -> None:
    done = published.run("diff", old, new)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_with_several_services_a_version_alone_is_of_the_other_sides(published: Project) -> None:
    published.write("bindings/mailer.py", OLD.replace("pusher", "mailer"))
    assert published.run("snapshot", "bindings.mailer", "--publish").returncode == 0
    unclear = published.run("diff", "v1", "v1")
    assert unclear.returncode == 2
    assert "Say which: mailer@1, pusher@1." in unclear.stderr
    unclear = published.run("diff", "send_to_s3@1", "send_to_s3@2")
    assert unclear.returncode == 2
    assert "mailer.send_to_s3@1, pusher.send_to_s3@1" in unclear.stderr
    assert published.run("diff", "v1", "bindings.mailer").stdout.startswith("mailer 1.0.0 -> 1.0.0\n")


def test_bindings_that_are_configured_are_looked_into_for_tasks(project: Project) -> None:
    project.write("pyproject.toml", "[tool.taskcontract]\nbindings = ['bindings.pusher']\n")
    done = project.run("diff", "send_to_s3@1", "send_to_s3@2", "--format", "json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["new"]["origin"] == "bindings.pusher"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ([], 1),
        (["--fail-on", "never"], 0),
        (["--call-style", "keyword"], 0),
        (["--call-style", "keyword", "--fail-on", "dangerous"], 1),
        (["--call-style", "positional"], 1),
    ],
)
def test_the_exit_code_follows_from_the_policies(published: Project, options: list[str], code: int) -> None:
    published.write("bindings/pusher.py", SWAPPED)
    assert published.run("diff", "v1", "bindings.pusher", *options).returncode == code


def test_a_silent_break_shows_where_the_values_land(published: Project) -> None:
    published.write("bindings/pusher.py", SWAPPED)
    lines = published.run("diff", "v1", "bindings.pusher").stdout.splitlines()
    call = next(index for index, line in enumerate(lines) if line.startswith("    call"))
    assert lines[call].startswith('    call    send_to_s3.delay("')
    assert lines[call + 1].startswith('    sent    app.send_task("pusher.send_to_s3", args=["')
    assert [line[:12] for line in lines[call + 2 : call + 4]] == ["    before  ", "    now     "]
    assert lines[call + 2][12:].startswith("key=")


def test_a_safe_change_is_no_failure(published: Project) -> None:
    done = published.run("diff", "v1", "v2")
    assert done.returncode == 0
    assert "SAFE" in done.stdout
    assert published.run("diff", "v1", "v2", "--fail-on", "safe").returncode == 1


def test_the_report_goes_to_a_file(published: Project) -> None:
    done = published.run("diff", "v1", "v2", "--format", "junit", "-o", "out/report.xml")
    assert (done.returncode, done.stdout) == (0, "")
    assert ElementTree.parse(published.root / "out" / "report.xml").getroot().tag == "testsuites"


def test_what_a_baseline_knows_is_no_failure(published: Project) -> None:
    published.write("bindings/pusher.py", SWAPPED)
    diff = ["diff", "v1", "bindings.pusher"]
    assert published.run(*diff, "--format", "json", "-o", "baseline.json").returncode == 1
    done = published.run(*diff, "--baseline", "baseline.json", "--format", "json", "-o", "baseline.json")
    assert (done.returncode, done.stdout) == (0, "")
    report = json.loads((published.root / "baseline.json").read_text("utf-8"))
    assert report["findings"] == []
    assert {each["acceptance"]["reason"] for each in report["accepted"]} == {"known from baseline.json"}
    # What was known stays known when the baseline is written anew, and what is gone is no remark.
    assert published.run(*diff, "--baseline", "baseline.json").returncode == 0
    assert "note" not in published.run("diff", "v1", "v1", "--baseline", "baseline.json").stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "baseline.json: cannot be read"),
        ("[]", "baseline.json: $: an object is expected here"),
        ("{}", "this is no report of findings"),
        (
            '{"taskcontract_report": 1, "findings": [{}], "accepted": []}',
            "$.findings[0]: 'fingerprint' is missing",
        ),
    ],
)
def test_a_baseline_that_is_none_is_refused(published: Project, text: str | None, said: str) -> None:
    if text is not None:
        published.write("baseline.json", text)
    done = published.run("diff", "v1", "v2", "--baseline", "baseline.json")
    assert done.returncode == 2
    assert said in done.stderr


def test_colour_is_for_terminals_or_who_asks(published: Project) -> None:
    assert "\x1b[" not in published.run("diff", "v1", "v2").stdout
    assert "\x1b[" in published.run("diff", "v1", "v2", FORCE_COLOR="1").stdout
    assert "\x1b[" not in published.run("diff", "v1", "v2", FORCE_COLOR="1", NO_COLOR="1").stdout


def test_the_configuration_is_the_policy(published: Project) -> None:
    published.write("bindings/pusher.py", SWAPPED)
    diff = ["diff", "v1", "bindings.pusher"]
    (finding,) = [
        each
        for each in json.loads(published.run(*diff, "--format", "json").stdout)["findings"]
        if each["severity"] == "breaking"
    ]
    accepted = finding["fingerprint"]
    for body, code in (
        ("fail_on = 'never'", 0),
        ("call_style = 'keyword'", 0),
        ("call_styles = { send_to_s3 = 'keyword' }", 0),
        (f"severity = {{ {finding['rule']} = 'dangerous' }}", 0),
        (f"accept = [{{ fingerprint = '{accepted}', reason = 'x' }}]", 0),
        (f"accept = [{{ rule = '{finding['rule']}', task = 'send_to_s3', reason = 'x' }}]", 0),
        ("accept = [{ rule = 'task-removed', task = 'send_to_s3', reason = 'x' }]", 1),
        (f"accept = [{{ fingerprint = '{accepted}', reason = 'x', expires = 2020-01-01 }}]", 1),
    ):
        published.write("pyproject.toml", f"[tool.taskcontract]\n{body}\n")
        assert (body, published.run(*diff).returncode) == (body, code)
    assert "expired on 2020-01-01" in published.run(*diff).stdout


@pytest.mark.parametrize(
    "body",
    [
        "severity = { param-rename = 'safe' }",
        "accept = [{ rule = 'param-rename', task = 'send_to_s3', reason = 'x' }]",
    ],
)
def test_a_rule_that_does_not_exist_is_a_mistake(published: Project, body: str) -> None:
    published.write("pyproject.toml", f"[tool.taskcontract]\n{body}\n")
    done = published.run("diff", "v1", "v2")
    assert done.returncode == 2
    assert f"{published.root}/pyproject.toml: [tool.taskcontract] {body.split()[0]}" in done.stderr
    assert "'param-renamed'" in done.stderr


def test_the_policies_stand_in_the_head(published: Project) -> None:
    published.write("pyproject.toml", "[tool.taskcontract]\ncall_styles = { send_to_s3 = 'keyword' }\n")
    head = published.run("diff", "v1", "v2", "--call-style", "positional").stdout.splitlines()[3]
    assert (
        head == "  taken for granted: call style positional, objects open, call style of send_to_s3 keyword"
    )


HARD = """
from typing import Annotated

from pydantic import Field
from taskcontract import Service

{name} = Service("{name}", queue="{name}")


@{name}.task(version="1.0.0")
def hard({parameters}) -> str: ...
"""


def write_hard(project: Project, name: str, count: int) -> None:
    """A module whose parameters take an engine long to compare with those of another `count`."""
    pattern = f"^(a|b)*a(a|b){{{{{count}}}}}$"
    parameters = [
        f'p{at}: Annotated[str, Field(pattern="{pattern}", max_length={99 - at})]' for at in range(5)
    ]
    text = HARD.format(name=name, parameters=", ".join(parameters).replace("{{", "{").replace("}}", "}"))
    project.write(f"bindings/{name}.py", text)


@pytest.mark.parametrize("form", FORMATS)
def test_a_budget_that_is_used_up_is_said_once_in_every_format(project: Project, form: str) -> None:
    write_hard(project, "shop", 14)
    assert project.run("snapshot", "bindings.shop", "--publish").returncode == 0
    write_hard(project, "shop", 15)
    done = project.run("diff", "v1", "bindings.shop", "--budget", "20_000", "--format", form)
    assert (done.returncode, done.stderr) == (0, "")  # as for what is undecided anyway
    said = (
        "the budget of 20,000 steps for all proofs is used up: 5 signatures and types are left undecided; "
        "give it more with --budget 200000"
    )
    assert done.stdout.count(said) == 1
    grave = project.run("diff", "v1", "bindings.shop", "--budget", "20000", "--fail-on", "dangerous")
    assert grave.returncode == 1
    assert grave.stdout.count("DANGEROUS  payload-undecided (undecided)") == 5


def test_services_of_one_check_share_a_budget(project: Project) -> None:
    write_hard(project, "one", 14)
    project.write("bindings/two.py", HARD.format(name="two", parameters="p: int"))
    for name in ("one", "two"):
        assert project.run("snapshot", f"bindings.{name}", "--publish").returncode == 0
    write_hard(project, "one", 15)
    project.write("bindings/two.py", HARD.format(name="two", parameters="p: str"))
    alone = project.run("check", "bindings.two", "--budget", "20000")
    assert "payload-type-replaced" in alone.stdout
    assert "the budget" not in alone.stdout
    done = project.run("check", "bindings.one", "bindings.two", "--budget", "20000")
    after = done.stdout.split("two 1.0.0 -> 1.0.0")[1]
    assert "payload-undecided (undecided)  parameters.p " in after
    assert "steps for all proofs is used up: one signature or type is left undecided; give it more" in after


@pytest.mark.parametrize("steps", ["0", "-1", "many", "1e9", "9" * 20, "\u0663", ""])
def test_a_budget_is_a_number_of_steps(project: Project, steps: str) -> None:
    done = project.run("diff", "v1", "v2", f"--budget={steps}")
    assert (done.returncode, done.stdout) == (2, "")
    assert "is not a number of steps: write a whole number from 1" in done.stderr


def test_two_files_that_are_one_module_to_python_are_refused(project: Project) -> None:
    project.write("old/bindings.py", OLD)
    project.write("new/bindings.py", SWAPPED)
    project.write("new/json.py", OLD)
    for old, new, told in (
        ("old/bindings.py", "new/bindings.py", "the module bindings is another file in this process: "),
        ("old/bindings.py", "new/json.py", "the module json is another file in this process: "),
    ):
        done = project.run("diff", old, new)
        assert (done.returncode, done.stdout) == (2, "")
        assert told in done.stderr
        assert "taskcontract snapshot" in done.stderr
    assert project.run("snapshot", "old/bindings.py", "-o", "old.json").returncode == 0
    assert "param-reordered" in project.run("diff", "old.json", "new/bindings.py").stdout


@pytest.mark.parametrize("command", [("diff", "old.json", "old.json"), ("snapshot", "bindings.pusher")])
def test_the_patience_with_running_workers_can_be_said(published: Project, command: tuple[str, ...]) -> None:
    assert published.run("snapshot", "bindings.pusher", "-o", "old.json").returncode == 0
    assert published.run(*command, "--timeout", "0.5").returncode == 0
    done = published.run(*command, "--timeout", "0")
    assert (done.returncode, "--timeout" in done.stderr) == (2, True)
