"""What a consumer's test expects of the calls that its code makes, and how they are caught and kept."""
