"""Document rules, reference data and the worth of a document. Every rule is a function named by its id."""
