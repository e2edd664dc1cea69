"""The invoice number (BT-1): what the page calls so and how strongly, where it may stand, how one is written."""
