"""The HTTP API: a thin shell over the read model, the document store and the publisher."""
