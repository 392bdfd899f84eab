"""Sessions of pytest that verify the same interactions, with taskcontract and with pact-python, in turns.

Run: python -m benchmarks.against_pact [--rounds N] [--count N]

Both have the same fields and matchers; ours are calls of a task on a live worker, Pact's are messages that a
function in the test's own process makes. Sessions of one interaction, of many, and of many with a provider
state each; other plugins of pytest are off. The marginal interaction is what each more than the first takes.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks._bare_worker import QUEUE
from taskcontract.model.contract import Contract, Interaction, MatchRule, ProviderState
from taskcontract.model.pact_writing import dump_contract

GOALS = {"session": 0.15, "marginal": 0.1, "states": 0.15, "one": 1.2}
URL = MatchRule("$.url", "regex", {"regex": "s3://.+"})
PLUGIN = ("-p", "taskcontract.pytest_plugin.plugin", "--taskcontract", "--taskcontract-app", "bench_app")
APP = """\
from celery import Celery
from taskcontract import Provider, Service

service = Service("bench", queue="bench")


@service.task(version="1.0.0")
def store(number: int, text: str) -> dict[str, str | int]: ...


app = Celery("bench")
provider = Provider(app, service)


@provider.implements(store)
def store_it(number: int, text: str) -> dict[str, str | int]:
    return {"number": number, "text": text, "url": f"s3://bucket/{number}"}


@provider.state("a number")
def have_number(number):
    yield


@provider.state("a number of its own", touches="{number}")
def have_own_number(number):
    yield
"""
TEST = """\
import json
from pathlib import Path

from pact import Verifier


def produce(name, metadata):
    number = int(name.split()[1])
    made = {"number": number, "text": "x" * 100, "url": f"s3://bucket/{number}"}
    return {"contents": json.dumps(made).encode(), "content_type": "application/json", "metadata": None}


def have_number(action=None, parameters=None):
    pass


def test_provider():
    verifier = Verifier("bench").message_handler(produce)
    verifier.state_handler({"a number": have_number}, teardown=True)
    verifier.add_source(Path(__file__).with_name("pact.json")).verify()
"""


def main() -> None:
    """Print a line for each kind of session."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--count", type=int, default=500)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="taskcontract-bench-"))
    try:
        (folder / "bench_app.py").write_text(APP)
        (folder / "test_pact.py").write_text(TEST)
        one = compare(folder, 1, None, options.rounds)
        many = compare(folder, options.count, None, options.rounds)
        states = compare(folder, options.count, "a number", options.rounds)
        own = compare(folder, options.count, "a number of its own", options.rounds, pact=False)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    count = options.count
    say("a session of 1 interaction", one, GOALS["one"])
    say(f"a session of {count}", many, GOALS["session"])
    say("the marginal interaction", marginal(many, one, count), GOALS["marginal"])
    say(f"a session of {count} with states", states, GOALS["states"])
    say("the marginal interaction with states", marginal(states, one, count), GOALS["states"])
    say(
        "the same, states that say what they touch",
        marginal((own[0], states[1]), one, count),
        GOALS["states"],
    )


def say(what: str, times: tuple[float, float], goal: float) -> None:
    """Print one comparison."""
    ours, pact = times
    scale, unit = (1000, "ms") if pact < 0.1 else (1, "s")
    print(
        f"{what}: {ours * scale:.2f} {unit} against {pact * scale:.2f} {unit} with pact-python: "
        f"{ours / pact:.2f} x (goal {goal} x)"
    )


def marginal(many: tuple[float, float], one: tuple[float, float], count: int) -> tuple[float, float]:
    """What each interaction after the first takes, with either."""
    return (many[0] - one[0]) / (count - 1), (many[1] - one[1]) / (count - 1)


def compare(
    folder: Path, count: int, state: str | None, rounds: int, *, pact: bool = True
) -> tuple[float, float]:
    """The medians of sessions of both, in turns; the first round warms up."""
    contract = make_contract(count, state)
    (folder / "contracts").mkdir(exist_ok=True)
    (folder / "contracts" / contract.file_name).write_text(dump_contract(contract))
    (folder / "pact.json").write_text(json.dumps(make_pact(contract, count)))
    ours, theirs = [], []
    for _ in range(rounds + 1):
        ours.append(time_pytest(folder, *PLUGIN))
        theirs.append(time_pytest(folder, "test_pact.py") if pact else 0.0)
    return statistics.median(ours[1:]), statistics.median(theirs[1:])


def make_contract(count: int, state: str | None) -> Contract:
    """`count` interactions of ours, with a provider state each if one is named."""
    return Contract(
        "bench",
        "bench",
        tuple(
            Interaction(
                f"store {number}",
                "bench.store",
                "1.0.0",
                (number, "x" * 100),
                result={"number": number, "text": "x" * 100, "url": "s3://bucket/1"},
                rules=(URL,),
                states=(ProviderState(state, {"number": number}),) if state else (),
                queue=QUEUE,
            )
            for number in range(count)
        ),
    )


def make_pact(contract: Contract, count: int) -> dict[str, Any]:
    """The same for Pact: the messages are the results, which the function under test makes."""
    assert len(contract.interactions) == count
    return {
        "consumer": {"name": "bench"},
        "provider": {"name": "bench"},
        "interactions": [
            {
                "type": "Asynchronous/Messages",
                "description": each.description,
                "contents": {"content": each.result, "contentType": "application/json", "encoded": False},
                "matchingRules": {
                    "body": {
                        "$.url": {"combine": "AND", "matchers": [{"match": "regex", "regex": "s3://.+"}]}
                    }
                },
                "metadata": {"contentType": "application/json"},
                **(
                    {"providerStates": [{"name": "a number", "params": each.states[0].params}]}
                    if each.states
                    else {}
                ),
            }
            for each in contract.interactions
        ],
        "metadata": {"pactSpecification": {"version": "4.0"}},
    }


def time_pytest(folder: Path, *arguments: str) -> float:
    """Seconds of a whole session, from the start of Python to the end of the process."""
    # Whatever is installed has its bytecode beside it; what is edited here gets some too, in the first round.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *arguments],
        cwd=folder,
        env={**environment, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
