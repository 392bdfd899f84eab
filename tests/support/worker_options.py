"""How tests start a worker: one process, without what only a cluster needs."""

from __future__ import annotations

QUICK = ("--pool=threads", "--concurrency=2", "--without-mingle", "--without-gossip", "--without-heartbeat")
