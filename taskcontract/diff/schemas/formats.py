"""The formats that the drafts define; a validator ignores all others."""

from __future__ import annotations

#: A value of each format, to try where formats are asserted.
EXAMPLES = {
    "date": "2024-02-29",
    "date-time": "2024-02-29T12:00:00Z",
    "duration": "P1D",
    "email": "a@example.org",
    "hostname": "example.org",
    "idn-email": "a@example.org",
    "idn-hostname": "example.org",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "iri": "https://example.org/",
    "iri-reference": "/a",
    "json-pointer": "/a",
    "regex": "a+",
    "relative-json-pointer": "0",
    "time": "12:00:00Z",
    "uri": "https://example.org/",
    "uri-reference": "/a",
    "uri-template": "/{a}",
    "uuid": "123e4567-e89b-12d3-a456-426614174000",
}
