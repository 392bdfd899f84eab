"""A registry in an S3 bucket, or in what speaks its protocol."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any, NoReturn

from taskcontract.errors import RegistryError
from taskcontract.registry.store import LARGEST_OBJECT
from taskcontract.urls import hide_in_text, hide_password

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["S3Store"]

TRIES, PAUSE = 10, 0.1
"""How often a write is tried that the store left open, as another was under way; seconds between."""
PAGE = 1_000
"""Names that one request lists; S3 gives no more."""
PROBE = "probe.json"
"""What is written to see whether the store has conditional writes."""

AGAIN = "Run the command again."
DO = {
    "NoSuchBucket": "Check the bucket's name; taskcontract does not make buckets.",
    "AccessDenied": "Let this identity read, write and list below the registry's prefix.",
    "403": "Let this identity read, write and list below the registry's prefix.",
    "ExpiredToken": "Sign in again: the credentials have expired.",
    "ExpiredTokenException": "Sign in again: the credentials have expired.",
    "RequestTimeTooSkewed": "Set this machine's clock: it and the store's disagree.",
    "InvalidAccessKeyId": "Check the credentials: the store does not know this access key.",
    "SignatureDoesNotMatch": "Check the credentials: the secret key is not the right one.",
    "SlowDown": AGAIN,
    "ServiceUnavailable": AGAIN,
    "InternalError": AGAIN,
    "RequestTimeout": AGAIN,
    "500": AGAIN,
    "503": AGAIN,
    "404": "Check that the endpoint is one of S3: it answers as another kind of server does.",
    "NotImplemented": "Keep the registry in a store with conditional writes, such as AWS S3 or MinIO.",
    "PermanentRedirect": "Set the bucket's region: AWS_DEFAULT_REGION, or the profile's.",
}


class S3Store:
    """A store whose keys are those of objects below `prefix` in `bucket`, reached as boto3 is configured."""

    def __init__(self, bucket: str, prefix: str, client: Any = None) -> None:
        self._bucket = bucket
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._probed = False
        self._client = client or self._connect()

    @property
    def place(self) -> str:
        """The URL."""
        return f"s3://{self._bucket}/{self._prefix}".rstrip("/")

    def read(self, key: str) -> bytes | None:
        """Return the object's content."""
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=self._prefix + key)
            body: bytes = answer["Body"].read(LARGEST_OBJECT + 1)
            said = int(answer.get("ContentLength", len(body)))
        except Exception as error:
            if _code(error) == "NoSuchKey":
                return None
            self._refuse(error, key)
        if len(body) < min(said, LARGEST_OBJECT):  # what arrived is no sign of what is stored
            raise RegistryError(
                f"the connection ended after {len(body)} of {said} bytes",
                where=f"{self.place}/{key}",
                do=AGAIN,
            )
        return body

    def create(self, key: str, data: bytes) -> bool:
        """Write the object, unless it is there; a RegistryError where the store cannot tell the two apart."""
        if not self._probed:
            self._probe()
        # An answer may have been lost on the way, and the write done by a request that boto3 sent before.
        return self._put(key, data) or self.read(key) == data

    def find_first(self, folder: str) -> str | None:
        """Return the first key below `folder`: one request, however many there are."""
        page = self._list(folder, MaxKeys=1)
        keys = [each["Key"] for each in page.get("Contents", ())]
        return keys[0][len(self._prefix) :] if keys else None

    def list_names(self, folder: str) -> Iterator[str]:
        """Yield the names below `folder`, a request for each 1,000."""
        start = len(self._prefix) + len(folder)
        following: dict[str, str] = {}
        while True:
            page = self._list(folder, Delimiter="/", MaxKeys=PAGE, **following)
            names = [each["Key"][start:] for each in page.get("Contents", ())]
            names += [each["Prefix"][start:-1] for each in page.get("CommonPrefixes", ())]
            yield from sorted(names)
            if not page.get("IsTruncated"):
                return
            following = {"ContinuationToken": page["NextContinuationToken"]}

    def _probe(self) -> None:
        """Refuse a store that ignores the condition of a write: there, each write seems to be the first."""
        if self._put(PROBE, b"{}") and self._put(PROBE, b"{}"):
            raise RegistryError(
                "this store ignores conditional writes (If-None-Match), so two publishers could overwrite "
                "each other",
                where=self.place,
                do="Keep the registry in a store that has them, such as AWS S3 or MinIO, or in a folder.",
            )
        self._probed = True

    def _list(self, folder: str, **more: Any) -> Any:
        try:
            return self._client.list_objects_v2(Bucket=self._bucket, Prefix=self._prefix + folder, **more)
        except Exception as error:
            self._refuse(error, folder)

    def _put(self, key: str, data: bytes) -> bool:
        for _ in range(TRIES):
            try:
                self._client.put_object(
                    Bucket=self._bucket,
                    Key=self._prefix + key,
                    Body=data,
                    IfNoneMatch="*",
                    ContentType="application/json",
                )
            except Exception as error:
                if _code(error) in ("PreconditionFailed", "412"):
                    return False
                if _code(error) not in ("ConditionalRequestConflict", "409"):
                    self._refuse(error, key)
                time.sleep(PAUSE)
            else:
                return True
        raise RegistryError(
            f"the store is busy with other writes of this: it was tried {TRIES} times",
            where=f"{self.place}/{key}",
            do=AGAIN,
        )

    def _connect(self) -> Any:
        try:
            import boto3
            from botocore.config import Config
            from botocore.exceptions import BotoCoreError
        except ImportError:
            raise RegistryError(
                "a registry in S3 needs boto3",
                where=self.place,
                do="Install it: pip install 'taskcontract[s3]'",
            ) from None
        # botocore reads the region and the profile from the environment, files and the machine.
        config = Config(
            connect_timeout=5,
            read_timeout=15,
            retries={"total_max_attempts": 3, "mode": "standard"},
            max_pool_connections=16,
        )
        try:
            return boto3.session.Session().client("s3", config=config)
        except (BotoCoreError, ValueError) as error:
            self._refuse(error, "")

    def _refuse(self, error: Exception, key: str) -> NoReturn:
        from botocore.exceptions import (
            BotoCoreError,
            ClientError,
            CredentialRetrievalError,
            NoCredentialsError,
            PartialCredentialsError,
            ProfileNotFound,
        )

        where = f"{self.place}/{key}".rstrip("/")
        if isinstance(error, ClientError):
            code = _code(error)
            what = error.response.get("Error", {}).get("Message") or f"HTTP status {code}"
            raise RegistryError(
                f"the store refuses this: {what.rstrip('.')} ({code})",
                where=where,
                do=DO.get(code, "Check the bucket, its policy and the credentials."),
            ) from None
        if isinstance(
            error, (CredentialRetrievalError, NoCredentialsError, PartialCredentialsError, ProfileNotFound)
        ):
            raise RegistryError(
                f"there are no credentials for the store: {error}",
                where=where,
                do="Sign in, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
            ) from None
        if isinstance(error, (BotoCoreError, OSError, ValueError)):
            endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or ""
            at = f" at {hide_password(endpoint)}" if endpoint else ""
            raise RegistryError(
                f"the store{at} cannot be reached: {hide_in_text(str(error), endpoint)}",
                where=where,
                do="Check the network, the endpoint, the region and the credentials, as for the AWS CLI.",
            ) from None
        raise error


def _code(error: Exception) -> str:
    """Return the code of an answer of S3, "" for any other error."""
    response = getattr(error, "response", None)
    if not isinstance(response, dict):
        return ""
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", "")
    return str(response.get("Error", {}).get("Code") or status)
