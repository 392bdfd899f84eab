"""A service's tasks in the forms that other tools read: JSON Schema (2020-12), and AsyncAPI 3.0.

What a spec promises of a task is written as schemas of its messages as they are on the wire.
"""
