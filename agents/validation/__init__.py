"""An invoice and the reference data to findings."""
