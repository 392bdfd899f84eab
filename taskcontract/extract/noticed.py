"""The options of a plain task that a rule of the diff compares, wherever the task is read from."""

from __future__ import annotations

__all__ = ["NOTICED"]

NOTICED = (
    "acks_late", "acks_on_failure_or_timeout", "autoretry_for", "default_retry_delay", "expires",
    "ignore_result", "max_retries", "priority", "rate_limit", "reject_on_worker_lost", "retry_backoff",
    "retry_backoff_max", "retry_jitter", "soft_time_limit", "time_limit", "typing",
)  # fmt: skip
