"""The read model: a projection of the topics into tables, exact after any crash, and the questions asked of it."""
