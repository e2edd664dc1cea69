"""Reads PDFs that carry a text layer: characters, words, cells, labels, candidates, proofs."""
