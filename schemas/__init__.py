"""The vocabulary: frozen models, their bytes, their names. Imports nothing of ours."""
