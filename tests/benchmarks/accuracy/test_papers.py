"""The generated papers: a function of their seed, valid by their check digits, and true to what is printed."""

import json
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from stdnum import iso11649, luhn
from stdnum.be import ogm_vcs

from app.quality import labels
from benchmarks.accuracy.papers import drawing, references
from benchmarks.accuracy.papers.collection import HARMLESS, HELD, names_of, plan, write
from benchmarks.accuracy.papers.desk import NEGATIVES
from benchmarks.accuracy.papers.facts import Paper
from benchmarks.accuracy.papers.invention import invent
from benchmarks.accuracy.papers.language import LANGUAGES
from benchmarks.accuracy.papers.layouts import is_held_out, layouts
from benchmarks.accuracy.papers.surface import Sheet
from benchmarks.accuracy.papers.truth import ASKED
from schemas.accounts import iban_fault

SEED = 5
# Which layouts nobody may tune on. A change here is a change of the measure, and is said in docs/accuracy.md.
HELD_OUT_FILE = Path(__file__).parents[3] / "benchmarks" / "accuracy" / "held_out.txt"


def drawn(language: str, layout: str, kind: str = "invoice") -> tuple[Paper, str, frozenset[str]]:
    paper = invent(SEED, language, layouts()[layout], kind)
    content, shown = drawing.draw(paper, layouts()[layout])
    document = pdfium.PdfDocument(content)
    try:
        text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()
    return paper, text, shown


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_a_paper_without_a_number_names_it_nowhere() -> None:
    for layout in ("freelancer-letter", "letter-window"):
        paper, text, shown = drawn("nl", layout, "no_number")
        assert squeezed(paper.number) not in squeezed(text), layout
        assert "number" not in shown


def test_there_are_enough_layouts_and_languages() -> None:
    assert len(layouts()) >= 60
    assert len(LANGUAGES) == 12


def test_what_is_held_out_is_written_down() -> None:
    written = HELD_OUT_FILE.read_text(encoding="utf-8").split()
    assert written == sorted(name for name in layouts() if is_held_out(name))
    assert not set(names_of("tuning")) & set(written)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_true_is_printed(language: str) -> None:
    for layout in list(layouts())[:: len(LANGUAGES) // 2]:
        paper, text, shown = drawn(language, layout)
        flat = squeezed(text)
        assert squeezed(paper.number) in flat, layout
        assert squeezed(paper.notation.number(paper.payable)) in flat, layout
        if "iban" in shown:
            assert paper.account.iban in flat, layout
        if "due" in shown:
            assert squeezed(paper.notation.day(paper.due)) in flat, layout


@pytest.mark.parametrize("language", LANGUAGES)
def test_check_digits(language: str) -> None:
    for kind in ("invoice", "bad_iban"):
        paper = invent(SEED, language, layouts()["slip-goods"], kind)
        assert (iban_fault(paper.account.iban) is None) == (kind == "invoice")


def test_sums_close() -> None:
    for language in LANGUAGES:
        for layout in ("discount-goods", "deposit-works", "freelancer-hours", "rounded-total", "rates-many"):
            paper = invent(SEED, language, layouts()[layout], "invoice")
            assert paper.net == paper.lines_total - paper.discount + paper.shipping
            assert sum(base for _, base, _ in paper.breakdown()) == paper.net
            assert paper.payable >= 0


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write(tmp_path / name, SEED, languages=["fi"], names=["slip-goods"])
    written = [(tmp_path / name / "truth.jsonl").read_bytes() for name in ("one", "two")]
    assert written[0] == written[1]
    assert json.loads(written[0].splitlines()[0])["group"] == "slip-goods"


def test_a_scan_is_a_picture(tmp_path: Path) -> None:
    write(tmp_path, SEED, languages=["cs"], names=["shop-small"], scan=True, every=19)
    for label in labels.read(tmp_path):
        document = pdfium.PdfDocument(label.path)
        try:
            assert not document[0].get_textpage().get_text_bounded().strip()
        finally:
            document.close()


def test_every_kind_is_planned_in_every_language() -> None:
    found = {(language, kind) for language, _, kind in plan(LANGUAGES, names_of("tuning"), every=1)}
    kinds = ("invoice", *NEGATIVES, *HELD, *HARMLESS, *ASKED)
    assert found == {(language, kind) for language in LANGUAGES for kind in kinds}


def test_references_pass_their_checks() -> None:
    import random  # noqa: PLC0415 - a test of draws

    rng = random.Random(3)
    for _ in range(50):
        assert luhn.is_valid(references.swedish(rng))
        assert luhn.is_valid(references.danish(rng))
        assert ogm_vcs.is_valid(references.belgian(rng))
        assert iso11649.is_valid(references.creditor("2025-0042"))


def test_a_finnish_barcode_has_54_digits() -> None:
    code = references.finnish_barcode("FI2112345600000785", 12_345, "1232", "260131")
    assert len(code) == 54
    assert code.startswith("4" + "2112345600000785" + "00012345")


def test_no_letter_is_missing_from_a_font() -> None:
    for language in ("pl", "cs"):
        paper, text, _ = drawn(language, "old-dotted")
        assert squeezed(paper.buyer.name) in squeezed(text)
    assert Sheet("sans", 9, "#000000").width("ŁŻŘŮ") > 0


def test_every_kind_can_be_drawn_in_every_layout(tmp_path: Path) -> None:
    names, kinds = ("saas-minimal", "en-rent"), ("paid", "card")
    assert write(tmp_path, SEED, languages=("en", "fi"), names=names, kinds=kinds) == 6  # en-rent speaks English alone
    rows = [json.loads(row) for row in (tmp_path / "truth.jsonl").read_text("utf-8").splitlines()]
    assert {(row["language"], row["aux"]["layout"], row["aux"]["paper"]) for row in rows} == {
        *(("en", name, kind) for name in names for kind in kinds),
        *(("fi", "saas-minimal", kind) for kind in kinds),
    }
