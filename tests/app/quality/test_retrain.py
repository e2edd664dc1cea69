"""The scorer on the command line: taught by cases, written as a bundle, and let through by the gate."""

import json
from pathlib import Path

from click.testing import CliRunner

from agents.extraction.reading import read as read_with
from agents.extraction.text.scoring.advice import SUGGESTED_MAX
from app.quality.training import EXAMPLES_MIN
from app.release import release_id
from schemas.evidence import ExtractedInvoice, FieldName
from schemas.finding import only_suggested
from schemas.release import CONFIDENCE_FLOOR, Bundle
from tests.agents.extraction.pdfs import page
from tests.app.quality.commands import run

NUMBER: FieldName = "invoice_number"
# Both words are this supplier's own, so that nothing but the looks of the two numbers can tell them apart.
PAPERS = tuple((f"RX-2026/{40 + at}", f"{778812 + at}", f"{at + 1:02}.09.2026") for at in range(6))


def paper(number: str, other: str, day: str) -> bytes:
    return page(
        "Muster Handel GmbH Hafenstrasse Bremen",
        "Rechnung",
        f"Wagenkennung {number}",
        f"Vorgangskennung {other}",
        f"Rechnungsdatum {day}",
        "Wir danken fuer Ihren Auftrag und bitten um Ausgleich ohne jeden Abzug",
        "Nettobetrag 100,00 EUR",
        "Umsatzsteuer 19,00 EUR",
        "Gesamtbetrag 119,00 EUR",
        "IBAN DE89 3704 0044 0532 0130 00",
    )


def add(cli: CliRunner, tmp_path: Path, count: int) -> list[str]:
    """Add cases of papers whose right number stands further from the date: by its looks it is rather the other one."""
    made = []
    for at, values in enumerate(PAPERS[:count]):
        file = tmp_path / f"{at}.pdf"
        file.write_bytes(paper(*values))
        more = ("--by", "ada", "--consent", "contract", "--expect", "payable", "--language", "de")
        made.append(run(cli, "cases", "add", str(file), "--truth", f"{NUMBER}={values[0]}", *more).output.strip())
    return made


def read(content: bytes, bundle: Bundle) -> ExtractedInvoice:
    found = read_with(content, None, bundle.learned)
    assert isinstance(found, ExtractedInvoice)
    return found


def test_cases_teach_which_of_two_numbers_a_supplier_means(cli: CliRunner, tmp_path: Path) -> None:
    cases = add(cli, tmp_path, 5)
    out = tmp_path / "bundle.json"
    told = run(cli, "retrain", "--seed", "7", "--by", "ada", "--out", str(out), "--jobs", "1").output
    assert "invoice_number: 0 -> 5 of 5 first" in told
    bundle = Bundle.model_validate_json(out.read_bytes())
    assert bundle.release_id != release_id()
    assert (bundle.parent, bundle.author, bundle.claims) == (release_id(), "ada", tuple(sorted(cases)))
    unseen = paper(*PAPERS[5])
    before, after = read(unseen, Bundle(code=release_id())), read(unseen, bundle)
    assert before.value(NUMBER) != PAPERS[5][0]
    assert after.value(NUMBER) == PAPERS[5][0]
    assert after.field(NUMBER).confidence <= SUGGESTED_MAX < CONFIDENCE_FLOOR
    assert NUMBER in only_suggested(after.findings)


def test_the_same_cases_and_seed_make_the_same_bytes(cli: CliRunner, tmp_path: Path) -> None:
    add(cli, tmp_path, 4)
    made = []
    for name, seed in (("one", "7"), ("two", "7"), ("other", "8")):
        out = tmp_path / name
        run(cli, "retrain", "--seed", seed, "--by", "ada", "--out", str(out), "--jobs", "1")
        made.append(out.read_bytes())
    assert made[0] == made[1]
    assert json.loads(made[0])["learned"]["scorer"]["seed"] == 7
    assert made[0] != made[2]  # the seed is part of the content


def test_the_gate_reads_again_with_another_scorer_and_lets_it_pass(cli: CliRunner, tmp_path: Path) -> None:
    add(cli, tmp_path, 5)
    out, report = tmp_path / "bundle.json", tmp_path / "report.json"
    run(cli, "retrain", "--seed", "7", "--by", "ada", "--out", str(out), "--jobs", "1")
    told = run(
        cli, "regress", "--candidate", str(out), "--baseline", "code", "--jobs", "1", "--json", str(report)
    ).output
    assert "0 documents are read worse, 5 better" in told
    assert json.loads(report.read_bytes())["candidate"] == Bundle.model_validate_json(out.read_bytes()).release_id


def test_a_proposal_on_top_keeps_the_scorer(cli: CliRunner, tmp_path: Path) -> None:
    add(cli, tmp_path, 5)
    scored, anchored = tmp_path / "scored.json", tmp_path / "anchored.json"
    run(cli, "retrain", "--seed", "7", "--by", "ada", "--out", str(scored), "--jobs", "1")
    run(cli, "propose", "--parent", str(scored), "--by", "ada", "--out", str(anchored))
    held, more = (Bundle.model_validate_json(file.read_bytes()) for file in (scored, anchored))
    assert more.learned.anchors
    assert more.learned.scorer == held.learned.scorer is not None


def test_too_few_cases_teach_nothing(cli: CliRunner, tmp_path: Path) -> None:
    add(cli, tmp_path, EXAMPLES_MIN - 1)
    out = tmp_path / "bundle.json"
    assert "nothing new" in run(cli, "retrain", "--seed", "7", "--by", "ada", "--out", str(out)).output
    assert not out.exists()
