"""What the sums are for, and what the document asks for: the reading of its totals that closes."""
