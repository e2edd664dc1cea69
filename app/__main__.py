"""`quittance`, also `python -m app`: what can be asked to end before it is imported is made ready for that."""

import importlib
import sys

from app.termination import end_at_once

# Commands that run until a signal. The others are work of a moment, and a signal breaks it off.
LASTING = ("worker",)


def main() -> None:
    """Run the command line, which takes a while to import."""
    if sys.argv[1:2] and sys.argv[1] in LASTING:
        end_at_once()
    importlib.import_module("app.cli").main(prog_name="quittance")


if __name__ == "__main__":
    main()
