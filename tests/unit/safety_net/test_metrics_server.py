"""Where metrics are served, what is said where they cannot be, and a child that lets go of the port."""

from __future__ import annotations

import os
import re
import socket
import sys
from urllib.request import urlopen

import pytest
from prometheus_client import REGISTRY, CollectorRegistry, Counter

from taskcontract.errors import ConfigError
from taskcontract.safety_net.metrics_server import (
    MULTIPROCESS,
    Address,
    MetricsServer,
    choose_registry,
    demand_prometheus,
    read_address,
)
from tests.support.scraping import scrape

READ = {
    "9540": ("127.0.0.1", 9540),
    "0": ("127.0.0.1", 0),
    "127.0.0.1:9540": ("127.0.0.1", 9540),
    "[::1]:9540": ("::1", 9540),
    "localhost:80": ("localhost", 80),
    "65535": ("127.0.0.1", 65535),
}
REFUSED = ["", "x", "host", ":9540", "65536", "1:2:3", "::1:80", "http://h:80", "h:80/metrics", "h :80", "٣٣"]


@pytest.mark.parametrize(("text", "address"), READ.items(), ids=READ)
def test_an_address(text: str, address: tuple[str, int]) -> None:
    assert read_address(text, "--listen") == address


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(ConfigError, match=f"^--listen: {re.escape(repr(text))} is no address"):
        read_address(text, "--listen")


@pytest.fixture
def registry() -> CollectorRegistry:
    registry = CollectorRegistry()
    Counter("seen", "Seen.", registry=registry).inc(3)
    return registry


@pytest.mark.process
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_it_is_served_until_it_is_closed(registry: CollectorRegistry, host: str) -> None:
    server = MetricsServer(Address(host, 0), registry, "here")
    assert scrape(server.url)["seen_total", frozenset()] == 3
    server.close()
    with pytest.raises(OSError, match="refused"):
        urlopen(server.url, timeout=5)


@pytest.mark.process
def test_a_port_that_is_taken(registry: CollectorRegistry) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=rf"^here: metrics cannot be served at 127.0.0.1:{port}: .*use"):
            MetricsServer(Address("127.0.0.1", port), registry, "here")


@pytest.mark.parametrize("host", ["no.such.host.invalid", "192.0.2.1", "a" * 70])
@pytest.mark.process
def test_a_host_that_is_none_of_this_machine(registry: CollectorRegistry, host: str) -> None:
    with pytest.raises(ConfigError, match="metrics cannot be served at"):
        MetricsServer(Address(host, 0), registry, "here")


@pytest.mark.process
def test_a_forked_child_does_not_keep_the_port(registry: CollectorRegistry) -> None:
    server = MetricsServer(Address("127.0.0.1", 0), registry, "here")
    port = int(server.url.split(":")[2].split("/")[0])
    reading, writing = os.pipe()
    child = os.fork()
    if not child:  # as a pool's process that is started anew: it lives on where this one is killed
        os.close(writing)
        os.read(reading, 1)
        os._exit(0)
    try:
        server.close()
        MetricsServer(Address("127.0.0.1", port), registry, "here").close()
    finally:
        os.close(writing)
        os.close(reading)
        os.waitpid(child, 0)


def test_the_registry_is_the_common_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(MULTIPROCESS, raising=False)
    assert choose_registry() is REGISTRY


def test_a_folder_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MULTIPROCESS, "/no/such/folder")
    with pytest.raises(ConfigError, match=MULTIPROCESS):
        choose_registry()


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    with pytest.raises(ConfigError, match="prometheus-client is not installed"):
        demand_prometheus()
