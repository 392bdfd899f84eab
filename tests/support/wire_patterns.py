"""Patterns such as a spec writes for dates, numbers, identifiers and addresses, for Rust's regex."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from random import Random
from uuid import UUID

_LEAP = r"(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00|0000)"
_DAY = (
    r"(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    r"|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    rf"|{_LEAP}-02-29)"
)
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]{1,9})?)?"
_ZONE = r"(?:[zZ]|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9])"
_BYTE = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_GROUP = r"[0-9a-fA-F]{1,4}"

#: By name: what a spec may say of a string.
WIRE_PATTERNS = {
    "date": rf"^{_DAY}$",
    "aware": rf"^{_DAY}[Tt _]{_CLOCK}{_ZONE}$",
    "naive": rf"^{_DAY}[Tt _]{_CLOCK}$",
    "datetime": rf"^{_DAY}(?:[Tt _]{_CLOCK}{_ZONE}?)?$|^[+-]?[0-9]{{1,15}}(?:\.[0-9]{{0,6}})?$",
    "time": rf"^{_CLOCK}{_ZONE}?$",
    "duration": (
        r"^[+-]?P(?:[0-9]{1,9}W|(?:[0-9]{1,9}Y)?(?:[0-9]{1,9}M)?(?:[0-9]{1,9}D)?"
        r"(?:T(?:[0-9]{1,9}H)?(?:[0-9]{1,9}M)?(?:[0-9]{1,9}(?:\.[0-9]{1,9})?S)?)?)$"
        r"|^[+-]?(?:[0-9]{1,9} days?,? ?)?(?:[0-9]{1,2}:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?)?$"
    ),
    "decimal": r"^\s*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*$",
    "money": r"^[+-]?0*(?:[0-9]{1,3}(?:\.[0-9]{0,2}0*)?|\.[0-9]{1,2}0*)$",
    "uuid": (
        r"^(?:urn:uuid:)?(?:[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|[0-9a-fA-F]{32})$"
        r"|^\{[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\}$"
    ),
    "plain uuid": r"^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$",
    "base64": r"^(?:[A-Za-z0-9+/_-]{4})*(?:[A-Za-z0-9+/_-]{2}(?:==)?|[A-Za-z0-9+/_-]{3}=?)?$",
    "ipv4": rf"^(?:{_BYTE}\.){{3}}{_BYTE}$",
    "ipv6": (
        rf"^(?:(?:{_GROUP}:){{7}}{_GROUP}|(?:{_GROUP}:){{1,7}}:|(?:{_GROUP}:){{1,6}}:{_GROUP}"
        rf"|(?:{_GROUP}:){{1,5}}(?::{_GROUP}){{1,2}}|(?:{_GROUP}:){{1,4}}(?::{_GROUP}){{1,3}}"
        rf"|(?:{_GROUP}:){{1,3}}(?::{_GROUP}){{1,4}}|(?:{_GROUP}:){{1,2}}(?::{_GROUP}){{1,5}}"
        rf"|{_GROUP}:(?::{_GROUP}){{1,6}}|:(?:(?::{_GROUP}){{1,7}}|:)"
        rf"|::(?:[fF]{{4}}:)?(?:{_BYTE}\.){{3}}{_BYTE})$"
    ),
    "word": r"^\w+$",
    "not blank": r"\S",
    "code": r"^[A-Z]{3}$",
}


@lru_cache(maxsize=1)
def list_wire_texts() -> list[str]:
    """Texts as Python's own types write them, and each with a character changed, added or left out."""
    rng = Random(8)
    texts: set[str] = {
        "",
        "A",
        "ABC",
        "abc",
        "a b",
        " ",
        "\u0663",
        "\xe9",
        "nan",
        "P1DT2H",
        "-P3W",
        "PT0.5S",
        "1 day, 2:03:04",
    }
    for _ in range(60):
        moment = datetime.fromtimestamp(rng.randrange(4 * 10**9), UTC) + timedelta(
            microseconds=rng.randrange(10**6)
        )
        span = timedelta(seconds=rng.randrange(10**7))
        number = Decimal(rng.randrange(-(10**6), 10**6)).scaleb(-rng.randrange(5))
        raw = rng.randbytes(rng.randrange(12))
        texts |= {
            moment.date().isoformat(),
            moment.isoformat(),
            moment.replace(tzinfo=None).isoformat(),
            moment.strftime("%Y-%m-%dT%H:%MZ"),
            moment.time().isoformat(),
            f"{rng.randrange(2400):04}-02-29",
            str(moment.timestamp()),
            str(span),
            f"P{span.days}DT{span.seconds}S",
            str(number),
            f"{number:e}",
            str(UUID(int=rng.getrandbits(128))),
            UUID(int=rng.getrandbits(128)).urn,
            UUID(int=rng.getrandbits(128)).hex,
            b64encode(raw).decode(),
            urlsafe_b64encode(raw).decode(),
            str(IPv4Address(rng.getrandbits(32))),
            str(IPv6Address(rng.getrandbits(128) & rng.getrandbits(128) & rng.getrandbits(128))),
            str(IPv6Address(rng.getrandbits(32) << rng.choice((0, 96)))),
        }
    for plain in sorted(texts):
        at = rng.randrange(len(plain) + 1)
        letter = rng.choice("0123456789:-.T Zz+aAfF=\n\u0663")
        texts |= {
            plain[:at] + letter + plain[at:],
            plain[:at] + letter + plain[at + 1 :],
            plain[:at] + plain[at + 1 :],
        }
    return sorted(texts)
