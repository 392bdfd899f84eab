"""Sending a checked call through Celery."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from celery.result import denied_join_result
from kombu.exceptions import EncodeError, OperationalError, SerializerNotInstalled

from taskcontract import embedded
from taskcontract.declare.app import app_of, consumer_of, warn_of_no_app
from taskcontract.declare.cargo import load
from taskcontract.declare.deprecation import warn_of_deprecated
from taskcontract.declare.eager import explain_unsendable, run_eagerly
from taskcontract.declare.errbacks import require_errbacks
from taskcontract.declare.header import make_header
from taskcontract.declare.options import LOCAL_OPTIONS, require_options
from taskcontract.declare.result import Result
from taskcontract.errors import ArgumentTypeError, BrokerError
from taskcontract.servers import check_app
from taskcontract.urls import hide_in_text, spell_server

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from celery import Celery

    from taskcontract.declare.protocols import TaskLike

__all__ = ["apply", "post", "prepare", "send", "settle"]

R = TypeVar("R")
ROUTES = ("queue", "exchange", "routing_key")
OWN_WAYS = ("producer", "publisher", "connection", "declare")

embedded.register()


def send(
    task: TaskLike[R], args: Sequence[Any], kwargs: Mapping[str, Any], options: Mapping[str, Any]
) -> Result[R]:
    """Check the call, publish it and give its result to wait for.

    `options` are Celery's `apply_async` options; they win over the task's own queue and serializer.
    Where the app says `task_always_eager`, the call runs here and now.
    """
    return prepare(task, args, kwargs, options)()


def prepare(
    task: TaskLike[R], args: Sequence[Any], kwargs: Mapping[str, Any], options: Mapping[str, Any]
) -> Callable[[], Result[R]]:
    """Check the call as it is now, and give the function that sends it."""
    if task.deprecated is not None or task.sunset is not None:
        warn_of_deprecated(task)
    if options:
        require_options(task, options)
    binder = task.binder
    args, kwargs = binder.encode_call(args, kwargs)
    app = app_of(task)
    message_kwargs, sent = settle(task, app, kwargs, options)
    sent["argsrepr"] = binder.text.of_args(args)
    sent["kwargsrepr"] = binder.text.of_kwargs(kwargs)
    return lambda: post(task, app, task.wire_name, args, message_kwargs, sent)


def apply(
    task: TaskLike[R], args: Sequence[Any], kwargs: Mapping[str, Any], options: Mapping[str, Any]
) -> Result[R]:
    """Run the call here, through the same codecs as a message."""
    require_options(task, options, LOCAL_OPTIONS)
    args, kwargs = task.binder.encode_call(args, kwargs)
    app = app_of(task)
    kwargs, sent = settle(task, app, kwargs, options)
    return run_eagerly(task, app, task.wire_name, args, kwargs, sent)


def settle(
    task: TaskLike[Any], app: Celery, kwargs: Mapping[str, Any], options: Mapping[str, Any]
) -> tuple[Mapping[str, Any], dict[str, Any]]:
    """Return the keywords and options of a message, with the task's own, our header and carried values."""
    sent: dict[str, Any] = {"serializer": task.serializer, **task.send_options, **options}
    if task.queue is not None and not any(options.get(key) is not None for key in ROUTES):
        sent["queue"] = task.queue
    if sent["serializer"] is None:
        sent["serializer"] = task.serializer
    elif sent["serializer"] == "pickle":
        raise ArgumentTypeError(
            f"{task.id} cannot be sent as pickle: a worker that loads it runs the sender's code",
            do="Leave the serializer out, or use json.",
        )
    if sent.get("link_error"):
        require_errbacks(sent["link_error"])
    given = options.get("headers") or {}
    if task.service.carries:
        cargo = load(task.service.carries, kwargs, given, task.id)
        header = {**cargo.headers, **make_header(task.version, consumer_of(task, app), cargo.ours)}
        kwargs = {**kwargs, **cargo.keywords}
    else:
        header = make_header(task.version, consumer_of(task, app))
    sent["headers"] = {**given, **header} if given else header
    return kwargs, sent


def post(
    task: TaskLike[Any],
    app: Celery,
    name: str,
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    sent: dict[str, Any],
    *,
    many: bool = False,
) -> Result[Any]:
    """Publish the message `name`, which calls `task`, or `many` calls of it at once; give its result."""
    if app.conf.task_always_eager:
        with denied_join_result():
            return run_eagerly(task, app, name, args, kwargs, sent, many=many)

    if task.service.app is None:
        warn_of_no_app(task.service, app)

    def result_of(task_id: str) -> Result[Any]:
        return Result(task_id, task=task, app=app, many=many)

    def publish() -> Result[Any]:
        return app.send_task(name, args, kwargs, result_cls=result_of, **sent)  # type: ignore[arg-type,return-value]

    try:
        if any(sent.get(key) is not None for key in OWN_WAYS):
            return publish()
        with app.producer_or_acquire() as producer:
            sent["producer"] = producer
            if is_known_queue(app, sent.get("queue"), producer):
                sent["declare"] = ()
            return publish()
    except (EncodeError, SerializerNotInstalled) as error:
        raise explain_unsendable(task, sent["serializer"], error) from None
    except OperationalError as error:
        url = app.conf.broker_write_url
        raise BrokerError(
            f"the broker does not take the call of {task.id}: {hide_in_text(str(error), url)}",
            where=spell_server(app.connection_for_write(), url),
            do="Start the broker, or point CELERY_BROKER_URL (or the app's broker_url) to one that runs.",
        ) from error
    except Exception:  # a URL of no broker or backend, or a library that is missing, shows itself here
        check_app(app)
        raise


def is_known_queue(app: Celery, name: object, producer: Any) -> bool:
    """Return whether a message for the queue `name` needs no declaration of it on the producer's connection.

    Celery hands the queue to kombu with each message; kombu copies and binds it and its exchange only to find
    that it knows them. That is a fifth of a send.

    Never on RabbitMQ, which drops what it cannot route: if the connection breaks in the middle of a
    publish, kombu must declare the queue again before it repeats it. All other transports put a
    message into its queue by name, declared or not.
    """
    if not isinstance(name, str):
        return False
    connection = producer.connection
    if connection is None or connection.transport.driver_type == "amqp":
        return False
    queues: Any = app.amqp.queues
    queue = queues.get(name)  # a plain look-up: unlike `[]`, it makes no queue
    if queue is None or queue.exchange.type != "direct":
        return False
    return hash(queue) in connection.declared_entities
