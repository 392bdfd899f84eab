"""Recording N interactions of a consumer against pact-python's consumer DSL, in turns in one run.

Run: python -m benchmarks.recording [--rounds N] [--count N]

Both run a function of the consumer's for each interaction, with the same fields and matchers, and write the
contract file. Pact is measured twice: with one Pact object for all interactions, and with one for each, as
a project with a test for each interaction has it.
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
from taskcontract.model.pact import load_contract
from taskcontract.model.pact_writing import dump_contract
from taskcontract.pytest_plugin.contract_merge import merge
from taskcontract.verification.recording.recording import Recording

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskcontract.model.contract import Interaction

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
    ways: dict[str, Callable[[int, Path], None]] = {
        "ours": record_ours,
        "one Pact": record_with_one_pact,
        "a Pact each": record_with_a_pact_each,
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(options.rounds + 1):  # the first round warms up
        for name, way in ways.items():
            with tempfile.TemporaryDirectory(prefix="taskcontract-bench-") as folder:
                started = time.perf_counter()
                way(options.count, Path(folder))
                taken[name].append(time.perf_counter() - started)
                (file,) = Path(folder).iterdir()
                assert len(json.loads(file.read_text())["interactions"]) == options.count
    ours, *theirs = (statistics.median(each[1:]) for each in taken.values())
    for name, seconds in zip(list(ways)[1:], theirs, strict=True):
        print(
            f"{options.count} interactions: {ours * 1000:.0f} ms against {seconds * 1000:.0f} ms with "
            f"{name}: "
            f"{ours / seconds:.2f} x (goal {GOAL} x)"
        )


def record_ours(count: int, folder: Path) -> None:
    """Run a block for each interaction, and merge all into a file, as the end of a session does."""
    recorded: list[Interaction] = []
    url = match.regex("s3://.+", "s3://bucket/1")
    for number in range(count):
        block = Recording(
            "bench", service, description=f"call {number}", test=f"t.py::t{number}", keep=recorded.extend
        )
        block.given("a bucket").expect(store, returns={"url": url, "size": match.integer(3)})
        with block:
            found = store.delay(f"items/{number}.txt", "text", {"tenant": "acme"}).get(timeout=1)
            assert found == {"url": "s3://bucket/1", "size": 3}
    merged = merge(Contract("bench", "store"), recorded, is_outdated=lambda test: False)
    file = folder / merged.contract.file_name
    write_file(file, dump_contract(merged.contract))
    assert load_contract(file) == merged.contract


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
