"""The rules of `taskcontract lint`, found by their files: `call_does_not_bind.py` holds `call-does-not-bind`.

A new rule is a new file here, with a docstring for `taskcontract explain`, a `RULE` and a `check(project)`.
"""
