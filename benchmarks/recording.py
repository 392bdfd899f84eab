"""Recording N interactions of a consumer against pact-python's consumer DSL, in turns in one run.

Run: python -m benchmarks.recording [--rounds N] [--count N]

Both run a function of the consumer's for each interaction, with the same fields and matchers, and write the
contract file. They are compared twice, like with like: with a test for each interaction, as projects have it
(a block of ours, a Pact object), and with one for all. Ours are written once, at the end of the session;
Pact merges each test's into the file.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from celery import Celery

from taskcontract import Service, match
from taskcontract.model.contract import Contract
from taskcontract.model.files import write_file
from taskcontract.model.pact_writing import dump_contract
from taskcontract.pytest_plugin.contract_merge import merge
from taskcontract.verification.recording.recording import Recording

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskcontract.model.contract import Interaction

    Way = Callable[[int, Path], None]

GOAL = 1.0
service = Service("store", queue="store")


@service.task(version="1.0.0")
def store(key: str, content: str, meta: dict[str, str]) -> dict[str, Any]: ...


def main() -> None:
    """Print the medians of each way, and the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=200)
    options = parser.parse_args()
    try:
        import pact_ffi  # noqa: F401
    except ImportError:
        parser.exit(0, "pact-python is not installed: there is nothing to compare with\n")
    app = Celery("bench", broker="memory://", set_as_current=False)
    service.use(app, consumer="bench")
    ways: dict[str, tuple[Way, Way]] = {
        "a test for each": (record_a_block_each, record_with_a_pact_each),
        "one test for all": (record_one_block, record_with_one_pact),
    }
    for name, pair in ways.items():
        taken: tuple[list[float], list[float]] = ([], [])
        for _ in range(options.rounds + 1):  # the first round warms up
            for way, seconds in zip(pair, taken, strict=True):
                seconds.append(time_of(way, options.count))
        ours, theirs = (statistics.median(seconds[1:]) for seconds in taken)
        print(
            f"{options.count} interactions, {name}: {ours * 1000:.0f} ms against {theirs * 1000:.0f} ms with "
            f"pact-python: {ours / theirs:.2f} x (goal {GOAL} x)"
        )


def time_of(way: Way, count: int) -> float:
    """Seconds until the file of so many interactions is written."""
    with tempfile.TemporaryDirectory(prefix="taskcontract-bench-") as folder:
        started = time.perf_counter()
        way(count, Path(folder))
        taken = time.perf_counter() - started
        (file,) = Path(folder).iterdir()
        assert len(json.loads(file.read_text())["interactions"]) == count
    return taken


def record_a_block_each(count: int, folder: Path) -> None:
    """Run a block for each interaction, and merge all into a file, as the end of a session does."""
    recorded: list[Interaction] = []
    for number in range(count):
        with _expect(_new_block(f"call {number}", recorded)):
            _call(number)
    _write(recorded, folder)


def record_one_block(count: int, folder: Path) -> None:
    """Let one block expect all interactions, and run the code for each."""
    recorded: list[Interaction] = []
    block = _new_block("calls", recorded)
    for _ in range(count):
        _expect(block)
    with block:
        for number in range(count):
            _call(number)
    _write(recorded, folder)


def _new_block(description: str, recorded: list[Interaction]) -> Recording:
    block = Recording("bench", service, description=description, test="t.py::t", keep=recorded.extend)
    return block.given("a bucket")


def _expect(block: Recording) -> Recording:
    url = match.regex("s3://.+", "s3://bucket/1")
    return block.expect(store, returns={"url": url, "size": match.integer(3)})


def _call(number: int) -> None:
    found = store.delay(f"items/{number}.txt", "text", {"tenant": "acme"}).get(timeout=1)
    assert found == {"url": "s3://bucket/1", "size": 3}


def _write(recorded: list[Interaction], folder: Path) -> None:
    merged = merge(Contract("bench", "store"), recorded, is_outdated=lambda test: False)
    write_file(folder / merged.contract.file_name, dump_contract(merged.contract))


def record_with_one_pact(count: int, folder: Path) -> None:
    """Let Pact's DSL hold all interactions, run the code for each, and write one file."""
    pact = _new_pact()
    for number in range(count):
        _describe(pact, number)
    pact.verify(_read, "Sync")
    pact.write_file(folder)


def record_with_a_pact_each(count: int, folder: Path) -> None:
    """Let each interaction have a test of its own, whose end merges it into the file."""
    for number in range(count):
        pact = _new_pact()
        _describe(pact, number)
        pact.verify(_read, "Sync")
        pact.write_file(folder)


def _new_pact() -> Any:
    from pact import Pact

    return Pact("bench", "store").with_specification("V4")


def _describe(pact: Any, number: int) -> None:
    from pact import match as pact_match

    request = {"args": [f"items/{number}.txt", "text", {"tenant": "acme"}], "kwargs": {}}
    response = {
        "url": pact_match.regex("s3://bucket/1", regex="s3://.+"),
        "size": pact_match.integer(3),
    }
    interaction = pact.upon_receiving(f"call {number}", "Sync").given("a bucket")
    interaction.with_body(json.dumps(request), "application/json")
    interaction.will_respond_with().with_body(response, "application/json")


def _read(body: str | bytes | None, metadata: dict[str, object]) -> None:
    assert json.loads(body or b"null")["args"][1] == "text"


if __name__ == "__main__":
    main()
