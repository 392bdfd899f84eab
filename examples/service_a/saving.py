"""Saving an item: kept here, and backed up by pusher."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from celery import group

from bindings import send_to_s3
from examples.service_a.items import Item, store_item

if TYPE_CHECKING:
    from taskcontract import Result

__all__ = ["save_item", "save_items"]


def save_item(item: Item) -> Result[str]:
    """Save `item`; the result is the URL of its backup."""
    store_item(item)
    return send_to_s3.delay(_key(item), _content(item))


def save_items(items: list[Item]) -> None:
    """Save `items` and back them up side by side."""
    for item in items:
        store_item(item)
    group(send_to_s3.s(_key(item), _content(item)) for item in items).apply_async()


def _key(item: Item) -> str:
    return f"items/{item.id}.json"


def _content(item: Item) -> str:
    return json.dumps(asdict(item), ensure_ascii=False)
