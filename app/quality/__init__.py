"""The quality loop outside of the stages: what is learned from records, why things went wrong, and where to see it."""
