"""Pairing old and new, from services down to places in schemas. The walker pairs; rules never walk."""
