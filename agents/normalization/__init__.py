"""An extracted invoice in the terms of EN 16931."""
