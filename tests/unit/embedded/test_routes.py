"""Exchanges and bindings on disk."""

from __future__ import annotations

import shutil
import threading
from typing import TYPE_CHECKING

import pytest

from taskcontract.embedded.names import encode_name
from taskcontract.embedded.routes import Binding, Routes
from taskcontract.errors import BrokerError

if TYPE_CHECKING:
    from pathlib import Path

TO_A, TO_A_TOO, TO_B = Binding("key", "", "a"), Binding("other/key", "^x$", "a"), Binding("key", "", "B")


@pytest.fixture
def routes(folder: Path) -> Routes:
    return Routes(folder)


def test_an_exchange_keeps_the_type_it_was_created_with(routes: Routes) -> None:
    assert routes.find_type("e") is None
    assert routes.declare("e", "topic") == "topic"
    assert routes.declare("e", "direct") == "topic"
    assert routes.find_type("e") == "topic"


def test_exchanges_are_listed_by_name(routes: Routes) -> None:
    names = {"e", "E", "reply.celery.pidbox", "é/x" * 100}
    for name in names:
        routes.declare(name, "direct")
    assert set(routes.list_exchanges()) == names


def test_bindings_are_what_was_bound(routes: Routes, folder: Path) -> None:
    for binding in (TO_A, TO_A, TO_A_TOO, TO_B):
        routes.bind("e", binding)
    assert set(Routes(folder).read_bindings("e")) == {TO_A, TO_A_TOO, TO_B}
    routes.unbind("e", TO_A)
    routes.unbind("e", TO_A)
    assert set(routes.read_bindings("e")) == {TO_A_TOO, TO_B}


def test_a_deleted_queue_is_forgotten_by_all_exchanges(routes: Routes) -> None:
    for exchange in ("e", "f"):
        for binding in (TO_A, TO_A_TOO, TO_B):
            routes.bind(exchange, binding)
    routes.forget_queue(encode_name("a"))
    assert [routes.read_bindings(exchange) for exchange in ("e", "f")] == [[TO_B], [TO_B]]


def test_a_deleted_exchange_is_unknown(routes: Routes) -> None:
    routes.declare("e", "topic")
    routes.bind("e", TO_A)
    routes.delete("e")
    assert (routes.find_type("e"), routes.read_bindings("e"), routes.list_exchanges()) == (None, [], [])


def test_a_removed_folder_has_no_routes_and_takes_new_ones(routes: Routes, folder: Path) -> None:
    routes.bind("e", TO_A)
    shutil.rmtree(folder)
    assert routes.read_bindings("e") == []
    routes.forget_queue("a")
    routes.bind("e", TO_B)
    assert routes.read_bindings("e") == [TO_B]


def test_a_file_of_another_kind_is_a_clear_error(routes: Routes, folder: Path) -> None:
    routes.declare("e", "topic")
    (folder / "exchanges" / "e" / "type").write_text("topic")
    with pytest.raises(BrokerError, match="another version") as failure:
        routes.find_type("e")
    assert failure.value.where.endswith("exchanges/e/type")


def test_bindings_made_at_once_are_all_there(folder: Path) -> None:
    bindings = {Binding(str(number), "", f"q{number}") for number in range(40)}
    binders = [threading.Thread(target=Routes(folder).bind, args=("e", binding)) for binding in bindings]
    for binder in binders:
        binder.start()
    for binder in binders:
        binder.join(timeout=20)
    assert set(Routes(folder).read_bindings("e")) == bindings
