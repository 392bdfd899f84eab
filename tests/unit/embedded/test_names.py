"""Names of files: every queue has one of its own, and messages sort in their order."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskcontract.embedded.names import MessageNames, count_redeliveries, encode_name, is_message, name_again

ANY_NAME = st.text(max_size=300) | st.text(alphabet="aA./%~\0é漢", max_size=300)


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("celery", "celery"),
        ("celery@host.celery.pidbox", "celery@host.celery.pidbox"),
        ("a/b", "a%2fb"),
        ("..", "%2e."),
        (".hidden", "%2ehidden"),
        ("", "%"),
        ("Pusher", "%50usher"),
        ("100%", "100%25"),
        ("é", "%c3%a9"),
        ("e\u0301", "e%cc%81"),
        ("a b\nc\0", "a%20b%0ac%00"),
    ],
)
def test_a_name_becomes_a_plain_file_name(name: str, file: str) -> None:
    assert encode_name(name) == file


@given(ANY_NAME, ANY_NAME)
def test_no_two_names_share_a_file_even_where_case_is_ignored(one: str, other: str) -> None:
    assert (encode_name(one).casefold() == encode_name(other).casefold()) == (one == other)


@given(ANY_NAME)
def test_any_name_fits_into_a_folder(name: str) -> None:
    file = encode_name(name)
    assert file
    assert file.isascii()
    assert "/" not in file
    assert "\0" not in file
    assert not file.startswith(".")
    assert len(file) + len(".lease") <= 255


def test_long_names_that_differ_at_the_end_stay_apart() -> None:
    assert encode_name("q" * 1000 + "1") != encode_name("q" * 1000 + "2")


def test_messages_sort_by_priority_then_by_time() -> None:
    names = MessageNames()
    low, lower = names.name_next(0), names.name_next(0)
    high, beyond = names.name_next(9), names.name_next(99)
    assert sorted([lower, beyond, low, high]) == [high, beyond, low, lower]


def test_time_never_stands_still_or_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([500, 500, 100])
    monkeypatch.setattr("time.time_ns", lambda: next(clock))
    names = MessageNames()
    written = [names.name_next() for _ in range(3)]
    assert written == sorted(set(written))


def test_a_forked_child_writes_under_another_name() -> None:
    names = MessageNames()
    before = names.name_next().split("-", 2)[2]
    names.become_author()
    assert names.name_next().split("-", 2)[2] != before
    assert f"-{os.getpid()}-" in names.name_next()


def test_a_returned_message_keeps_its_place_and_counts() -> None:
    first = MessageNames().name_next()
    again = name_again(first)
    third = name_again(again)
    assert [count_redeliveries(name) for name in (first, again, third)] == [0, 1, 2]
    assert first.rpartition(".")[0] == third.rpartition(".")[0]


@pytest.mark.parametrize(
    ("file", "message"), [("9-1-2-3.0", True), (".DS_Store", False), ("notes.txt", False)]
)
def test_strangers_are_no_messages(file: str, message: bool) -> None:
    assert is_message(file) is message
