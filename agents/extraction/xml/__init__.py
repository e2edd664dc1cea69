"""Structured invoices: UBL 2.1, UN/CEFACT CII with its ZUGFeRD 1.0 dialect, FatturaPA 1.2."""
