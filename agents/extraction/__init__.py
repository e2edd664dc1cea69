"""Document bytes in, an extracted invoice with evidence out."""
