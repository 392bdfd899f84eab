"""Workers that do not start, die or hang: said clearly and soon, and nothing is left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from taskcontract.errors import BrokerError
from taskcontract.model.contract import Contract
from taskcontract.verification.verifier import Verifier
from taskcontract.verification.worker.worker_supervisor import WorkerStartError
from tests.support.leftovers import find_leftovers
from tests.support.shop_project import SHOP, ask

if TYPE_CHECKING:
    from taskcontract.model.contract import Interaction
    from taskcontract.verification.outcome import Outcome
    from tests.support.shop_project import ShopProject

GOOD = ask("plain", 1, result={"given": 1})


def contract_of(*interactions: Interaction) -> Contract:
    return Contract("web", "shop", interactions)


def wrong(outcomes: tuple[Outcome, ...]) -> list[str]:
    return [outcome.faults[0].what if outcome.faults else "" for outcome in outcomes]


@pytest.mark.parametrize(
    ("first_line", "said"),
    [
        ("import shop_that_is_closed", "ModuleNotFoundError: No module named 'shop_that_is_closed'"),
        ("def f(:", "SyntaxError: invalid syntax"),
        ("raise SystemExit('shop is closed')", "shop is closed"),
        ("import os; os.abort()", "killed by SIGABRT"),
        ("import os; os._exit(4)", "exit code 4"),
    ],
)
def test_death_at_import(first_line: str, said: str, project: ShopProject) -> None:
    project.write("shop.py", f"{first_line}\n{SHOP}")
    with pytest.raises(WorkerStartError) as caught, Verifier(project.config()) as verifier:
        verifier.verify(contract_of(GOOD))
    assert said in str(caught.value)
    assert "taskcontract/verification" not in str(caught.value)


def test_broken_promise_at_start(project: ShopProject) -> None:
    project.write("shop.py", SHOP.replace("@provider.implements(order)\n", ""))
    with (
        pytest.raises(WorkerStartError, match=r"order@1\.2\.0 is declared but neither implemented"),
        Verifier(project.config()) as verifier,
    ):
        verifier.wait()


def test_unknown_app(project: ShopProject) -> None:
    with (
        pytest.raises(WorkerStartError, match="No module named 'warehouse'"),
        Verifier(project.config(app="warehouse")) as verifier,
    ):
        verifier.wait()


def test_hang_at_import(broker: str, project: ShopProject) -> None:
    project.write("shop.py", f"import time\n\n\ndef nap():\n    time.sleep(60)\n\n\nnap()\n{SHOP}")
    with (
        pytest.raises(WorkerStartError) as caught,
        Verifier(project.config(broker=broker, startup_timeout=5)) as verifier,
    ):
        verifier.wait()
    assert "did not answer within 5 s" in str(caught.value)
    assert 'shop.py", line 5 in nap' in str(caught.value)
    run = verifier._sandbox.run
    assert find_leftovers(broker, [f"{run}-1"]) == []


def test_death_in_a_task(broker: str, project: ShopProject) -> None:
    others = [ask("plain", number, result={"given": number}) for number in range(20)]
    with Verifier(project.config(broker=broker)) as verifier:
        outcomes = verifier.verify(contract_of(*others[:10], ask("die", 3), *others[10:])).outcomes
    assert wrong(outcomes) == [
        *[""] * 10,
        "the worker died (exit code 3) while it ran this task",
        *[""] * 10,
    ]
    assert len(project.read("runs.txt")) == 3, "one that died with many, one that died alone, one to go on"


def test_hang_in_a_task(broker: str, project: ShopProject) -> None:
    with Verifier(project.config(broker=broker, timeout=0.7)) as verifier:
        outcomes = verifier.verify(contract_of(GOOD, ask("hang"), GOOD)).outcomes
    assert wrong(outcomes) == ["", "no result within 0.7 s", ""]
    assert 'shop.py", line' in outcomes[1].faults[0].trace
    assert "in hang" in outcomes[1].faults[0].trace


def test_worker_that_keeps_dying_is_given_up(project: ShopProject) -> None:
    with Verifier(project.config()) as verifier:
        outcomes = verifier.verify(contract_of(*[ask("die", number) for number in range(3, 12)])).outcomes
    assert not any(outcome.ok for outcome in outcomes)
    assert "it is not started again" in outcomes[-1].faults[0].what
    assert len(project.read("runs.txt")) == 6


def test_prefork_children_go_too(project: ShopProject) -> None:
    with Verifier(project.config(pool="prefork", concurrency=2, timeout=0.7)) as verifier:
        outcomes = verifier.verify(contract_of(GOOD, ask("hang"))).outcomes
        assert len(project.processes()) >= 3
    assert wrong(outcomes) == ["", "no result within 0.7 s"]


@pytest.mark.parametrize("url", ["redis://:secret@127.0.0.1:1/0", "amqp://guest:secret@127.0.0.1:1//"])
def test_broker_that_refuses(url: str, project: ShopProject) -> None:
    with pytest.raises(BrokerError) as caught, Verifier(project.config(broker=url)) as verifier:
        verifier.wait()
    assert "127.0.0.1:1" in str(caught.value)
    assert "--taskcontract-broker" in str(caught.value)
    assert "secret" not in str(caught.value)
