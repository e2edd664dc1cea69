"""The embedded stack: what `quittance demo` and `quittance up` start on one machine, and stop again."""
