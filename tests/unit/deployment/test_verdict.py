"""Whether versions may go out: each reason there is for an answer, and each order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from taskcontract.deployment.verdict import may_deploy
from taskcontract.errors import ConfigError
from taskcontract.model.contract import ANYTHING, Contract, Generator, Interaction
from taskcontract.model.service import ServiceSpec
from taskcontract.registry.environments import record_start
from taskcontract.registry.publishing import Publication, publish
from taskcontract.registry.records import How, Run, Running
from taskcontract.registry.store import MemoryStore
from tests.support.registries import TEXT, begin, make_contract, make_spec

if TYPE_CHECKING:
    from taskcontract.deployment.cells import Cell
    from taskcontract.deployment.verdict import Verdict

TODAY = date(2026, 11, 28)
NUMBER = {"type": "integer"}


class World:
    """A registry with pusher and its consumers, in which tests say what is published and runs."""

    def __init__(self) -> None:
        self.registry = begin(MemoryStore())

    def publish(self, service: str, version: str, **parts: Any) -> None:
        publish(self.registry, Publication(service, version, at="t", by="ci", **parts))

    def verify(self, version: str, *contracts: Contract, failed: str = "") -> None:
        """Say that all interactions of `contracts` passed, or failed, on a version of pusher."""
        from taskcontract.registry.publishing import shorten_digest
        from taskcontract.registry.results import digest_of

        digests = {shorten_digest(digest_of(each)) for one in contracts for each in one.interactions}
        run = (
            Run("t", "ci", frozenset(), dict.fromkeys(digests, failed))
            if failed
            else Run("t", "ci", frozenset(digests))
        )
        self.publish("pusher", version, runs=(run,))

    def run(self, service: str, version: str, how: How = "deployed", instance: str = "") -> None:
        running = Running(self.registry.get_version(service, version), how, instance, "t", "ci")
        record_start(self.registry, "production", running, new=True)

    def ask(self, *words: str, mode: str = "") -> Verdict:
        there = self.registry.find_environment("production")
        wanted = [
            self.registry.get_version(service, version)
            for service, version in zip(words[::2], words[1::2], strict=True)
        ]
        return may_deploy(self.registry, there, wanted, TODAY, mode)

    def only_cell(self, *words: str) -> Cell:
        (step,) = self.ask(*words).steps
        (cell,) = step.cells
        return cell


@pytest.fixture
def world() -> World:
    """pusher 1 and service-a 1 run, and the one's contract passed on the other."""
    made = World()
    contract = make_contract("service-a", "pusher")
    made.publish("pusher", "1", spec=make_spec("pusher"), branch="main")
    made.publish("service-a", "1", contracts=(contract,), branch="main")
    made.verify("1", contract)
    made.run("pusher", "1")
    made.run("service-a", "1")
    return made


def test_what_passed_on_a_live_worker_may_go(world: World) -> None:
    world.publish("pusher", "2")
    world.verify("2", make_contract("service-a", "pusher"))
    cell = world.only_cell("pusher", "2")
    assert (cell.answer, cell.outcome, cell.interactions) == ("yes", "verified", 1)
    assert (cell.consumer, cell.consumer_version, cell.provider, cell.provider_version) == (
        "service-a",
        "1",
        "pusher",
        "2",
    )


def test_what_failed_on_a_live_worker_may_not(world: World) -> None:
    world.publish("pusher", "2", spec=make_spec("pusher"))
    world.verify("2", make_contract("service-a", "pusher"), failed="$.url: it is gone")
    cell = world.only_cell("pusher", "2")
    assert (cell.answer, cell.outcome) == ("no", "failed")
    (trouble,) = cell.troubles
    assert (trouble.description, trouble.why) == ("sends 'a.json'", "$.url: it is gone")
    assert trouble.call == 'pusher.send("a.json")'


def test_a_change_that_is_proved_safe_needs_no_run(world: World) -> None:
    spec = make_spec("pusher")
    (task,) = spec.tasks
    more = replace(task, name="other", wire_name="pusher.other")
    world.publish("pusher", "2", spec=replace(spec, tasks=(more, task)))
    cell = world.only_cell("pusher", "2")
    assert (cell.answer, cell.outcome) == ("yes", "proved")
    assert "passed on 1" in cell.reason
    assert world.ask("pusher", "2").steps[0].workers_first, "new callers may call what old workers lack"


def test_a_change_that_breaks_others_is_proved_safe_for_this_very_call(world: World) -> None:
    world.publish("pusher", "2", spec=make_spec("pusher", key={"enum": ["a.json", "b.json"]}))
    assert world.only_cell("pusher", "2").outcome == "proved"
    world.publish("pusher", "3", spec=make_spec("pusher", key={"enum": ["b.json", "c.json"]}))
    cell = world.only_cell("pusher", "3")
    assert (cell.answer, cell.outcome) == ("no", "refused")
    assert "'key'" in cell.troubles[0].why


