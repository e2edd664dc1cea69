"""Dashboards as code: panels.py says what is shown, make.py writes what Grafana reads."""
