"""The schema engine against others on the same pairs: how often each is wrong, does not know, and how fast.

`python -m benchmarks.schema_engines --pairs 2000` compares pairs of schemas, pydantic's and random ones,
with `taskcontract`, `jsonschema-rs` (its canonical schemas), `jsoncompat` and `jsonsubschema`. A break is a
pair for which validators confirm a witness; a pair counts as safe where taskcontract has a proof. An engine
that is not installed is left out, with a word; `--python` names an interpreter that has those which cannot
live beside this project's dependencies.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_SECONDS = 900
PEERS = Path(".cache/peers/bin/python")
"""Where `.ci/peers` puts what cannot live beside this project's dependencies."""
WORDS = ("safe", "break", "unknown")
ENGINES = {"jsonschema-rs": "jsonschema_rs", "jsoncompat": "jsoncompat", "jsonsubschema": "jsonsubschema"}


def make_pairs(count: int, seed: int) -> list[tuple[Any, Any]]:
    """Pairs, half of them pydantic's; those that are no valid schemas are left out."""
    from taskcontract.diff import compare_schemas
    from taskcontract.errors import SpecError
    from tests.support.pydantic_schemas import make_pydantic_pair
    from tests.support.schema_pairs import SchemaMaker

    rng = random.Random(seed)
    pairs: list[tuple[Any, Any]] = []
    while len(pairs) < count:
        old, new = make_pydantic_pair(rng) if len(pairs) % 2 else SchemaMaker(rng).make_pair()
        try:
            compare_schemas(old, new)
        except SpecError:
            continue
        pairs.append((old, new))
    return pairs


def open_engine(name: str) -> Callable[[Any, Any], str]:
    """The engine's own verdict in one of three words: safe, break, unknown."""
    if name == "taskcontract":
        from taskcontract.diff.schemas import compare_schemas

        words = {"included": "safe", "not-included": "break", "undecided": "unknown"}
        return lambda old, new: words[compare_schemas(old, new).verdict]
    if name == "jsonschema-rs":
        from jsonschema_rs import canonicalize

        answers = {"yes": "safe", "no": "break"}
        return lambda old, new: answers.get(
            canonicalize(new, offline=True).covers(canonicalize(old, offline=True)).value.lower(), "unknown"
        )
    if name == "jsoncompat":
        from jsoncompat import check_compat  # pyright: ignore[reportMissingImports]

        return lambda old, new: (
            "safe" if check_compat(json.dumps(old), json.dumps(new), "deserializer") else "break"
        )
    from jsonsubschema import isSubschema  # pyright: ignore[reportMissingImports]

    return lambda old, new: "safe" if isSubschema(old, new) else "break"


def judge(name: str) -> None:
    """Read pairs from the standard input, one per line; print one word and the seconds it took for each."""
    engine = open_engine(name)
    for line in sys.stdin:
        old, new = json.loads(line)
        started = time.perf_counter()
        try:
            word = engine(old, new)
        except Exception:
            # Whatever an engine does not take, it does not know.
            word = "unknown"
        print(word, time.perf_counter() - started, flush=True)


def run_engine(name: str, python: str, pairs: list[tuple[Any, Any]]) -> list[tuple[str, float]]:
    """The engine's verdicts, from processes of its own; a pair on which one dies or hangs is not known."""
    found: list[tuple[str, float]] = []
    deadline = time.monotonic() + MOST_SECONDS
    while len(found) < len(pairs) and time.monotonic() < deadline:
        rows = _judge_all(name, python, pairs[len(found) :])
        if not rows and not found:
            return []
        found.extend(rows)
        if len(found) < len(pairs):
            found.append(("unknown", 0.0))
    return found


def _judge_all(name: str, python: str, pairs: list[tuple[Any, Any]]) -> list[tuple[str, float]]:
    lines = "".join(json.dumps(pair) + "\n" for pair in pairs)
    command = [python, "-W", "ignore", "-m", "benchmarks.schema_engines", "--judge", name]
    try:
        done = subprocess.run(command, input=lines, capture_output=True, text=True, timeout=60, check=False)
        printed = done.stdout
    except subprocess.TimeoutExpired as late:
        printed = late.stdout.decode() if isinstance(late.stdout, bytes) else ""
    rows = [line.split() for line in printed.splitlines()]
    return [
        (row[0], float(row[1])) for row in rows if len(row) == 2 and row[0] in ("safe", "break", "unknown")
    ]


def report(name: str, verdicts: list[tuple[str, float]], truths: list[str]) -> None:
    known = list(zip(verdicts, truths, strict=False))
    breaks = [verdict for (verdict, _), truth in known if truth == "break"]
    safes = [verdict for (verdict, _), truth in known if truth == "safe"]
    seconds = sorted(took for _, took in verdicts) or [0.0]
    print(
        f"{name:14} breaks called safe {breaks.count('safe')} of {len(breaks)},"
        f" not known {breaks.count('unknown')};"
        f" safe called breaks {safes.count('break')} of {len(safes)}, not known {safes.count('unknown')};"
        f" median {1e6 * seconds[len(seconds) // 2]:.0f} µs, worst {1e3 * seconds[-1]:.0f} ms"
    )


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    python = str(PEERS if PEERS.exists() else sys.executable)
    parser.add_argument(
        "--python", default=python, help="the interpreter that has jsoncompat and jsonsubschema"
    )
    parser.add_argument("--judge", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.judge:
        judge(options.judge)
        return 0
    pairs = make_pairs(options.pairs, options.seed)
    ours = run_engine("taskcontract", sys.executable, pairs)
    truths = [verdict for verdict, _ in ours]
    report("taskcontract", ours, truths)
    for name, module in ENGINES.items():
        python = sys.executable if find_spec(module) else options.python
        verdicts = run_engine(name, python, pairs)
        if verdicts:
            report(name, verdicts, truths)
        else:
            print(f"{name:14} left out: {module} is not installed for {python}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
