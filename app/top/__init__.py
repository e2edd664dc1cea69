"""`quittance top`: what runs, how far it is behind and what it came to, for people without Grafana.

The workers' own pages say what they did; the broker says what nobody has read yet, so that a stalled worker shows. What
does not answer is shown as missing, with why: a picture never fills a gap with an old number or a zero.
"""
