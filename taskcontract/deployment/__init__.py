"""May a version go out? From what is published of it, what was verified, and what runs where it is to go."""
