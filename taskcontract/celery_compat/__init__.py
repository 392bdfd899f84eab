"""Each private name of Celery, kombu and redis-py that we touch: one concern a file, each with a test.

Where a version of theirs lacks a name, the file says what happens instead: a stated fall-back, or a refusal
when the worker starts.
"""
