"""Verifies a sealed audit log. Stands alone: the standard library and cryptography, nothing else of ours.

An auditor may copy this folder anywhere and run `python -m offline LOG --keys FILE`; docs/audit.md says what the parts
of a log are.
"""
