"""The GitHub action: its inputs are used and described, and its commands compare, comment and fail."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "action.yml").read_text("utf-8")
ACTION: dict[str, Any] = yaml.safe_load(TEXT)
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"] if "name" in step}
DOCUMENT = (ROOT / "docs/ci.md").read_text("utf-8")

TASKCONTRACT = """\
#!/bin/sh
echo "taskcontract $*" >>"$LOG"
while [ $# -gt 0 ]; do
    if [ "$1" = -o ]; then printf '%s\\n' "$REPORT" >"$2"; fi
    shift
done
exit "$CODE"
"""
PYTHON = """\
#!/bin/sh
echo "$*" >>"$LOG"
mkdir -p "$REPORTS/venv/bin"
cp -n "$0" "$REPORTS/venv/bin/python" || :
"""
GH = """\
#!/bin/sh
echo "gh $*" >>"$LOG"
case "$*" in *--jq*) printf '%s' "$OURS" ;; esac
exit "$CODE"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a repository of two branches, and stand-ins for the commands that reach out of it."""
    for name, text in {"taskcontract": TASKCONTRACT, "gh": GH}.items():
        path = tmp_path / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)
    git = "git -c user.name=t -c user.email=t@example.org"
    script = f"""
        git init --quiet --initial-branch main project && cd project
        {git} commit --quiet --allow-empty --message old && git tag old
        {git} checkout --quiet -b change && {git} commit --quiet --allow-empty --message change
        {git} checkout --quiet main && {git} commit --quiet --allow-empty --message other
        git checkout --quiet change
    """
    subprocess.run(["bash", "-ec", script], cwd=tmp_path, check=True, timeout=60)
    return tmp_path


def run(step: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the commands of `step` in the project as GitHub does."""
    variables = dict.fromkeys(STEPS[step]["env"], "") | {
        "PATH": f"{folder}/bin:{os.environ['PATH']}",
        "REPORTS": str(folder),
        "COMMAND": str(folder / "bin/taskcontract"),
        "LOG": str(folder / "log"),
        "CODE": "0",
        "REPORT": "",
        "OURS": "",
        "GITHUB_REPOSITORY": "o/shop",
        "GITHUB_OUTPUT": str(folder / "output"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary"),
    }
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[step]["run"]],
        cwd=folder / "project",
        env={**variables, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def read_log(folder: Path) -> list[str]:
    path = folder / "log"
    return path.read_text().splitlines() if path.exists() else []


def test_each_input_is_used_and_described_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `([\w-]+)` \| (.*?) \| .+ \|$", DOCUMENT, re.MULTILINE))

    assert set(re.findall(r"\binputs\.([\w-]+)", TEXT)) == set(ACTION["inputs"])
    for name, declared in ACTION["inputs"].items():
        assert declared["description"].endswith("."), name
        literal = declared["default"] if "$" not in declared["default"] else ""
        assert rows[name] == f"`{literal}`" if literal else not rows[name].startswith("`"), name


def test_no_command_is_built_from_what_a_caller_says() -> None:
    assert [step["run"] for step in STEPS.values() if "${{" in step.get("run", "")] == []


@pytest.mark.process
@pytest.mark.parametrize("code", ["0", "1"])
def test_the_merge_base_is_compared_with_head_in_each_format(code: str, folder: Path) -> None:
    report = '"ruleId": "a"\n"ruleId": "b"'
    done = run(
        "Compare the tasks",
        folder,
        BASE="main",
        CODE=code,
        OPTIONS="--fail-on \n $(touch x)\n",
        REPORT=report,
    )
    old = subprocess.check_output(["git", "rev-parse", "old"], cwd=folder / "project", text=True).strip()
    same = f"taskcontract diff {old} HEAD --fail-on $(touch x) --format"

    assert (done.returncode, done.stderr) == (0, "")
    assert read_log(folder) == [
        f"{same} github",
        f"{same} markdown -o {folder}/report.markdown",
        f"{same} sarif -o {folder}/report.sarif",
    ]
    assert (folder / "output").read_text() == f"code={code}\nfindings=2\n"
    assert (folder / "summary").read_text() == f"{report}\n"


@pytest.mark.process
def test_a_break_of_a_plain_task_is_annotated_and_counted(folder: Path) -> None:
    tasks = folder / "project/shop.py"
    text = "from celery import shared_task\n\n\n@shared_task\ndef send({}): ...\n"
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org"]
    for parameters in ("order, amount", "order, currency, amount"):
        tasks.write_text(text.format(parameters))
        subprocess.run([*git, "add", "."], cwd=folder / "project", check=True, timeout=60)
        subprocess.run([*git, "commit", "--quiet", "-m", "x"], cwd=folder / "project", check=True, timeout=60)
    command = str(Path(sys.executable).with_name("taskcontract"))
    done = run("Compare the tasks", folder, BASE="HEAD~1", COMMAND=command, REPORTS=str(folder))

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("::error file=shop.py,line=5,title=param-added-required")
    assert (folder / "output").read_text() == "code=1\nfindings=1\n"
    assert "param-added-required" in (folder / "summary").read_text()
    assert "param-added-required" in (folder / "report.sarif").read_text()


@pytest.mark.process
@pytest.mark.parametrize("before", ["0" * 40, "1" * 40], ids=["the first push", "a forced push"])
def test_a_push_with_nothing_before_it_is_compared_with_the_default_branch(before: str, folder: Path) -> None:
    done = run("Compare the tasks", folder, BASE=before, DEFAULT="main")
    old = subprocess.check_output(["git", "rev-parse", "old"], cwd=folder / "project", text=True).strip()

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("::notice title=taskcontract::compared with main")
    assert read_log(folder)[0] == f"taskcontract diff {old} HEAD --format github"


def test_each_event_says_what_it_is_based_on() -> None:
    given = STEPS["Compare the tasks"]["env"]
    of_requests = ("inputs.base", "github.event.pull_request.base.sha", "github.event.merge_group.base_sha")
    assert given["GIVEN"] == f"${{{{ {' || '.join(of_requests)} }}}}"
    assert given["BASE"] == f"${{{{ {' || '.join((*of_requests, 'github.event.before'))} }}}}"


@pytest.mark.process
@pytest.mark.parametrize(
    ("environment", "code", "said"),
    [
        ({"BASE": ""}, 2, "there is nothing to compare with: name a branch or a tag"),
        ({"BASE": "0" * 40}, 2, "there is nothing to compare with"),
        (
            {"BASE": "nowhere", "GIVEN": "nowhere", "DEFAULT": "main"},
            2,
            "nowhere is not in the checkout: give actions/checkout fetch-depth: 0",
        ),
        ({"BASE": "main", "CODE": "2"}, 2, ""),
        ({"BASE": "main", "CODE": "3"}, 3, ""),
    ],
)
def test_what_cannot_be_compared_fails_and_says_what_to_do(
    environment: dict[str, str], code: int, said: str, folder: Path
) -> None:
    done = run("Compare the tasks", folder, **environment)

    assert done.returncode == code
    assert said in done.stdout
    assert done.stdout.startswith("::error title=taskcontract::") or not said
    assert not (folder / "output").exists()


@pytest.mark.process
@pytest.mark.parametrize(
    ("ours", "findings", "last"),
    [
        ("", "2", "gh api --method POST repos/o/shop/issues/7/comments --field body=@{}/comment.md --silent"),
        (
            "12\n34\n",
            "0",
            "gh api --method PATCH repos/o/shop/issues/comments/12 --field body=@{}/comment.md --silent",
        ),
        ("", "0", ""),
    ],
)
def test_there_is_one_comment_and_none_about_nothing(
    ours: str, findings: str, last: str, folder: Path
) -> None:
    (folder / "report.markdown").write_text("Two breaks\n")
    done = run("Comment on the pull request", folder, NUMBER="7", FOLDER="api", OURS=ours, FINDINGS=findings)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert read_log(folder)[1:] == ([last.format(folder)] if last else [])
    assert (folder / "comment.md").read_text() == "<!-- taskcontract api -->\nTwo breaks\n"


@pytest.mark.process
def test_a_long_report_is_cut_at_a_line_and_says_where_the_rest_is(folder: Path) -> None:
    (folder / "report.markdown").write_text(("ä" * 99 + "\n") * 900, "utf-8")
    run("Comment on the pull request", folder, NUMBER="7", FINDINGS="1")
    text = (folder / "comment.md").read_text("utf-8")

    assert len(text) < 65_536
    assert set(text.splitlines()[1:-3]) == {"ä" * 99}
    assert text.endswith("\n\nThe whole report is in the summary of the job.\n")


@pytest.mark.process
def test_a_comment_that_may_not_be_written_is_a_warning(folder: Path) -> None:
    (folder / "report.markdown").write_text("Two breaks\n")
    done = run("Comment on the pull request", folder, NUMBER="7", FINDINGS="2", CODE="1")

    assert done.returncode == 0
    assert done.stdout.startswith("::warning title=taskcontract::no comment could be written")


@pytest.mark.process
def test_the_action_installs_its_own_revision_beside_the_project(folder: Path) -> None:
    fake = folder / "bin/python"
    fake.write_text(PYTHON)
    fake.chmod(0o755)
    done = run(
        "Install taskcontract", folder, PYTHON=str(fake), GITHUB_ACTION_PATH="/action", EXTRAS="diff,s3"
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert read_log(folder) == [
        f"-m venv {folder}/venv",
        "-m pip install --quiet --disable-pip-version-check /action[diff,s3]",
    ]
