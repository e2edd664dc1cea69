"""The contracts that outsiders build against, as files, and what may change in them."""
