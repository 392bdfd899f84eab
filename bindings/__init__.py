"""The bindings of pusher: `from bindings import send_to_s3, delegate_send_to_s3`."""

from __future__ import annotations

from bindings.delegates import delegate_send_to_s3
from bindings.pusher import StorageRefusedError, Stored, pusher, send_to_s3, send_to_s3_v2

__all__ = ["StorageRefusedError", "Stored", "delegate_send_to_s3", "pusher", "send_to_s3", "send_to_s3_v2"]
