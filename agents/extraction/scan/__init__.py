"""Pages that are pictures: made upright, read by an OCR engine behind a port, and believed only where proven."""
