"""The worker's process: from the inside, and as the verifier holds it."""
