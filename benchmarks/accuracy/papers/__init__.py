"""Invoices that nobody sent: drawn in many layouts and twelve languages, each with what a careful clerk would pay."""
