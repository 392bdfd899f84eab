"""Rules on a SchemaPair of a result: which values a reader may get."""
