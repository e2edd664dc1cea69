"""One module a question, each with QUESTION and `run`. Results are JSON; claims are ratios from one run."""
