"""The worker's app and its tasks: only the newest version does the work, older ones are adapted to it.

A message may be delivered twice (a worker that dies before it acknowledges). Delivered again, it
stores nothing anew: `store` recognises the same content. Nor does an old message undo a newer write
to its key: one that has its result already is not run again (`worker_deduplicate_successful_tasks`).
What remains is a worker that dies after its write and before its result, with another write to the
same key in between: there the last delivery wins.
"""

from __future__ import annotations

from celery import Celery

from bindings import Stored, pusher, send_to_s3, send_to_s3_v2
from pusher.failures import StorageUnavailableError
from pusher.settings import BROKER_URL, RESULT_BACKEND, bucket_name
from pusher.storage import find_client, store
from taskcontract import Call, Provider

__all__ = ["app", "provider"]

app = Celery("pusher", broker=BROKER_URL, backend=RESULT_BACKEND)
app.conf.update(
    broker_connection_retry_on_startup=True,
    task_acks_late=True,
    worker_deduplicate_successful_tasks=True,
    worker_prefetch_multiplier=1,
)
provider = Provider(app, pusher)


@provider.implements(
    send_to_s3_v2,
    autoretry_for=(StorageUnavailableError,),
    retry_backoff=True,
    retry_backoff_max=300,
    max_retries=8,
    examples="a writable bucket",
)
def send(key: str, content: str, meta: dict[str, str]) -> Stored:
    """Store the content in pusher's bucket."""
    return store(find_client(), bucket_name(), key, content, meta)


@provider.upcasts(send_to_s3)
def without_meta(key: str, content: str) -> Call[Stored]:
    """Callers of v1 know no metadata: the object is stored without any."""
    return send_to_s3_v2.call(key, content, meta={})


@provider.downcasts(send_to_s3)
def only_the_url(stored: Stored) -> str:
    """v1 returned the object's URL alone."""
    return stored.url
