"""The composition side: everything concrete, and the only place that knows it."""
