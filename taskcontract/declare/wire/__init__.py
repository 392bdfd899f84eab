"""Types on the wire: the JSON that stands for their values, as decoders read it and as specs say it."""
