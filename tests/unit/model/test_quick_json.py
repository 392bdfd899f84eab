"""The quick reader of what we wrote gives what the careful one gives, and leaves it all that is refused."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskcontract.errors import SpecError
from taskcontract.model.canonical import dump_canonical, parse_json
from taskcontract.model.equality import same_exactly
from taskcontract.model.files import read_json_file
from taskcontract.model.quick_json import parse_written

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
NUMBERS = st.one_of(
    st.integers(),
    st.sampled_from([2**53, 2**63, 2**64 - 1, 2**64, -(2**63), -(2**63) - 1, 10**30]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0.0, -0.0, 1e16, 1e22, 5e-324, 1.7976931348623157e308, 1e-7]),
)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=15,
)
WRITTEN = st.builds(dump_canonical, st.lists(VALUES) | st.dictionaries(TEXTS, VALUES))
PIECES = st.sampled_from(
    (
        *(b"", b" ", b"\n", b",", b"\xff", b"\xed\xa0\x80", b"\\ud800", b"\\u0041", b"NaN", b"1e999", b"-0"),
        *(b"1.0", b"9" * 30, b'"a": 1,\n', b"[", b"}", b"\0", b"/**/", b"\xef\xbb\xbf", b"\r", b"0"),
        *(b"Infinity", b"E5"),
    )
)


def read_with_care(data: bytes) -> Any:
    """What the careful reader makes of a file; its error, or that it is no text, as a text."""
    try:
        return parse_json(data.decode(), where="x")
    except UnicodeDecodeError:
        return ("refused", "not UTF-8")
    except SpecError as error:
        return ("refused", str(error))


def assert_agreement(data: bytes) -> None:
    quick = parse_written(data)
    if quick is not None:
        careful = read_with_care(data)
        assert same_exactly(quick, careful)
        assert repr(quick) == repr(careful)  # the order of the keys, and the sign of a zero


@given(WRITTEN)
def test_what_we_wrote_is_read_alike(text: str) -> None:
    assert_agreement(text.encode())


@given(WRITTEN, st.data())
def test_what_was_changed_since_is_read_alike_or_left(text: str, data: st.DataObject) -> None:
    written = text.encode()
    start = data.draw(st.integers(0, len(written)))
    end = data.draw(st.integers(start, min(len(written), start + 3)))
    assert_agreement(written[:start] + data.draw(PIECES) + written[end:])


@given(WRITTEN, st.data())
def test_doubled_lines_are_read_alike_or_left(text: str, data: st.DataObject) -> None:
    lines = text.encode().splitlines(keepends=True)
    start = data.draw(st.integers(0, len(lines) - 1))
    end = data.draw(st.integers(start, len(lines)))
    assert_agreement(b"".join(lines[:end] + lines[start:]))


def test_a_plain_spec_takes_the_quick_way() -> None:
    value = {"a": [1, 1.5, -7, "é\n\x7f", None, True, {}, []], "b": {"c": {"": "\u2028"}}}

    assert parse_written(dump_canonical(value).encode()) == value


@pytest.mark.parametrize(
    "text",
    [
        '{\n  "a": 1,\n  "a": 1\n}\n',
        '{\n  "a": NaN\n}\n',
        '{\n  "a": 1e999\n}\n',
        '{\n  "a": "\\ud800"\n}\n',
        '{\n  "a": ' + "9" * 5000 + "\n}\n",
        dump_canonical(json.loads("[" * 201 + "]" * 201)),
        dump_canonical(json.loads('{"a":' * 300 + "1" + "}" * 300)),
        '{\n  "a": 1\n',
        '\ufeff{\n  "a": 1\n}\n',
    ],
)
def test_what_is_refused_is_refused_with_the_same_words(text: str, tmp_path: Path) -> None:
    file = tmp_path / "spec.json"
    file.write_text(text)

    with pytest.raises(SpecError) as careful:
        parse_json(text, where=str(file))
    with pytest.raises(SpecError) as caught:
        read_json_file(file)

    assert str(caught.value) == str(careful.value)


def test_what_has_too_many_values_is_refused_however_it_is_written(tmp_path: Path) -> None:
    file = tmp_path / "spec.json"
    file.write_text(dump_canonical(["," * 2_500_001]))

    with pytest.raises(SpecError, match="2,500,000 values"):
        read_json_file(file)


@pytest.mark.parametrize("spoil", [lambda text: text, lambda text: text.replace("  ", " ")])
def test_without_orjson_all_is_read_with_care(
    spoil: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "spec.json"
    file.write_text(spoil(dump_canonical({"a": [1]})))
    monkeypatch.setitem(sys.modules, "orjson", None)

    assert read_json_file(file) == {"a": [1]}
