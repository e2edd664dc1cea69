"""The review stage: what a person says of a held invoice re-enters the chain."""
