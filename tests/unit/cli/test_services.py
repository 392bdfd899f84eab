"""Several services in one configuration: which of them a command works on, and with what."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.json_documents import read_document
from tests.support.project import Project
from tests.support.two_services import SERVICES, write_two_services

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Project]:
    """A repository with the services billing and orders, both published."""
    project = Project(tmp_path)
    write_two_services(project, count='"many"')
    assert project.run("snapshot", "--publish").returncode == 0
    yield project
    for name in [f"{service}_app" for service in SERVICES]:
        sys.modules.pop(name, None)


def test_each_is_published_where_its_table_says(two: Project) -> None:
    published = sorted(str(file.relative_to(two.root)) for file in two.root.rglob("*.json"))
    assert published == ["contracts/billing/billing/1.0.0.json", "contracts/orders/1.0.0.json"]


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ((), ["billing", "orders"]),
        (("billing",), ["billing"]),
        (("--service", "orders"), ["orders"]),
        (("--service", "orders", "billing"), ["orders", "billing"]),
        (("bindings.orders",), ["orders"]),
        (("billing", "bindings.orders"), ["billing", "orders"]),
    ],
)
def test_a_command_works_on_those_that_are_named_or_on_all(
    two: Project, arguments: tuple[str, ...], names: list[str]
) -> None:
    done = two.run("snapshot", *arguments, "--publish", "--format", "json")
    assert [each["service"] for each in read_document("snapshot", done.stdout)["services"]] == names


def test_check_reads_each_with_the_policies_and_the_schedule_of_its_own(two: Project) -> None:
    done = two.run("check")
    assert done.returncode == 1
    assert done.stdout.count("Nothing changed that a caller could notice.") == 2
    assert [line.strip() for line in done.stdout.splitlines() if "taken" in line] == [
        "taken for granted: call style keyword, objects open",
        "taken for granted: call style both, objects open",
    ]
    assert done.stderr.splitlines() == [
        "taskcontract: beat: the entry 'nightly' calls orders.book: parameter 'count': input should be a "
        "valid integer; got 'many'"
    ]
    assert two.run("check", "billing").returncode == 0


def test_a_service_is_a_side_of_a_comparison(two: Project) -> None:
    file = two.root / "bindings/billing.py"
    file.write_text(file.read_text().replace("item: str, count: int", "count: int, item: str"))
    done = two.run("diff", "v1", "billing")
    assert (done.returncode, done.stderr) == (0, "")  # its callers write keywords, as its table says
    assert "call style keyword" in done.stdout
    assert two.run("diff", "billing@1", "bindings.billing", "--call-style", "both").returncode == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "--service", "biling"], "no service 'biling' is configured\n  Did you mean 'billing'?"),
        (["usage", "biling"], "no service 'biling' is configured\n  Did you mean 'billing'?"),
        (["usage", "bilings.x"], "there is no module 'bilings.x'"),
        (["snapshot"], "these are several services\n  Name one: bindings.billing, bindings.orders"),
        (["quarantine", "drop", "--yes"], "Say which: --service billing or --service orders."),
        (["quarantine", "replay", "x"], "Say which: --service billing or --service orders."),
        (["retire", "book@1", "--without-usage"], "Say which: billing.book@1, orders.book@1."),
    ],
)
def test_what_is_not_clear_is_asked_for(two: Project, arguments: list[str], said: str) -> None:
    done = two.run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_each_look_at_a_running_system_goes_to_the_app_of_the_service(two: Project) -> None:
    assert "billing.book" not in two.run("inflight", "orders").stdout
    inspected = two.run("inspect", "--timeout", "0.2", "--format", "json")
    services = read_document("inspect", inspected.stdout)["services"]
    assert {name: len(told["beat"]) for name, told in services.items()} == {"billing": 0, "orders": 1}
    assert json.loads(two.run("inflight", "--format", "json").stdout)["queues"] == ["billing", "orders"]
    assert two.run("retire", "billing.book@1", "--without-usage").returncode == 1  # beat calls it
    histories = read_document("changelog", two.run("changelog", "--format", "json").stdout)["tasks"]
    assert [history["service"] for history in histories] == ["billing", "orders"]
    assert (
        read_document("quarantine", two.run("quarantine", "list", "--format", "json").stdout)["messages"]
        == []
    )


def test_the_delegates_of_all_are_written_each_into_a_file_of_its_own(two: Project) -> None:
    def generate(*arguments: str) -> dict[str, str]:
        document = read_document("generate", two.run("generate", *arguments, "--format", "json").stdout)
        return {each["file"]: each["state"] for each in document["files"]}

    both = ["bindings/billing_delegates.py", "bindings/orders_delegates.py"]
    assert generate() == dict.fromkeys(both, "written")
    assert generate("orders") == {both[1]: "up to date"}
    (two.root / both[0]).write_text("")
    assert generate("--check") == {both[0]: "stale", both[1]: "up to date"}
