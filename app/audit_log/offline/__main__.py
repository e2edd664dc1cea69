"""`python -m offline LOG --keys FILE`: verify a log, or a proof, with this folder alone."""

import argparse
import sys
from pathlib import Path

from .note import NoteWrong, opened, parse_keys
from .report import UNREADABLE, Unreadable, judge_file, judge_folder


def main() -> int:
    """Judge what the arguments name; return the exit code: 0 intact, 1 tampered, 2 wrong call, 3 unreadable."""
    asked = argparse.ArgumentParser(prog="offline", description=__doc__)
    asked.add_argument("log", type=Path, help="the folder of a log, or of several; or a file with a proof or segment")
    asked.add_argument("--keys", type=Path, required=True, help="file with the log's verifier keys, one a line")
    asked.add_argument("--second", type=Path, help="the folder of the second place, where checkpoints are kept too")
    asked.add_argument("--checkpoint", type=Path, action="append", default=[], help="a checkpoint that you have kept")
    given = asked.parse_args()
    try:
        keys = parse_keys(given.keys.read_text())
        older = [path.read_bytes() for path in given.checkpoint]
        if given.log.is_file():
            code, lines = judge_file(given.log.read_bytes(), keys, older)
        else:
            code, lines = judge_folder(given.log, keys, given.second, [opened(note, keys) for note in older])
    except (OSError, UnicodeDecodeError, NoteWrong, Unreadable) as wrong:
        code, lines = UNREADABLE, [f"UNREADABLE: {wrong}"]
    print("\n".join(lines))  # noqa: T201 - its output
    return code


if __name__ == "__main__":
    sys.exit(main())
