"""Undoing the compression of a body, up to a size: 300 KB may unpack to a gigabyte."""

from __future__ import annotations

import bz2
import lzma
import zlib
from importlib import import_module
from typing import TYPE_CHECKING, Any

from kombu.compression import get_decoder
from kombu.utils.encoding import ensure_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["COMPRESSION", "MOST", "BeyondBoundError", "is_too_large", "unpack"]

COMPRESSION = "compression"
"""The header in which kombu says how a body is compressed."""

MOST = 32 * 1024 * 1024
"""Bytes that a body may unpack to: what is larger is neither served nor looked into."""

MOST_MEMORY = 4 * MOST
"""Bytes that an unpacker may take for itself. That of `xz -9` takes 65 MB; a header may ask for 4 GB."""

PIECE = 1024 * 1024
"""Bytes that an unpacker of brotli gives at a time."""


class BeyondBoundError(ValueError):
    """A compressed body that unpacks to more than MOST bytes, or that nothing could stop while it does."""


def unpack(body: Any, compression: Any) -> bytes:
    """Return `body` without its `compression`, as kombu's `decompress` gives it; its errors too.

    A BeyondBoundError where that is more than MOST bytes. A codec that the project itself has registered
    with kombu is used as it is: its bounds are its own.
    """
    unpacker = get_decoder(compression)
    if _measure(body, unpacker) > MOST:
        raise BeyondBoundError(f"it unpacks to more than {MOST // 1024**2} MB")
    unpacked: bytes = unpacker(ensure_bytes(body))
    return unpacked


def is_too_large(body: Any, compression: Any) -> bool:
    """Return whether `body`, which came with this header `compression`, unpacks to more than MOST bytes."""
    try:
        return _measure(body, get_decoder(compression)) > MOST
    except BeyondBoundError:
        return True
    except Exception:  # it is broken: the reader of the body reports that
        return False


def _measure(body: Any, unpacker: Any) -> int:
    """Return how many bytes kombu's `unpacker` would make of `body`, up to MOST + 1; 0 for others' codecs."""
    read = READERS.get(unpacker.__module__)
    return 0 if read is None else read(ensure_bytes(body), MOST + 1)


def _measure_zlib(body: bytes, most: int) -> int:
    return len(zlib.decompressobj().decompress(body, most))


def _measure_streams(make: Callable[[], Any]) -> Callable[[bytes, int], int]:
    """For codecs that read one stream after the other; other bytes behind the first are ignored."""

    def measure(body: bytes, most: int) -> int:
        length, rest = 0, body
        while rest and length < most:
            stream = make()
            try:
                length += len(stream.decompress(rest, most - length))
            except Exception:
                if rest is body:
                    raise
                break
            rest = stream.unused_data
        return length

    return measure


def _measure_brotli(body: bytes, most: int) -> int:
    stream: Any = import_module("brotli").Decompressor()
    try:
        length, piece = 0, stream.process(body, output_buffer_limit=PIECE)
    except TypeError:
        raise BeyondBoundError("this brotli cannot be stopped at a size: install brotli>=1.2") from None
    while piece and length < most:
        length += len(piece)
        piece = b"" if stream.is_finished() else stream.process(b"", output_buffer_limit=PIECE)
    return length


def _measure_zstandard(body: bytes, most: int) -> int:
    """Kombu 5.5 has this library for zstd, and later ones that of Python 3.14."""
    unpacker: Any = import_module("zstandard").ZstdDecompressor(max_window_size=MOST_MEMORY)
    return len(unpacker.stream_reader(body).read(most))


READERS: dict[str, Callable[[bytes, int], int]] = {
    "zlib": _measure_zlib,
    "bz2": _measure_streams(bz2.BZ2Decompressor),
    "lzma": _measure_streams(lambda: lzma.LZMADecompressor(memlimit=MOST_MEMORY)),
    "_brotli": _measure_brotli,
    "brotli": _measure_brotli,
    "kombu.compression": _measure_zstandard,
    "backports.zstd": _measure_streams(lambda: import_module("backports.zstd").ZstdDecompressor()),
    "compression.zstd": _measure_streams(lambda: import_module("compression.zstd").ZstdDecompressor()),
}
"""By the modules that have what kombu unpacks with. Each can be stopped at a size."""
