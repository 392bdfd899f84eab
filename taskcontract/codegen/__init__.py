"""Python that is written for users: typed delegates of bindings, skeletons of adapters and of their tests.

The layout is our own and the same on each machine, whatever formatters are installed: `taskcontract
generate --check` compares texts.
"""
