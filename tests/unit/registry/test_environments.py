"""What runs where, and what is known of it there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from taskcontract.errors import RegistryError
from taskcontract.registry.environments import record_end, record_start
from taskcontract.registry.publishing import Publication, publish
from taskcontract.registry.records import Environment, How, Run, Running
from tests.support.registries import make_contract, make_spec

if TYPE_CHECKING:
    from taskcontract.registry.registry import Registry

AT, BY = "2026-11-28T10:00:00Z", "ci"


def run(
    registry: Registry,
    version: str,
    environment: str = "production",
    how: How = "deployed",
    instance: str = "",
) -> Environment:
    published = publish(registry, Publication("a", version, AT, BY)).version
    return record_start(registry, environment, Running(published, how, instance, AT, BY), new=True)


def versions(registry: Registry, environment: str = "production") -> list[str]:
    return [each.published.version for each in registry.get_environment(environment).running]


def test_a_deployed_version_takes_the_place_of_the_one_before(registry: Registry) -> None:
    run(registry, "1")
    run(registry, "2")
    assert versions(registry) == ["2"]
    run(registry, "2")
    assert registry.get_environment("production").change == 2, "the same again changes nothing"
    run(registry, "1", "staging")
    assert registry.list_environments() == ("production", "staging")
    assert versions(registry) == ["2"]


def test_instances_and_releases_run_beside_one_another(registry: Registry) -> None:
    for version, how, instance in (
        ("1", "released", ""),
        ("2", "released", ""),
        ("2", "released", ""),
        ("3", "deployed", "blue"),
        ("4", "deployed", "green"),
        ("5", "deployed", "blue"),
    ):
        run(registry, version, how=how, instance=instance)  # type: ignore[arg-type]
    assert versions(registry) == ["1", "2", "4", "5"]


def test_an_end_is_recorded_of_what_runs(registry: Registry) -> None:
    run(registry, "1", instance="blue")
    run(registry, "2", instance="green")
    assert [each.published.version for each in record_end(registry, "production", "a", instance="blue")] == [
        "1"
    ]
    with pytest.raises(RegistryError, match="a 1 does not run in production: a 2 does"):
        record_end(registry, "production", "a", "1")
    record_end(registry, "production", "a")
    assert versions(registry) == []
    with pytest.raises(RegistryError, match="nothing of it"):
        record_end(registry, "production", "a")


def test_an_environment_is_named_once(registry: Registry) -> None:
    published = publish(registry, Publication("a", "1", AT, BY)).version
    with pytest.raises(RegistryError, match="no environment 'production'"):
        record_start(registry, "production", Running(published))
    run(registry, "1")
    with pytest.raises(RegistryError, match="Did you mean 'production'"):
        record_start(registry, "prodution", Running(published))
    with pytest.raises(RegistryError, match="an environment 'production' already"):
        run(registry, "1", "Production")


def test_what_is_published_later_of_a_version_that_runs_is_known_there(registry: Registry) -> None:
    run(registry, "1")
    contract = make_contract("a", "b")
    publish(registry, Publication("a", "1", AT, BY, spec=make_spec("a"), contracts=(contract,)))
    publish(registry, Publication("a", "1", AT, BY, runs=(Run("t", "ci", frozenset({"d"})),)))
    (running,) = registry.get_environment("production").running
    assert running.published == registry.get_version("a", "1")
    assert running.published.find_result("d") is not None
    assert running.published.find_contract("b") is not None
