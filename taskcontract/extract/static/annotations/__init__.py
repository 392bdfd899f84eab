"""From an annotation's text to the JSON Schema that a binding with that annotation has.

Each known type is made again, from what its definition says and without running it; its schema is the one
that the bindings' codec writes. What is not known is a type of its own that equals itself alone, by its name.
"""
