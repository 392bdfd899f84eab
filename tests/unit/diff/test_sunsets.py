"""A sunset is warned of 30 days ahead, and holds from the day behind it."""

from __future__ import annotations

from datetime import date

import pytest
from celery import Celery

from taskcontract import Provider, Service
from taskcontract.diff import Policy, find_changes
from taskcontract.diff.sunsets import find_near_sunsets
from tests.support.specs import make_service, make_task


@pytest.mark.parametrize(
    ("sunset", "said"),
    [
        (None, ""),
        ("2026-07-01", ""),
        ("2026-06-30", "in 30 days"),
        ("2026-06-01", "tomorrow"),
        ("2026-05-31", "today"),
        ("2026-05-30", "had its sunset on 2026-05-30"),
    ],
)
def test_a_near_sunset_is_said(sunset: str | None, said: str) -> None:
    service = make_service(make_task("send", "key: str", sunset=sunset), make_task("keep"))
    sentences = list(find_near_sunsets(service, date(2026, 5, 31)))
    assert len(sentences) == bool(said)
    assert all(said in sentence and "send@1.0.0" in sentence for sentence in sentences)


@pytest.mark.parametrize(
    ("today", "left", "rule", "severity"),
    [
        ("2026-05-30", [], "task-removed-before-sunset", "breaking"),
        ("2026-05-31", [], "task-removed-before-sunset", "breaking"),
        ("2026-06-01", [], "task-removed", "safe"),
        ("2026-05-31", ["2.0.0"], "task-removed-before-sunset", "breaking"),
        ("2026-06-01", ["2.0.0"], "task-version-removed", "safe"),
    ],
)
def test_a_version_is_served_on_the_day_of_its_sunset(
    today: str, left: list[str], rule: str, severity: str
) -> None:
    """The worker refuses what is called after that day."""
    kept = [make_task("keep")]
    kept += [make_task("send", "key: str", version, wire_name="pusher.send_v2") for version in left]
    old = make_service(make_task("send", "key: str", sunset="2026-05-31"), *kept)
    findings = list(find_changes(old, make_service(*kept), policy=Policy(today=today)))
    assert [(finding.rule, finding.severity) for finding in findings] == [(rule, severity)]


@pytest.mark.parametrize("sunset", ["2026-05-30", "2026-05-31", "2026-06-01", None])
def test_a_version_is_over_when_the_worker_refuses_it(sunset: str | None) -> None:
    service = Service("shop")

    @service.task(version="1.0.0", sunset=sunset)
    def send(key: str) -> None: ...

    provider = Provider(Celery(set_as_current=False), service, today=lambda: date(2026, 5, 31))
    refused = provider.find_refusal(send, "an id") is not None
    assert Policy(today="2026-05-31").is_over(send.sunset) == refused
