"""An approved decision to the payment command: complete, immutable, the same bytes on every replay."""
