"""Payment codes on a page (EPC069-12, Swiss QR-bill, SPAYD and others): read, and held against the rest."""
