"""The workflow for other repositories: what it declares is used and described, and its commands do that."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / ".github/workflows/verify.yml").read_text("utf-8")
WORKFLOW: dict[Any, Any] = yaml.safe_load(TEXT)
CALL = WORKFLOW[True]["workflow_call"]  # YAML 1.1 takes `on` for a truth value
STEPS = {step["name"]: step for step in WORKFLOW["jobs"]["verify"]["steps"] if "name" in step}
DOCUMENT = (ROOT / "docs/ci.md").read_text("utf-8")


@pytest.mark.parametrize("kind", ["inputs", "secrets"])
def test_what_is_used_is_declared_and_the_other_way_round(kind: str) -> None:
    used = set(re.findall(rf"\b{kind}\.([\w-]+)", TEXT))

    assert used == set(CALL[kind])


def test_each_input_is_described_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `([\w-]+)` \| (.*?) \| .+ \|$", DOCUMENT, re.MULTILINE))

    for name, declared in CALL["inputs"].items():
        assert declared["description"].endswith("."), name
        if declared["default"] == "":
            assert not rows[name].startswith("`"), name
        else:
            assert rows[name] == f"`{declared['default']}`", name


def test_each_secret_is_described_and_may_be_left_out() -> None:
    for name, declared in CALL["secrets"].items():
        assert f"| `{name}` |" in DOCUMENT
        assert declared["required"] is False


def test_no_command_is_built_from_what_a_caller_says() -> None:
    assert [step["run"] for step in STEPS.values() if "${{" in step.get("run", "")] == []


REPORTS = [
    "--junitxml",
    "/reports/contracts.xml",
    "--taskcontract-html",
    "/reports/contracts.html",
    "--taskcontract-markdown",
    "/summary.md",
]


def run(step: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the commands of `step` as GitHub does, with all of its variables."""
    variables = dict.fromkeys(STEPS[step]["env"], "") | {
        "GITHUB_WORKSPACE": "/checkout",
        "REPORTS": "/reports",
        "GITHUB_STEP_SUMMARY": "/summary.md",
    }
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[step]["run"]],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **variables, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.process
@pytest.mark.parametrize(
    ("environment", "arguments"),
    [
        ({}, REPORTS),
        (
            {"BROKER": "redis"},
            ["--taskcontract-broker", "redis://127.0.0.1:6379/0", *REPORTS],
        ),
        (
            {"BROKER": "rabbitmq", "CONTRACTS": "contracts  more/shop--stock.json"},
            [
                "--taskcontract-broker",
                "amqp://guest:guest@127.0.0.1:5672//",
                *REPORTS,
                "contracts",
                "more/shop--stock.json",
            ],
        ),
        (
            {"BROKER": "amqp://there//", "REPOSITORY": "o/contracts", "FOLDER": "of stock"},
            [
                "--taskcontract-broker",
                "amqp://there//",
                *REPORTS,
                "/checkout/.fetched-contracts/of stock",
            ],
        ),
        (
            {"CONTRACTS": "$(touch made) `touch made`"},
            [*REPORTS, "$(touch", "made)", "`touch", "made`"],
        ),
    ],
)
def test_the_command_is_given_the_broker_the_report_and_the_contracts(
    environment: dict[str, str], arguments: list[str], tmp_path: Path
) -> None:
    done = run("Replay the contracts", tmp_path, COMMAND="printf '%s\\n' verify", **environment)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["verify", *arguments]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.process
@pytest.mark.parametrize(
    ("environment", "code", "output"),
    [
        (
            {"BROKER": "kafka", "COMMAND": "echo"},
            2,
            "::error::the input broker is neither redis nor rabbitmq",
        ),
        ({"COMMAND": "exit 3;"}, 3, ""),
    ],
)
def test_what_fails_fails_the_step(
    environment: dict[str, str], code: int, output: str, tmp_path: Path
) -> None:
    done = run("Replay the contracts", tmp_path, **environment)

    assert done.returncode == code
    assert done.stdout.startswith(output)


@pytest.mark.process
def test_the_install_commands_see_a_private_index_where_there_is_one(tmp_path: Path) -> None:
    show = 'false || true\necho "${PIP_INDEX_URL-none} ${UV_DEFAULT_INDEX-none} ${INDEX_URL-none}"'
    index = "https://user:word@index.example/simple"

    assert run("Install the project", tmp_path, COMMANDS=show).stdout == "none none none\n"
    assert (
        run("Install the project", tmp_path, COMMANDS=show, INDEX_URL=index).stdout
        == f"{index} {index} none\n"
    )
    assert run("Install the project", tmp_path, COMMANDS="false\necho on").returncode == 1


def test_a_broker_is_started_where_it_is_named() -> None:
    services = WORKFLOW["jobs"]["verify"]["services"]

    assert {name: service["image"] for name, service in services.items()} == {
        "redis": "${{ inputs.broker == 'redis' && 'redis:8.2-alpine' || '' }}",
        "rabbitmq": "${{ inputs.broker == 'rabbitmq' && 'rabbitmq:4.1-alpine' || '' }}",
    }
    ours = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text("utf-8"))["jobs"]["tests"]["services"]
    for name, service in services.items():
        assert f"'{ours[name]['image']}'" in service["image"]
        assert (service["ports"], service["options"]) == (ours[name]["ports"], ours[name]["options"])
