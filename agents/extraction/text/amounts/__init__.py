"""Sums of money on the page: how numbers are written, which of them are sums, and what rows and columns call them."""
