"""Draws invoices as PDF pages with a text layer, in many layouts and languages, all of them data."""
