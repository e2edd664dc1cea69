"""The stages: each a pure core and a thin shell. A stage never imports another."""
