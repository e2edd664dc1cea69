"""`python -m app` is `quittance`."""

from app.cli import main

main(prog_name="quittance")
