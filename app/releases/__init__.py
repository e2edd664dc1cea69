"""Controlled deployment: who may bring a release further, what watches it, and what takes it back (docs/quality.md)."""
