"""The main job from end to end, with no servers: `make demo`."""
