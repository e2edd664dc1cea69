"""The sealed audit log: entries of `audit.entry` in Merkle trees with signed checkpoints (docs/audit.md)."""
