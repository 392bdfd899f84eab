"""Metrics read over HTTP, by `prometheus_client`'s own parser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.request import urlopen

from prometheus_client.parser import text_string_to_metric_families

from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Samples", "find_url", "read_samples", "scrape"]

URL = re.compile(r"metrics (?:are served )?at (http://\S+?/metrics)")
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def read_samples(text: str) -> Samples:
    """Each sample of an exposition, by its name and labels; two of the same are an error."""
    read: Samples = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            key = sample.name, frozenset(sample.labels.items())
            assert key not in read, key
            read[key] = sample.value
    return read


def scrape(url: str) -> Samples:
    """What is served there now."""
    with urlopen(url, timeout=10) as page:
        return read_samples(page.read().decode())


def find_url(log: Path) -> str:
    """The address that the log of a worker, or of the command, names, once it does."""

    def find() -> str:
        found = URL.findall(log.read_text())
        return found[-1] if found else ""

    return wait_until(find)