def test_a_value_that_would_land_elsewhere_is_refused(world: World) -> None:
    contract = make_contract("service-b", "pusher")
    two = Interaction("two", "pusher.send", "1.0.0", args=("a", "b"), result="x")
    contract = replace(contract, interactions=(two,))
    world.publish("pusher", "5", spec=make_spec("pusher", key=TEXT, site=TEXT))
    world.verify("5", contract)
    world.run("pusher", "5")
    world.publish("service-b", "1", contracts=(contract,))
    world.run("service-b", "1")
    world.publish("pusher", "6", spec=make_spec("pusher", site=TEXT, key=TEXT))
    cells = {each.consumer: each for each in world.ask("pusher", "6").steps[0].cells}
    assert cells["service-b"].outcome == "refused"
    assert "lands in `site`" in cells["service-b"].troubles[0].why


def test_a_result_that_may_be_another_is_not_known_unless_nobody_looks(world: World) -> None:
    blind = make_contract("service-b", "pusher", "x")
    blind = replace(blind, interactions=(replace(blind.interactions[0], rules=(ANYTHING,), result=None),))
    world.publish("service-b", "1", contracts=(blind,))
    world.verify("1", blind)
    world.run("service-b", "1")
    spec = make_spec("pusher")
    wider = replace(spec, tasks=(replace(spec.tasks[0], result={"type": ["string", "null"]}),))
    world.publish("pusher", "2", spec=wider)
    cells = {each.consumer: each.outcome for each in world.ask("pusher", "2").steps[0].cells}
    assert cells == {"service-a": "unknown", "service-b": "proved"}
    narrower = replace(spec, tasks=(replace(spec.tasks[0], result={"enum": ["s3://b/1"]}),))
    world.publish("pusher", "3", spec=narrower)
    cells = {each.consumer: each.outcome for each in world.ask("pusher", "3").steps[0].cells}
    assert cells == {"service-a": "proved", "service-b": "proved"}


@pytest.mark.parametrize(
    "change",
    [
        {"queue": "another"},
        {"options": {"acks_late": True}},
        {"options": {"ignore_result": True}},
        {"serializer": "yaml"},
    ],
)
def test_a_change_of_delivery_is_no_proof(world: World, change: dict[str, Any]) -> None:
    spec = make_spec("pusher")
    world.publish("pusher", "2", spec=replace(spec, tasks=(replace(spec.tasks[0], **change),)))
    assert world.only_cell("pusher", "2").answer == "not known"


def test_a_task_that_is_gone_or_past_its_sunset_is_refused(world: World) -> None:
    world.publish("pusher", "2", spec=ServiceSpec("pusher", "2.0.0"))
    assert "no task goes by the name pusher.send" in world.only_cell("pusher", "2").troubles[0].why
    spec = make_spec("pusher")
    for version, sunset, outcome in (("3", "2026-11-27", "refused"), ("4", "2026-11-28", "proved")):
        world.publish("pusher", version, spec=replace(spec, tasks=(replace(spec.tasks[0], sunset=sunset),)))
        assert world.only_cell("pusher", version).outcome == outcome


def test_a_sunset_that_came_after_a_run_counts_whatever_the_run_found(world: World) -> None:
    spec = make_spec("pusher")
    world.publish(
        "pusher",
        "2",
        spec=replace(spec, tasks=(replace(spec.tasks[0], sunset="2026-11-27", aliases=("a",)),)),
    )
    world.verify("2", make_contract("service-a", "pusher"))
    cell = world.only_cell("pusher", "2")
    assert (cell.answer, cell.outcome) == ("no", "refused")
    assert "sunset on 2026-11-27" in cell.troubles[0].why
    assert world.registry.get_version("pusher", "2").sunsets.keys() == {"pusher.send", "a"}


def test_values_that_are_made_anew_are_not_proved_by_an_example(world: World) -> None:
    contract = make_contract("service-b", "pusher", generators=(Generator("$.args[0]", "Uuid"),))
    world.publish("service-b", "1", contracts=(contract,))
    world.verify("1", contract)
    world.run("service-b", "1")
    world.publish("pusher", "2", spec=make_spec("pusher", key={"enum": ["a.json", "b.json"]}))
    cells = {each.consumer: each.outcome for each in world.ask("pusher", "2").steps[0].cells}
    assert cells == {"service-a": "proved", "service-b": "unknown"}


def test_without_a_run_and_without_a_proof_it_is_not_known(world: World) -> None:
    world.publish("pusher", "2", branch="feature")
    assert world.ask("pusher", "2").answer == "not known"
    world.publish("service-b", "1", contracts=(make_contract("service-b", "pusher", "new"),))
    cell = world.only_cell("service-b", "1")
    assert (cell.answer, cell.outcome) == ("not known", "unknown")


def test_what_is_pending_does_not_count(world: World) -> None:
    world.publish("service-b", "1", contracts=(make_contract("service-b", "pusher", "new", pending=True),))
    assert world.ask("service-b", "1").answer == "yes"


def test_a_provider_that_does_not_run_is_in_the_way(world: World) -> None:
    world.publish("service-b", "1", contracts=(make_contract("service-b", "mailer"),))
    cell = world.only_cell("service-b", "1")
    assert (cell.answer, cell.outcome, cell.provider_version) == ("no", "absent", "")


