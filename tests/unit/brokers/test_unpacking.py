"""Every codec that kombu has is stopped at the bound, and otherwise gives what kombu gives."""

from __future__ import annotations

import lzma
import sys
import tracemalloc
import zlib
from types import SimpleNamespace
from typing import Any

import pytest
from kombu import compression
from kombu.compression import encoders, get_decoder, get_encoder

from taskcontract.brokers import unpacking
from taskcontract.brokers.unpacking import BeyondBoundError, is_too_large, unpack

MOST = 64 * 1024
CODECS = encoders()


@pytest.fixture(autouse=True)
def small_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MOST", MOST)


def pack(body: bytes, codec: str) -> bytes:
    encoder: Any = get_encoder(codec)
    packed: bytes = encoder[0](body)
    return packed


@pytest.mark.parametrize("codec", CODECS)
def test_what_is_within_the_bound_is_unpacked_as_kombu_does(codec: str) -> None:
    for body in (b"", b"[]", bytes(MOST)):
        packed = pack(body, codec)
        assert unpack(packed, codec) == body
        assert not is_too_large(packed, codec)


@pytest.mark.parametrize("codec", CODECS)
def test_what_is_beyond_it_is_not(codec: str) -> None:
    packed = pack(bytes(MOST + 1), codec)
    assert is_too_large(packed, codec)
    with pytest.raises(BeyondBoundError, match="unpacks to more than"):
        unpack(packed, codec)


@pytest.mark.slow
@pytest.mark.parametrize("codec", CODECS)
def test_a_bomb_takes_no_room(codec: str) -> None:
    bomb = pack(bytes(1024 * MOST), codec)
    tracemalloc.start()
    with pytest.raises(BeyondBoundError):
        unpack(bomb, codec)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 256 * MOST  # lzma's own memory is 8 MB


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("broken", ["garbage", "cut", "followed", "doubled"])
def test_what_is_broken_is_what_it_is_to_kombu(codec: str, broken: str) -> None:
    whole = pack(b"[[1, 2], {}, {}]" * 50, codec)
    body = {"garbage": b"garbage", "cut": whole[:-3], "followed": whole + b"x", "doubled": 2 * whole}[broken]
    try:
        expected: Any = get_decoder(codec)(body)
    except Exception as error:
        with pytest.raises(type(error)):
            unpack(body, codec)
    else:
        assert unpack(body, codec) == expected


def test_each_codec_of_kombus_has_a_reader() -> None:
    assert {get_decoder(codec).__module__ for codec in CODECS} <= unpacking.READERS.keys()


@pytest.mark.slow
def test_a_header_that_asks_for_much_memory_is_refused() -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 30}]
    with pytest.raises(lzma.LZMAError, match="limit"):
        unpack(lzma.compress(b"[]", filters=filters), "xz")


def test_a_library_that_cannot_be_stopped_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    def process(body: bytes) -> bytes:
        raise AssertionError

    old = SimpleNamespace(Decompressor=lambda: SimpleNamespace(process=process))
    monkeypatch.setitem(sys.modules, "brotli", old)
    unpacker = SimpleNamespace(__module__="_brotli")
    monkeypatch.setitem(vars(compression)["_decoders"], "application/x-brotli", unpacker)
    with pytest.raises(BeyondBoundError, match=r"brotli>=1\.2"):
        unpack(b"any", "application/x-brotli")
    assert is_too_large(b"any", "application/x-brotli")


def test_a_codec_of_the_projects_own_is_used_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        vars(compression)["_decoders"], "application/x-own", lambda body: zlib.decompress(body[1:])
    )
    assert unpack(b"!" + zlib.compress(b"[]"), "application/x-own") == b"[]"


def test_an_unknown_one_is_an_error() -> None:
    with pytest.raises(KeyError):
        unpack(b"", "no-such")
    assert not is_too_large(b"", "no-such")
