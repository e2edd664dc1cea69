"""The official rules of e-invoices: what is held against which of them, and what their verdicts mean for a payment.

Nothing here knows an XML library: the worker, which asks for the verdicts, imports none.
"""
