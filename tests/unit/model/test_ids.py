"""Names as ids."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskcontract.model.ids import escape_id, unescape_id

NAMES = st.text(
    st.one_of(st.sampled_from("-_.aué/#{} 2d"), st.characters(exclude_categories=["Cs"])), max_size=12
)


@pytest.mark.parametrize(
    ("name", "escaped"),
    [
        ("pusher.send_to_s3_v2", "pusher.send_to_s3_v2"),
        ("my-service", "my-service"),
        ("a/b", "a--2f-b"),
        ("{celery}", "--7b-celery--7d-"),
        ("a--b", "a--2d--b"),
        ("a-", "a--2d-"),
        ("", "--"),
    ],
)
def test_an_id_is_the_name_where_it_can_be(name: str, escaped: str) -> None:
    assert escape_id(name) == escaped


@given(NAMES)
def test_two_names_never_have_one_id(name: str) -> None:
    escaped = escape_id(name)
    assert re.fullmatch(r"[A-Za-z0-9._-]+", escaped)
    assert unescape_id(escaped) == name
