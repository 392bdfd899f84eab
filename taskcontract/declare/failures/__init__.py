"""Declared errors: what they hold, how they travel through a result store, and as what they arrive.

Celery sends an exception's `args` and calls the class with them again, which loses or corrupts all but the
plainest. A declared error takes its fields along, beside what Celery stores; a caller with the bindings
gets the declared class back, and any other caller what Celery gives.
"""
