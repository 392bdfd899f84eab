"""The keys of `[tool.taskcontract]`: one table from which the file, the options and the docs are read."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from taskcontract.model.finding import SEVERITIES

__all__ = ["CALL_STYLES", "COMPATIBILITY", "FAIL_ON", "KEYS", "POOLS", "UNSENT", "Key", "Shape"]

Shape = Literal["text", "texts", "count", "seconds", "map", "tables"]
"""What a key's value is: a string, strings, a whole number from 1, seconds, name -> word, or tables."""

CALL_STYLES = ("positional", "keyword", "both")
POOLS = ("threads", "prefork", "solo")
FAIL_ON = (*SEVERITIES, "never")
COMPATIBILITY = (
    "none",
    "backward",
    "forward",
    "full",
    "backward-transitive",
    "forward-transitive",
    "full-transitive",
)
"""What a service may promise: old callers go on (backward), new ones do with old workers (forward), both; to
what runs where it goes, or (transitive) in any environment."""
UNSENT = ("breaking", "dangerous")
"""Never safe: what nobody sent yet may be sent tomorrow."""


class Key(NamedTuple):
    """One key: its name and shape, its default, and the words allowed (all if empty)."""

    name: str
    shape: Shape
    default: Any
    help: str
    words: tuple[str, ...] = ()

    @property
    def option(self) -> str:
        """The key as part of an option: `startup-timeout`."""
        return self.name.replace("_", "-")


KEYS: dict[str, Key] = {
    key.name: key
    for key in (
        Key("app", "text", None, "the provider's Celery app, as for `celery -A`"),
        Key("bindings", "texts", (), "the modules that declare this project's services"),
        Key("contracts", "texts", ("contracts",), "the folders of contracts and published specs"),
        Key("broker", "text", "embedded", "the broker's URL, or `embedded` for one without a server"),
        Key("backend", "text", None, "the result backend's URL; by default one that fits the broker"),
        Key("live", "text", None, "replay on workers that run already: their broker's URL, or `app`"),
        Key("pool", "text", "threads", "the worker's pool", POOLS),
        Key("concurrency", "count", 4, "how many tasks the worker runs at once"),
        Key("states", "text", None, "the module that declares the provider's states"),
        Key("startup_timeout", "seconds", 20.0, "seconds until a worker that does not answer is given up"),
        Key("timeout", "seconds", 10.0, "seconds that one interaction may take"),
        Key(
            "consumer",
            "text",
            None,
            "this project's name in the contracts that it records; with --taskcontract, the option names the "
            "consumers whose contracts are replayed",
        ),
        Key(
            "results",
            "text",
            None,
            "the file of what has passed; what never has breaks no build",
        ),
        Key("call_style", "text", "both", "how callers pass arguments", CALL_STYLES),
        Key("call_styles", "map", {}, "the same, task by task", CALL_STYLES),
        Key("severity", "map", {}, "rules whose severity is not the usual one", SEVERITIES),
        Key("accept", "tables", (), "breaks that are accepted, each with its reason"),
        Key(
            "default_branch",
            "text",
            None,
            "the branch that `taskcontract diff` alone compares with (default: the remote's, main or master)",
        ),
        Key("registry", "text", None, "the registry that services share: a folder, or `s3://BUCKET/PREFIX`"),
        Key(
            "compatibility",
            "text",
            "none",
            "what each version promises to those that run, whether they have contracts or not",
            COMPATIBILITY,
        ),
        Key("fail_on", "text", "breaking", "the least severity that makes the exit code 1", FAIL_ON),
        Key(
            "unsent",
            "text",
            "breaking",
            "what a break is, with `diff --traffic`, that no call of the days that are asked for meets",
            UNSENT,
        ),
    )
}
