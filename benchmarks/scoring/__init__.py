"""Trains the learned scorer on generated papers, and measures it on others (docs/scorer.md)."""
