"""The options that Celery knows, of a task and of a message; and which one a wrong one is like."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["SEND_OPTIONS", "TASK_OPTIONS", "find_meant"]


def _read(names: str) -> frozenset[str]:
    return frozenset(names.split())


TASK_OPTIONS = _read(
    """
    Request Strategy abstract acks_late acks_on_failure acks_on_failure_or_timeout acks_on_timeout
    after_return app autoregister autoretry_for backend base before_start bind compression
    default_retry_delay delivery_mode dont_autoretry_for exchange exchange_type expires filter
    ignore_result immediate lazy mandatory max_retries name on_bound on_failure on_replace on_retry
    on_success options priority pydantic pydantic_context pydantic_dump_kwargs pydantic_strict queue
    rate_limit reject_on_worker_lost request_stack result_serializer resultrepr_maxsize
    retry_backoff retry_backoff_max retry_jitter retry_kwargs retry_on_worker_lost routing_key
    run_every send_events serializer shadow_name shared soft_time_limit store_errors_even_if_ignored
    throws time_limit track_started trail typing
    """
)
"""What `@app.task(...)` takes: what Celery reads from it or from the task's class, and what is sent along."""

SEND_OPTIONS = _read(
    """
    add_to_parent args argsrepr before_receivers callbacks chain chord compression confirm_timeout
    connection content_encoding content_type correlation_id countdown create_sent_event declare
    delivery_mode errbacks eta event_dispatcher exchange exchange_type expiration expires group_id
    group_index headers ignore_result immediate kwargs kwargsrepr link link_error mandatory
    message_id name now origin parent_id priority producer publisher queue replaced_task_nesting
    reply_to result_cls retries retry retry_policy root_id route_name router routing_key serializer
    shadow soft_time_limit stamped_headers stamps task_id task_type time_limit timeout timestamp
    timezone app_id cluster_id user_id type transient
    """
)
"""What `apply_async` and `send_task` take, and the properties of a message that they pass on."""

NEAR = 0.8
"""How alike two names are that are one misspelt; `max_retry` and `max_retries` are by 0.84."""


def find_meant(option: str, known: Collection[str]) -> str | None:
    """Return the option of `known` that `option` is a slip of, or None where it is one or like none."""
    if option in known or len(option) < 4:
        return None
    alike = [(SequenceMatcher(None, option, each).ratio(), each) for each in sorted(known)]
    best = max(alike)
    return best[1] if best[0] >= NEAR else None