def test_a_provider_that_is_ready_is_named(world: World) -> None:
    wanted = make_contract("service-a", "pusher", "new.json")
    world.publish("pusher", "2", spec=make_spec("pusher", key={"enum": ["new.json"]}), branch="main")
    world.publish("pusher", "1b", spec=make_spec("pusher", key=NUMBER))
    world.run("pusher", "1b")
    world.verify("2", wanted)
    world.publish("service-a", "2", contracts=(wanted,))
    verdict = world.ask("service-a", "2")
    assert verdict.answer == "no"
    assert verdict.ready == {"pusher": "2"}


def test_versions_that_go_together_are_put_in_an_order(world: World) -> None:
    wanted = make_contract("service-a", "pusher", 7)
    both = make_spec("pusher", key={"type": ["string", "integer"]})
    world.publish("pusher", "2", spec=both)
    world.verify("2", wanted)
    world.publish("service-a", "2", contracts=(wanted,))
    assert world.ask("service-a", "2").answer == "no"
    verdict = world.ask("service-a", "2", "pusher", "2")
    assert verdict.answer == "yes"
    assert [step.service for step in verdict.steps] == ["pusher", "service-a"]
    assert [step.workers_first for step in verdict.steps] == [True, False]


def test_versions_that_need_one_another_first_have_no_order(world: World) -> None:
    wanted = make_contract("service-a", "pusher", 7)
    world.publish("pusher", "2", spec=make_spec("pusher", key=NUMBER))
    world.verify("2", wanted)
    world.publish("service-a", "2", contracts=(wanted,))
    assert world.ask("service-a", "2", "pusher", "2").answer == "no"


def test_released_versions_stay_beside_what_is_deployed(world: World) -> None:
    old = make_contract("service-a", "pusher", "old.json")
    world.publish("service-a", "0", contracts=(old,))
    world.run("service-a", "0", "released")
    world.publish("pusher", "2", spec=make_spec("pusher", key={"enum": ["a.json"]}))
    cells = {each.consumer_version: each.answer for each in world.ask("pusher", "2").steps[0].cells}
    assert cells == {"0": "no", "1": "yes"}


def test_a_services_own_calls_count_in_both_directions(world: World) -> None:
    def own(key: Any) -> Contract:
        return make_contract("pusher", "pusher", key)

    world.publish("pusher", "2", spec=make_spec("pusher"), contracts=(own("a"),))
    world.verify("2", own("a"), make_contract("service-a", "pusher"))
    world.run("pusher", "2")
    wider = make_spec("pusher", key={"type": ["string", "integer"]})
    world.publish("pusher", "3", spec=wider, contracts=(own(7),))
    world.verify("3", own(7))
    verdict = world.ask("pusher", "3")
    assert verdict.answer == "yes"
    assert verdict.steps[0].workers_first, "its new callers would be refused by its old workers"
    world.publish("pusher", "4", spec=make_spec("pusher", key={"enum": ["a.json"]}), contracts=())
    assert {each.answer for each in world.ask("pusher", "4").steps[0].cells} == {"yes", "no"}


@pytest.mark.parametrize(
    ("mode", "schema", "answer"),
    [
        ("none", NUMBER, "yes"),
        ("backward", NUMBER, "no"),
        ("backward", {"type": ["string", "null"]}, "yes"),
        ("forward", {"type": ["string", "null"]}, "no"),
        ("full", {"type": ["string", "null"]}, "no"),
        ("full", TEXT, "yes"),
    ],
)
def test_a_promise_counts_without_contracts(mode: str, schema: Any, answer: str) -> None:
    world = World()
    world.publish("pusher", "1", spec=make_spec("pusher"))
    world.run("pusher", "1")
    world.publish("pusher", "2", spec=make_spec("pusher", key=schema), compatibility=mode)
    verdict = world.ask("pusher", "2")
    assert verdict.answer == answer
    assert world.ask("pusher", "2", mode="none").answer == "yes"
    if answer == "no":
        assert verdict.steps[0].checks[0].broken


def test_a_transitive_promise_is_to_all_environments() -> None:
    world = World()
    world.publish("pusher", "1", spec=make_spec("pusher", key=NUMBER))
    world.publish("pusher", "2", spec=make_spec("pusher"))
    world.publish("pusher", "3", spec=make_spec("pusher"))
    world.run("pusher", "2")
    first = Running(world.registry.get_version("pusher", "1"), at="t", by="ci")
    record_start(world.registry, "customers", first, new=True)
    assert world.ask("pusher", "3", mode="full").answer == "yes"
    assert world.ask("pusher", "3", mode="full-transitive").answer == "no"
    world.publish("pusher", "4")
    assert world.ask("pusher", "4", mode="full").answer == "not known"


def test_more_than_a_few_together_are_refused(world: World) -> None:
    names = [word for number in range(9) for word in (f"s{number}", "1")]
    for name in names[::2]:
        world.publish(name, "1")
    with pytest.raises(ConfigError, match="9 versions"):
        world.ask(*names)
