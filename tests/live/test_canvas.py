"""What `canvas.judge` says of each pair of tasks, held against what a worker does with their results."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from celery import Celery, chain, chord, group
from hypothesis import HealthCheck, Phase, settings

from taskcontract import canvas
from taskcontract.testing.json_values import values_of
from tests.support.celery_worker import run_celery_worker
from tests.support.closing import close_app
from tests.support.linked_tasks import GIVERS, TAKERS, links

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.live, pytest.mark.slow]

PAIRS = [(giver, taker) for giver in GIVERS for taker in TAKERS]
EVERY_CHECK: Any = list(HealthCheck)  # typed as a list of its metaclass
SHAPES = ("chain", "chord", "group of one", "map")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Celery]:
    folder: Path = tmp_path_factory.mktemp("canvas")
    url = f"embedded://{folder}/broker"
    app = Celery("tests", broker=url, backend=url, set_as_current=False)
    links.use(app)
    environment = {"CELERY_BROKER_URL": url, "CELERY_RESULT_BACKEND": url}
    with run_celery_worker(
        "tests.support.linked_tasks:worker", folder, "links", "--pool=threads", environment=environment
    ):
        yield app
    links.app = None
    close_app(app)


def results_of(task: Any) -> list[Any]:
    """JSON results that a task may give."""
    drawn: list[Any] = []

    @settings(
        max_examples=4,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=EVERY_CHECK,
    )
    @hypothesis.seed(1)
    @hypothesis.given(values_of(task.spec().result))
    def keep(value: Any) -> None:
        drawn.append(value)

    keep()
    return drawn


def build(shape: str, giver: Any, taker: Any, values: list[Any]) -> Any:
    """A canvas in which `giver` gives these values to `taker`."""
    calls = [giver.s(json.dumps(value)) for value in values]
    if shape == "chain":
        return chain(calls[0], taker.s())
    if shape == "group of one":
        return chain(group(calls[0]), taker.s())
    if shape == "map":
        return chain(giver.map([json.dumps(value) for value in values]), taker.s())
    return chord(calls, taker.s())


@pytest.mark.parametrize("shape", SHAPES)
def test_a_worker_does_with_each_pair_what_is_said(shape: str, app: Celery) -> None:
    expected: list[tuple[str, Any, bool]] = []
    sent = []
    for giver, taker in PAIRS:
        several = shape in ("chord", "map")
        drawn = results_of(giver)
        (link,) = canvas.judge(build(shape, giver, taker, [drawn[0]] * (2 if several else 1))).links
        assert link.verdict in ("fits", "misfit"), link
        if link.verdict == "misfit":
            values = [link.witness if several else [link.witness]]
        else:
            values = [[value] * (2 if several else 1) for value in drawn]
        for each in values:
            sent.append(build(shape, giver, taker, each).apply_async())
            expected.append((str(link), each, link.verdict == "fits"))
    wrong = []
    for result, (said, values, fits) in zip(sent, expected, strict=True):
        result.get(timeout=60, propagate=False)
        if result.successful() is not fits:
            wrong.append((said, values, result.state))
    assert wrong == []
    assert {fits for _, _, fits in expected} == {True, False}
