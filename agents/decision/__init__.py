"""Findings and policy to a decision: approve, hold or reject."""
