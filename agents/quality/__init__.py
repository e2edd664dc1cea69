"""From corrections to a better release; pure."""
