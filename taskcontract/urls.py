"""URLs of brokers and result stores as they may be printed: without passwords, however they are written.

A password may hold `/`, `#`, `?` or `@` though it should not, and a URL that is wrong is printed too: what
may be a part of a password is hidden rather than shown, and with it what cannot be told from one.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

__all__ = ["hide_in_text", "hide_in_value", "hide_password", "spell_server"]

HIDDEN = "**"
_SCHEME = "[A-Za-z][A-Za-z0-9+.-]*://"
_NEXT = re.compile(rf"[;,]\s*(?={_SCHEME})")
_HOST = r"(?:\[[^\]]*\]|[^:/?#,@]*)(?::[0-9]{0,5})?"
_ONLY_HOSTS = re.compile(rf"{_HOST}(?:,{_HOST})*(?:[/?#].*)?", re.DOTALL)
_MISREAD = re.compile(r"\A[^:/#?;]*:?@|[/#?;][^@]*@", re.DOTALL)
_FOLDERS = frozenset({"embedded", "file", "filesystem", "db+sqlite", "sqla+sqlite", "sqlalchemy+sqlite"})
_QUERY = re.compile(r"(?i)([?&][^=&#]*(?:pass|pwd|secret|token|key|credential|auth)[^=&#]*=)(.+)", re.DOTALL)
_ENDS = re.compile(r"[/#?@:;%,&=\[\]\s]+")
SURE = 4
"""Characters of a part of a password from which on it is hidden inside words too."""


def hide_password(url: object) -> str:
    """Return `url`, which may be several or none at all, with `**` for passwords."""
    if isinstance(url, (list, tuple)):
        return ";".join(map(hide_password, url))
    if not isinstance(url, str):
        return "" if url is None else f"<{type(url).__name__}>"
    return ";".join(f"{before}{HIDDEN if secret else ''}{after}" for before, secret, after in _cut_each(url))


def hide_in_text(text: str, url: object) -> str:
    """Return `text`, such as what a library says of `url`, without what may be a part of its passwords."""
    for part in sorted(_secrets(url), key=len, reverse=True):
        pattern = re.escape(part)
        if len(part) < SURE:
            pattern = rf"(?<![A-Za-z0-9]){pattern}(?![A-Za-z0-9])"
        text = re.sub(pattern, HIDDEN, text, flags=re.IGNORECASE)  # hosts are lowered
    return text


def hide_in_value(value: Any) -> Any:
    """Return a configured `value` of any type with passwords hidden in the URLs that it has."""
    if isinstance(value, str):
        return hide_password(value) if "://" in value or "@" in value else value
    if isinstance(value, dict):
        return {hide_in_value(name): hide_in_value(item) for name, item in value.items()}
    return [hide_in_value(item) for item in value] if isinstance(value, list) else value


def spell_server(server: Any, url: object = None) -> str:
    """Return the URL of a kombu connection or a result backend, as it may be printed.

    `url` is what is configured, where it is known: kombu takes `redis://:12#34@h` for port 12,
    and what stands alone in front of an `@` for a user.
    """
    given = url or getattr(server, "configured_url", None) or getattr(server, "url", None)
    if isinstance(given, str) and _MISREAD.search(_cut_scheme(given)[1]):
        return hide_password(given)
    try:
        shown = server.as_uri()
        # What has no `://` is a host for kombu, and quoted.
        return hide_password(unquote(shown) if "%40" in shown else shown)
    except Exception:  # whatever reading a malformed URL raises
        return hide_password(getattr(server, "hostname", None) or given)


def _cut_each(urls: str) -> list[tuple[str, str, str]]:
    """Return each of several URLs, in three as `_cut` gives them.

    One that has no `@`, where a later one has, may be the first half of a password that reads as two URLs.
    """
    each = _NEXT.split(urls)
    last = max((index for index, url in enumerate(each) if "@" in url), default=0)
    return [
        _cut(url) if "@" in url or index >= last else (*_cut_scheme(url), "")
        for index, url in enumerate(each)
    ]


def _cut_scheme(url: str) -> tuple[str, str]:
    found = re.match(_SCHEME, url)
    return (found[0], url[found.end() :]) if found else ("", url)


def _cut(url: str) -> tuple[str, str, str]:
    """Return `url` in three: what stands before its password, the password, what stands behind."""
    before, rest = _cut_scheme(url)
    scheme = before.removesuffix("://").lower()
    if scheme in _FOLDERS and rest.startswith("/"):
        return (url, "", "") if scheme == "embedded" else _cut_query(before, rest)
    said, at, host = rest.rpartition("@")
    if not at:
        return _cut_hosts(before, host)
    if "?" in said:  # a query with an @, or a password with a ?
        return before, rest, ""
    user, colon, secret = said.partition(":")
    shown, wrong, query = _cut_hosts("", host)
    behind = f"@{shown}{HIDDEN if wrong else ''}{query}"
    if not secret:  # a token, which stands where a user would
        return before, f"{user}{colon}?{wrong}", behind
    return f"{before}{user}:", f"{secret}?{wrong}", behind


def _cut_hosts(before: str, hosts: str) -> tuple[str, str, str]:
    """Return `_cut`'s three parts for the text in the place of hosts: a wrong port may be a password."""
    if _ONLY_HOSTS.fullmatch(hosts):
        return _cut_query(before, hosts)
    name, _, wrong = hosts.partition(":")
    return f"{before}{name}:", wrong, ""


def _cut_query(before: str, rest: str) -> tuple[str, str, str]:
    """Return `_cut`'s three parts for the text after a password's name: `&` and `#` may belong to it."""
    found = _QUERY.search(rest)
    start = found.start(2) if found else len(rest)
    return before + rest[:start], rest[start:], ""


def _secrets(url: object) -> set[str]:
    """Return the passwords of `url` and the parts that a reader of URLs may take for something else."""
    if isinstance(url, (list, tuple)):
        return set().union(*map(_secrets, url))
    if not isinstance(url, str):
        return set()
    whole = {secret for _, secret, _ in _cut_each(url)}
    whole |= {unquote(secret) for secret in whole}
    parts = {part for secret in whole for part in (secret, *_ENDS.split(secret))}
    parts |= {repr(part)[1:-1] for part in parts}
    return parts - {"", HIDDEN}
