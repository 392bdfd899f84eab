"""The workflows around a registry: described, and run on the repositories that the page sets up."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from demo.s3 import connect, make_environment, serve_s3
from tests.support.called_workflow import CalledWorkflow, Runner
from tests.support.document import make_path
from tests.support.markdown_blocks import read_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
NAMES = ("registry", "record")
TEXTS = {name: (ROOT / f".github/workflows/{name}.yml").read_text("utf-8") for name in NAMES}
WORKFLOWS: dict[str, dict[Any, Any]] = {name: yaml.safe_load(text) for name, text in TEXTS.items()}
DOCUMENT = (ROOT / "docs/ci-registry.md").read_text("utf-8")
FILES = {block.path: block.text for block in read_blocks(DOCUMENT) if block.kind == "file"}
CALLS = {
    (path, name): job
    for path, text in FILES.items()
    if path.endswith(".yml")
    for name, job in yaml.safe_load(text)["jobs"].items()
    if "uses" in job
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["inputs", "secrets"])
def test_what_is_used_is_declared_and_the_other_way_round(name: str, kind: str) -> None:
    used = set(re.findall(rf"\b{kind}\.([\w-]+)", TEXTS[name]))

    assert used == set(WORKFLOWS[name][True]["workflow_call"][kind])


@pytest.mark.parametrize("name", NAMES)
def test_each_input_and_secret_is_described_with_its_default(name: str) -> None:
    section = DOCUMENT.partition(f"## `{name}.yml`")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| `([\w-]+)` \| (.*?) \| .+ \|$", section, re.MULTILINE))
    call = WORKFLOWS[name][True]["workflow_call"]

    assert list(rows.keys() ^ call["inputs"].keys()) == []
    for key, declared in call["inputs"].items():
        assert declared["description"].endswith("."), key
        default = declared.get("default", "")
        literal = str(default).lower() if isinstance(default, bool) else str(default)
        assert rows[key] == f"`{literal}`" if literal else not rows[key].startswith("`"), key
        assert (rows[key] == "needed") == declared.get("required", False), key
    for key, declared in call["secrets"].items():
        assert f"`{key}`" in DOCUMENT
        assert declared["required"] is False


@pytest.mark.parametrize("name", NAMES)
def test_no_command_is_built_from_what_a_caller_says(name: str) -> None:
    [job] = WORKFLOWS[name]["jobs"].values()

    assert [step["run"] for step in job["steps"] if "${{" in step.get("run", "")] == []


def test_brokers_and_actions_are_those_of_the_workflow_without_a_registry() -> None:
    other = yaml.safe_load((ROOT / ".github/workflows/verify.yml").read_text("utf-8"))["jobs"]["verify"]
    job = WORKFLOWS["registry"]["jobs"]["registry"]
    used = {
        step["uses"]
        for name in NAMES
        for one in WORKFLOWS[name]["jobs"].values()
        for step in one["steps"]
        if "uses" in step
    }

    assert job["services"] == other["services"]
    assert {each.partition("@")[0] for each in used - {step.get("uses") for step in other["steps"]}} == {
        "aws-actions/configure-aws-credentials"
    }
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", each) for each in used)


def test_the_policies_on_the_page_are_json_and_allow_what_the_registry_needs() -> None:
    policy, trust = (
        json.loads(text) for text in re.findall(r"^```json\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)
    )
    actions = {
        action
        for each in policy["Statement"]
        for action in ([each["Action"]] if isinstance(each["Action"], str) else each["Action"])
    }

    assert actions == set(re.findall(r"`(s3:\w+)`", (ROOT / "docs/registry.md").read_text("utf-8")))
    assert [each["Action"] for each in trust["Statement"]] == ["sts:AssumeRoleWithWebIdentity"]


@pytest.mark.parametrize(("path", "name"), CALLS)
def test_the_workflows_on_the_page_give_what_is_taken(path: str, name: str) -> None:
    job = CALLS[path, name]
    workflow = WORKFLOWS[re.findall(r"/(\w+)\.yml@", job["uses"])[0]]
    inputs = workflow[True]["workflow_call"]["inputs"]
    [called] = workflow["jobs"].values()

    assert (
        {key for key, declared in inputs.items() if declared.get("required")}
        <= set(job["with"])
        <= set(inputs)
    )
    assert job["permissions"] == called["permissions"]


@pytest.fixture(scope="module")
def s3_url() -> Iterator[str]:
    with serve_s3() as url:
        connect(url).create_bucket(Bucket="our-contracts")
        yield url


class Pipelines:
    """The repositories of the page, and their workflows on the S3 at `url`, with keys in place of a role."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self._url = url
        self._count = 0
        for path, text in FILES.items():
            self.write(path, text)

    def write(self, path: str, text: str) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text)

    def call(self, path: str, name: str, sha: str, **changed: str) -> tuple[int, Runner]:
        """Run the job `name` of the workflow at `path` on a commit; its exit code, and what it left."""
        job = CALLS[path, name]
        keys = make_environment(self._url)
        given = {"install": "true", "endpoint-url": self._url, **job["with"], **changed}
        given["registry"] += f"/{self.folder.name}"
        secrets = {
            "aws-access-key-id": keys["AWS_ACCESS_KEY_ID"],
            "aws-secret-access-key": keys["AWS_SECRET_ACCESS_KEY"],
        }
        workflow = WORKFLOWS[re.findall(r"/(\w+)\.yml@", job["uses"])[0]]
        self._count += 1
        environment = {
            "PATH": make_path(os.environ),
            "HOME": str(self.folder),
            "PYTHONPATH": str(self.folder / "store"),  # where shop has the bindings from
            "GITHUB_REF_NAME": "main",
        }
        runner = Runner(self.folder / f"job-{self._count}", environment)
        code = CalledWorkflow(workflow, given, secrets).run(self.folder / path.partition("/")[0], runner, sha)
        return code, runner


