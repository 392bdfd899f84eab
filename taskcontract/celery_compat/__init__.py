"""Each private name of Celery, kombu, amqp and redis-py that we touch: one concern a file, each with a test.

Where a version of theirs lacks a name, the file says what happens instead: a stated fall-back, or a refusal
where the feature begins (the worker's start, a signature, a connection). No other room touches such a name.
"""
