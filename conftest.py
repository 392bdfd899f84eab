"""What holds for every test in this project: in tests/ and in examples/."""

import hypothesis

pytest_plugins = ["tests.support.outside"]

# How long an example takes says how busy the machine is.
hypothesis.settings.register_profile("busy machines", deadline=None)
hypothesis.settings.load_profile("busy machines")
