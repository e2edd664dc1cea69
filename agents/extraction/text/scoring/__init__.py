"""The learned scorer: which of the values that were found is the right one, by a linear model that explains itself.

It never finds anything, and never lets a payment go: see docs/scorer.md.
"""
