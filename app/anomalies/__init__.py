"""Which suppliers are far off their own past: the pure part. app/watching/anomalies.py asks for the documents."""
