"""The options of a plain task that a rule of the diff compares, wherever the task is read from."""

from __future__ import annotations

__all__ = ["FROM_SETTINGS", "NOTICED"]

NOTICED = (
    "acks_late", "acks_on_failure_or_timeout", "autoretry_for", "default_retry_delay", "expires",
    "ignore_result", "max_retries", "priority", "rate_limit", "reject_on_worker_lost", "retry_backoff",
    "retry_backoff_max", "retry_jitter", "soft_time_limit", "time_limit", "typing",
)  # fmt: skip

FROM_SETTINGS = {
    "acks_late": "task_acks_late",
    "acks_on_failure_or_timeout": "task_acks_on_failure_or_timeout",
    "ignore_result": "task_ignore_result",
    "priority": "task_default_priority",
    "rate_limit": "task_default_rate_limit",
    "reject_on_worker_lost": "task_reject_on_worker_lost",
    "serializer": "task_serializer",
    "soft_time_limit": "task_soft_time_limit",
    "time_limit": "task_time_limit",
}
"""Options that a task without one takes from a setting of its app."""
