"""Words are parted and frames dropped; letters and digits stay as they were read."""

import pytest

from agents.extraction.scan.port import Token
from agents.extraction.scan.spacing import spaced


@pytest.mark.parametrize(
    ("read", "words"),
    [
        ("TVA6%", ["TVA", "6%"]),
        ("MwSt19,5%", ["MwSt", "19,5%"]),
        ("104,16]", ["104,16"]),
        ("|1.434,70|", ["1.434,70"]),
        ("||", []),
        ("INV-00010", ["INV-00010"]),
        ("|234", ["|234"]),  # it may be 1234
        ("A4", ["A4"]),
        ("\u2013", ["\u2013"]),  # a minus
        ("-", ["-"]),
        ("...", []),
        ("2\u00b0666.71", ["2'666.71"]),
        ("20\u00b0", ["20\u00b0"]),
        ("\u00a2.", ["\u010d."]),
        ("Sl-0412", ["SI-0412"]),
        ("lNV-0412", ["INV-0412"]),
        ("Al", ["Al"]),
        ("El", ["El"]),
        ("|ES33", ["ES33"]),
        ("zt", ["z\u0142"]),
        ("zte", ["zte"]),
    ],
)
def test_only_blanks_and_frames_change(read: str, words: list[str]) -> None:
    token = Token(read, 0.0, 0.0, 100.0, 10.0, 1, 0.9)
    assert [part.text for part in spaced([token])] == words


def test_the_parts_share_the_box() -> None:
    first, second = spaced([Token("TVA6%", 0.0, 0.0, 100.0, 10.0, 1, 0.9)])
    assert (first.left, first.right, second.left, second.right) == (0.0, 60.0, 60.0, 100.0)
