"""What compare_calls says of 240 pairs, observed on a live worker that runs both signatures of each."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from inspect import Parameter, Signature
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from celery import Celery

from taskcontract.diff.calls import CallComparison, compare_calls, find_call_breaks, shape_of_signature
from taskcontract.embedded import register, write_url
from tests.support.call_oracle import bind_all, has_moved, locate, make_call
from tests.support.closing import close_app
from tests.support.signature_pairs import make_random_pair, write_function

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.call_oracle import Slots

pytestmark = pytest.mark.live

OF_EACH_OUTCOME = 80
SAFE_CALLS = 3
PATIENCE = 30
"""Seconds until a worker must be up, an answer be there and a worker be gone."""

WORKER = """
from celery import Celery
from taskcontract.embedded import register

register()
app = Celery("verdicts", broker={url!r}, backend={url!r})


@app.task(name="ready")
def ready():
    return True
"""


class Pair(NamedTuple):
    number: int
    old: Signature
    new: Signature
    answer: CallComparison

    @property
    def bound(self) -> bool:
        """Whether the worker's two tasks are declared with `bind=True`."""
        return self.number % 4 == 0


class Sent(NamedTuple):
    pair: Pair
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


def choose_pairs() -> list[Pair]:
    """As many pairs of each outcome: included, refused, silent; all that plain calls and `bind` agree on."""
    rng = random.Random(2027)
    chosen: list[Pair] = []
    outcomes: Counter[tuple[str, bool]] = Counter()
    while len(chosen) < 3 * OF_EACH_OUTCOME:
        old, new = make_random_pair(rng)
        answer = compare_calls(old, new)
        outcome = answer.verdict, answer.silent
        breaks = find_call_breaks(shape_of_signature(old), shape_of_signature(new))
        if old == new or outcomes[outcome] == OF_EACH_OUTCOME or (breaks and breaks[0].disputed):
            continue
        outcomes[outcome] += 1
        chosen.append(Pair(len(chosen), old, new, answer))
    return chosen


def choose_calls(pair: Pair) -> list[Sent]:
    """The witness, or where there is none some calls that the old signature takes."""
    if pair.answer.witness is not None:
        return [Sent(pair, *pair.answer.witness)]
    names = (*sorted({*pair.old.parameters, *pair.new.parameters}), "fresh")
    accepted = sorted(bind_all(pair.old, names, len(pair.old.parameters) + 2))
    some = random.Random(pair.number).sample(accepted, min(SAFE_CALLS, len(accepted)))
    return [Sent(pair, *make_call(call)) for call in some]


def write_task(side: str, signature: Signature, pair: Pair) -> str:
    """The source of a task that returns what it got, by parameter."""
    name = f"{side}_{pair.number}"
    if pair.bound:
        parameters = list(signature.parameters.values())
        only = any(parameter.kind is Parameter.POSITIONAL_ONLY for parameter in parameters)
        kind = Parameter.POSITIONAL_ONLY if only else Parameter.POSITIONAL_OR_KEYWORD
        signature = Signature([Parameter("self", kind), *parameters])
    return f"@app.task(name={name!r}, bind={pair.bound})\n{write_function(name, signature)}"


@pytest.fixture(scope="module")
def pairs() -> list[Pair]:
    return choose_pairs()


@pytest.fixture(scope="module")
def app(pairs: list[Pair], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Celery]:
    """A Celery app whose broker one worker serves, with two tasks for each pair."""
    folder = tmp_path_factory.mktemp("verdicts")
    url = write_url(folder / "broker")
    tasks = [write_task(side, getattr(pair, side), pair) for pair in pairs for side in ("old", "new")]
    (folder / "verdicts.py").write_text("\n".join([WORKER.format(url=url), *tasks]), encoding="utf-8")
    register()
    app = Celery("sender", broker=url, backend=url)
    command = [sys.executable, "-m", "celery", "-A", "verdicts", "worker", "-P", "threads", "-c", "2"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "critical"]
    with (folder / "worker.log").open("w") as log:
        paths = os.pathsep.join([str(folder), str(Path.cwd())])
        worker = subprocess.Popen(
            [*command, *quiet], cwd=folder, env=os.environ | {"PYTHONPATH": paths}, stdout=log, stderr=log
        )
        try:
            app.send_task("ready").get(timeout=PATIENCE)
            yield app
        finally:
            worker.terminate()
            try:
                worker.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait(PATIENCE)
            close_app(app)


def observe(app: Celery, side: str, calls: list[Sent]) -> list[Slots | None]:
    """Where the values of each call landed in the worker; None for a TypeError."""
    running = [app.send_task(f"{side}_{sent.pair.number}", sent.args, sent.kwargs) for sent in calls]
    seen: list[Slots | None] = []
    for sent, result in zip(calls, running, strict=True):
        outcome = result.get(timeout=PATIENCE, propagate=False)
        if isinstance(outcome, Exception):
            assert isinstance(outcome, TypeError), f"{sent}: {outcome!r}"
            seen.append(None)
        else:
            values = {*sent.args, *sent.kwargs.values()}
            slots = locate(getattr(sent.pair, side), outcome)
            seen.append({value: slot for value, slot in slots.items() if value in values})
    return seen


def test_the_worker_does_what_the_verdicts_say(app: Celery, pairs: list[Pair]) -> None:
    calls = [sent for pair in pairs for sent in choose_calls(pair)]
    before, after = observe(app, "old", calls), observe(app, "new", calls)
    wrong: list[str] = []
    for sent, was, becomes in zip(calls, before, after, strict=True):
        _, old, new, answer = sent.pair
        assert was is not None, f"{old} does not take {sent.args} {sent.kwargs}"
        if becomes is None:
            observed = "not-included", False
        elif has_moved(old, new, was, becomes):
            observed = "not-included", True
        else:
            observed = "included", False
        if observed != (answer.verdict, answer.silent):
            wrong.append(f"{old} -> {new}, {sent.args} {sent.kwargs}: {observed}, not {answer}")
    assert len(calls) >= 3 * OF_EACH_OUTCOME
    assert not wrong
