"""State: what the stages look up, and how it is rebuilt from topics."""
