"""Every command that reports has `--format json`, whose document keeps to the schema in the package."""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from taskcontract.cli.group import COMMANDS
from taskcontract.registry.environments import record_start
from taskcontract.registry.folder_store import FolderStore
from taskcontract.registry.publishing import Publication, publish
from taskcontract.registry.records import Running
from taskcontract.registry.registry import Registry
from taskcontract.usage.call_shape import OTHER_SHAPE
from taskcontract.usage.file_store import FileStore
from taskcontract.usage.use import ShapeUse, Use, UseKey
from tests.support.project import Project
from tests.support.registries import make_contract, make_spec
from tests.support.two_services import SERVICES, write_two_services

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

SECOND = """

@billing.task(version="2.0.0", supersedes=book)
def book_v2(item: str, count: int, note: str) -> str: ...
"""

PLAIN = """
from celery import shared_task


@shared_task
def pack(order): ...
"""

REPORTS = {
    "diff": ["diff v1 bindings.orders", "diff billing.book@1 billing.book@2", "diff billing@1 billing"],
    "lint": ["lint", "lint bindings"],
    "check": ["check", "check orders", "check bindings.billing"],
    "snapshot": [
        "snapshot",
        "snapshot orders",
        "snapshot --publish 9.0.0 billing",
        "snapshot orders -o spec.json",
    ],
    "catalogue": [
        "catalogue --out pages",
        "catalogue --out pages --versions 1",
        "catalogue --out pages --registry registry",
    ],
    "generate": ["generate", "generate --check"],
    "explain": ["explain param-renamed task-removed"],
    "rules": ["rules"],
    "init": ["init --dry-run", "init --dry-run --ci gitlab"],
    "adopt": ["adopt --service plain -o plain"],
    "scaffold": [
        "scaffold adapter billing.book@1 billing.book@2 --provider billing_app:provider",
        "scaffold adapter billing.book@1 billing.book@2 --provider billing_app:provider -o adapters.py",
    ],
    "changelog": ["changelog", "changelog book"],
    "usage": ["usage", "usage orders --days 3", "usage --shapes"],
    "observe": ["observe --app orders_app"],
    "inflight": ["inflight", "inflight --queue other", "inflight --against billing@1", "inflight --sample 2"],
    "retire": ["retire orders.book@1 --without-usage", "retire orders.book@1"],
    "inspect": ["inspect --timeout 0.2"],
    "quarantine": ["quarantine list", "quarantine show", "quarantine drop --yes --service orders"],
    "publish": [
        "publish billing 1 --branch main --tag prod --registry other",
        "publish billing 2 --registry registry",
    ],
    "fetch": ["fetch billing -o fetched --registry registry"],
    "record-deployment": [
        "record-deployment billing 1 --to staging --new --instance blue --registry registry"
    ],
    "record-release": ["record-release billing 1 --to customers --new --registry registry"],
    "record-undeployment": ["record-undeployment orders --from old --registry registry"],
    "can-i-deploy": [
        "can-i-deploy billing 1 --to production --compatibility full --registry registry",
        "can-i-deploy shop 1 --to production --registry registry",
    ],
    "matrix": ["matrix --registry registry", "matrix --changed-since 1d --registry registry"],
}
"""Each command as a user calls it."""
PRINTS_NO_REPORT = {"completion", "export", "metrics"}  # the last prints what Prometheus reads


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A repository with two services, published and counted; billing has a second version by now."""
    project = Project(tmp_path_factory.mktemp("two"))
    write_two_services(project, count='"many"')
    assert project.run("snapshot", "--publish").returncode == 0
    (project.root / "plain_tasks.py").write_text(PLAIN)
    bindings = project.root / "bindings/billing.py"
    bindings.write_text(bindings.read_text() + SECOND)
    _fill_registry(project)
    store = FileStore(project.root / "usage.sqlite")
    for name in SERVICES:
        use = Use(UseKey(name, f"{name}.book", "1.0.0", "web"), 3, time.time())
        store.add(name, [use], time.time() - 90_000)
        plain = Use(UseKey(name, f"{name}.plain", "", "web"), 3, time.time())
        store.add(name, [plain], time.time(), [ShapeUse(plain.key, '[["string"],{}]', 3, time.time())])
        sent = ['[["string:\\"a\\""],{"meta":"object"}]', OTHER_SHAPE]
        store.add(name, [use], time.time(), [ShapeUse(use.key, each, 1, time.time()) for each in sent])
    yield project
    for name in SERVICES:
        sys.modules.pop(f"{name}_app", None)


def _fill_registry(project: Project) -> None:
    """Publish both services and a consumer of one, which was refused there, and run them."""
    registry = Registry(FolderStore(project.root / "registry"))
    registry.begin()
    spec = make_spec("billing", key={"type": "integer"})
    contract = make_contract("shop", "billing", "a.json")
    for publication in (
        Publication("billing", "1", "t", "ci", branch="main", spec=spec),
        Publication("orders", "1", "t", "ci", spec=make_spec("orders")),
        Publication("shop", "1", "t", "ci", branch="main", contracts=(contract,)),
    ):
        published = publish(registry, publication).version
        for environment in ("production", "old"):
            record_start(registry, environment, Running(published, "deployed", "", "t", "ci"), new=True)


def test_every_command_is_tried_or_known_to_report_nothing() -> None:
    assert {*REPORTS, *PRINTS_NO_REPORT} == set(COMMANDS)
    for name in REPORTS:
        module = import_module(f"taskcontract.cli.{name.replace('-', '_')}")
        options = [each for param in module.run.params for each in param.opts]
        assert "--format" in options, name


@pytest.mark.parametrize("command", [each for calls in REPORTS.values() for each in calls])
def test_the_document_keeps_to_its_schema(two: Project, command: str, tmp_path: Path) -> None:
    name = command.split()[0]
    done = two.run(*command.split(), "--format", "json", TASKCONTRACT_USAGE=str(two.root / "usage.sqlite"))
    assert done.returncode in (0, 1), done.stderr
    document = json.loads(done.stdout)
    schema = json.loads((files("taskcontract.reporting") / "schemas" / f"{name}.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(document)
    number = next(iter(document)) if name not in ("diff", "check") else None
    assert number in (None, f"taskcontract_{name.replace('-', '_')}")


def test_each_schema_is_of_a_command_and_refuses_another_form() -> None:
    for file in (files("taskcontract.reporting") / "schemas").iterdir():
        name = file.name.removesuffix(".json")
        assert name in REPORTS
        validator = Draft202012Validator(json.loads(file.read_text("utf-8")))
        assert not validator.is_valid({})
        assert not validator.is_valid({f"taskcontract_{name.replace('-', '_')}": 2})


def test_the_reports_of_a_check_are_those_of_a_diff() -> None:
    folder = files("taskcontract.reporting") / "schemas"
    diff, check = (json.loads((folder / f"{name}.json").read_text("utf-8")) for name in ("diff", "check"))
    report = check["$defs"].pop("report")
    assert check["$defs"] == diff.pop("$defs")
    assert report == {
        key: value for key, value in diff.items() if key not in ("$schema", "title", "description")
    }
