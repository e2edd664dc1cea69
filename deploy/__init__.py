"""How Quittance is run by others: image, rules, dashboards."""