ASK = "Ask whether it may be deployed"
REPLAY = "Replay them on a live worker, and publish what came of it"
STORE, SHOP = "store/.github/workflows/contracts.yml", "shop/.github/workflows/contracts.yml"
DEPLOY = "shop/.github/workflows/deploy.yml"


@pytest.mark.process
@pytest.mark.live
def test_both_repositories_build_ask_and_deploy(s3_url: str, tmp_path: Path) -> None:
    pipelines = Pipelines(tmp_path, s3_url)

    code, job = pipelines.call(STORE, "contracts", "a1", environment="")
    assert code == 0, job.outputs
    assert (
        "store a1 published: API 1.0.0 (branch main, s3://our-contracts/registry/"
        in job.outputs["Publish the API and the contracts"]
    )
    assert job.outputs[REPLAY] == "::notice::no consumer has a contract with this service yet\n"
    assert ASK not in job.outputs

    code, job = pipelines.call(DEPLOY, "recorded", "a1", service="store")
    assert (code, job.outputs["Record it"].count("there is no environment 'production'")) == (2, 1)
    code, job = pipelines.call(DEPLOY, "recorded", "a1", service="store", new="true")
    assert (code, job.outputs["Record it"]) == (0, "store a1 is deployed to production\n")

    code, job = pipelines.call(SHOP, "contracts", "b1")
    assert code == 2, job.outputs
    assert job.summary.startswith("### it is not known whether shop b1 may go to production"), job.summary

    code, job = pipelines.call(STORE, "contracts", "a1")  # scheduled, on the same commit
    assert code == 0, job.outputs
    assert "store a1 added to: API 1.0.0, 1 replayed interaction" in job.outputs[REPLAY]
    assert "### store a1 may go to production" in job.summary

    code, job = pipelines.call(SHOP, "contracts", "b1")
    assert code == 0, job.outputs
    assert job.summary.startswith("### shop b1 may go to production")
    assert job.summary == job.outputs[ASK]
    code, job = pipelines.call(DEPLOY, "recorded", "b1")
    assert (code, job.outputs["Record it"]) == (0, "shop b1 is deployed to production\n")

    bindings, worker = FILES["store/store_bindings.py"], FILES["store/worker.py"]
    pipelines.write(
        "store/store_bindings.py",
        bindings.replace("(key: str", "(tenant: str, key: str").replace("1.0.0", "1.1.0"),
    )
    pipelines.write("store/worker.py", worker.replace("(key: str", "(tenant: str, key: str"))
    code, job = pipelines.call(STORE, "contracts", "a2")
    assert code == 1, job.outputs
    assert "store a2 added to: API 1.1.0, 1 replayed interaction" in job.outputs[REPLAY]
    assert "### store a2 may not go to production" in job.summary

    code, job = pipelines.call(DEPLOY, "recorded", "", service="shop", version="b1", what="undeployment")
    assert (code, job.outputs["Record it"]) == (0, "shop b1 no longer runs in production\n")


@pytest.mark.process
@pytest.mark.parametrize(
    ("path", "name", "changed", "step", "output"),
    [
        (STORE, "contracts", {"broker": "kafka"}, REPLAY, "::error::the input broker is neither redis"),
        (DEPLOY, "recorded", {"what": "rollback"}, "Record it", "::error::the input what is neither"),
        (SHOP, "contracts", {"record": "false\ntouch made"}, "Record what it relies on", ""),
        (
            SHOP,
            "contracts",
            {"record": "", "service": "$(touch made)"},
            "Publish the API and the contracts",
            "taskcontract: ",
        ),
    ],
)
def test_what_is_wrong_ends_the_job_with_what_it_is(
    path: str, name: str, changed: dict[str, str], step: str, output: str, s3_url: str, tmp_path: Path
) -> None:
    pipelines = Pipelines(tmp_path, s3_url)
    if "broker" in changed:  # it is looked at where something is replayed
        assert pipelines.call(STORE, "contracts", "a1", environment="")[0] == 0
        assert pipelines.call(SHOP, "contracts", "b1", environment="")[0] == 0
    code, job = pipelines.call(path, name, "c1", **changed)

    assert code == (1 if "record" in changed and not output else 2), job.outputs
    assert job.outputs[step].startswith(output)
    assert [*tmp_path.glob("*/made")] == []


@pytest.mark.process
def test_what_the_page_shows_is_valid_for_github(tmp_path: Path) -> None:
    for path, text in FILES.items():
        if path.endswith(".yml"):
            file = tmp_path / path.replace("/", "-")
            file.write_text(text.replace("@REVISION", f"@{'0' * 40}"))
    command = str(Path(sys.executable).with_name("check-jsonschema"))
    done = subprocess.run(
        [command, "--builtin-schema", "vendor.github-workflows", *map(str, tmp_path.iterdir())],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stdout
