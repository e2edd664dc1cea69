"""The loop on the command line: two corrections, a proposal, the gate that lets it pass and stops a bad one."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import quote

import pytest
from click.testing import CliRunner

from app.quality.cases import CaseBook
from app.quality.shelf import FolderObjects, Shelf
from app.release import release_id
from schemas.codec import encode
from schemas.release import Bundle, LabelLearned, Learned
from tests.agents.extraction.pdfs import page
from tests.app.quality.commands import run

IBAN = "DE89 3704 0044 0532 0130 00"
PAPERS = (
    ("2026-0042", "30.09.2026", "100,00", "19,00", "119,00"),
    ("2026-0077", "02.10.2026", "200,00", "38,00", "238,00"),
)


def paper(number: str, day: str, net: str, vat: str, gross: str) -> bytes:
    return page(
        "Muster Handel GmbH Hafenstrasse Bremen",
        "Rechnung",
        f"Vorgangskennung {number}",
        "Kundenkennung 778812",
        f"Rechnungsdatum {day}",
        "Wir danken fuer Ihren Auftrag und bitten um Ausgleich ohne jeden Abzug",
        f"Nettobetrag {net} EUR",
        f"Umsatzsteuer {vat} EUR",
        f"Gesamtbetrag {gross} EUR",
        f"IBAN {IBAN}",
    )


@pytest.fixture
def corrected(cli: CliRunner, tmp_path: Path) -> list[str]:
    """Return the cases of two papers whose number the code does not find."""
    made = []
    for at, values in enumerate(PAPERS):
        file = tmp_path / f"{at}.pdf"
        file.write_bytes(paper(*values))
        gross = values[-1].replace(",", ".")
        truths = [f"invoice_number={values[0]}", f"invoice_total_amount_with_vat={gross}", "invoice_currency_code=EUR"]
        said = [part for truth in truths for part in ("--truth", truth)]
        more = ("--by", "ada", "--consent", "contract", "--expect", "payable", "--language", "de")
        made.append(run(cli, "cases", "add", str(file), *said, *more).output.strip())
    return made


def shelf(tmp_path: Path) -> Shelf:
    return Shelf(FolderObjects(tmp_path / "documents" / "quality"))


def bundle_file(tmp_path: Path, label: LabelLearned) -> str:
    place = tmp_path / "bad.json"
    place.write_bytes(encode(Bundle(code=release_id(), learned=Learned(labels=(label,)))))
    return str(place)


def test_corrections_become_a_release_that_passes_the_gate(
    cli: CliRunner, tmp_path: Path, corrected: list[str]
) -> None:
    out, report = tmp_path / "bundle.json", tmp_path / "report.json"
    run(cli, "propose", "--by", "ada", "--out", str(out))
    bundle = Bundle.model_validate_json(out.read_bytes())
    anchor = bundle.learned.anchors[0]
    assert (anchor.field, anchor.label, anchor.direction) == (
        "invoice_number", "vorgangskennung", "inline",
    )  # fmt: skip
    assert bundle.claims == tuple(sorted(corrected))
    version = run(cli, "cases", "thin").output.split()[0]
    told = run(
        cli,
        "regress",
        "--candidate",
        str(out),
        "--baseline",
        "code",
        "--golden",
        version,
        "--jobs",
        "1",
        "--json",
        str(report),
    ).output
    assert "PASSED" in told
    measured = json.loads(report.read_bytes())
    assert (measured["claims"], measured["mended"], measured["complaints"]) == (2, 2, [])
    row = next(row for row in measured["rows"] if (row["group"], row["what"]) == ("lane text", "covered"))
    assert (row["before"]["right"], row["after"]["right"], row["gained"]) == (0, 2, 2)
    assert measured["golden"] == version
    assert IBAN.replace(" ", "") not in report.read_text()
    assert PAPERS[0][0] not in report.read_text()


def test_a_release_that_makes_a_false_payable_is_stopped(cli: CliRunner, tmp_path: Path, corrected: list[str]) -> None:
    bad = bundle_file(tmp_path, LabelLearned(language="de", concept="invoice_number", phrase="Kundenkennung"))
    told = run(cli, "regress", "--candidate", bad, "--baseline", "code", "--jobs", "1", code=1).output
    for case_id in corrected:
        assert f"REFUSED  new false payable: {case_id} (invoice_number)" in told
    assert "PASSED" not in told


def test_documents_that_are_read_worse_are_listed(cli: CliRunner, tmp_path: Path, corrected: list[str]) -> None:
    good = tmp_path / "bundle.json"
    run(cli, "propose", "--by", "ada", "--out", str(good))
    told = run(cli, "regress", "--candidate", "code", "--baseline", str(good), "--jobs", "1").output
    assert "2 documents are read worse, 0 better" in told
    assert f"{corrected[0]} (text, de): invoice_number: right -> wrong; payable -> doubtful" in told


def test_a_claim_that_is_not_mended_closes_the_gate(cli: CliRunner, tmp_path: Path, corrected: list[str]) -> None:
    place = tmp_path / "empty.json"
    empty = Bundle(code=release_id(), confidence_min={"text": 0.91}, claims=(corrected[0], "sha256:unknown"))
    place.write_bytes(encode(empty))
    told = run(cli, "regress", "--candidate", str(place), "--baseline", "code", "--jobs", "1", code=1).output
    assert "is not mended (invoice_number)" in told
    assert "is not among the documents" in told


def test_a_bundle_for_other_code_is_refused(cli: CliRunner, tmp_path: Path) -> None:
    place = tmp_path / "other.json"
    place.write_bytes(encode(Bundle(code="0.0.1+000000000000")))
    told = run(cli, "regress", "--candidate", str(place), "--baseline", "code", code=1).output
    assert "was made for 0.0.1+000000000000" in told


def test_nothing_to_measure_is_no_pass(cli: CliRunner) -> None:
    told = run(cli, "regress", "--candidate", "code", "--baseline", "code", "--jobs", "1", code=1).output
    assert "no labelled document was measured" in told


def test_cases_are_listed_shown_and_dropped_when_their_time_is_over(
    cli: CliRunner, tmp_path: Path, corrected: list[str]
) -> None:
    assert len(run(cli, "cases", "list").output.splitlines()) == 2
    told = json.loads(run(cli, "cases", "show", corrected[0][:20]).output)
    assert (told["case_id"], told["stated_by"], told["lane"]) == (corrected[0], "ada", "text")
    assert told["layout"]
    book = CaseBook(shelf(tmp_path))
    over = book.every()[corrected[0]].model_copy(update={"retain_until": datetime.now(UTC) - timedelta(seconds=1)})
    late = book.add(over)
    assert run(cli, "cases", "expire").output.split() == [late]
    assert set(book.every()) == set(corrected)


def test_a_field_that_is_none_is_wrong_usage(cli: CliRunner, tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(paper(*PAPERS[0]))
    told = run(cli, "cases", "add", str(file), "--truth", "colour=red", "--by", "a", "--consent", "c", code=2).output
    assert "colour is no field" in told


@pytest.fixture
def api() -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    """Answer as the API does to whoever takes a release further; return its address, and what it was asked."""
    asked: list[tuple[str, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


def test_a_recorded_report_is_kept_and_takes_the_candidate_further(
    cli: CliRunner, tmp_path: Path, corrected: list[str], api: tuple[str, list[tuple[str, bytes]]]
) -> None:
    assert corrected
    url, asked = api
    good = tmp_path / "bundle.json"
    run(cli, "propose", "--by", "ada", "--out", str(good))
    release = Bundle.model_validate_json(good.read_bytes()).release_id
    record = ("--record", "--api-url", url, "--api-key", "k", "--jobs", "1")
    told = run(cli, "regress", "--candidate", str(good), "--baseline", "code", *record).output
    (kept,) = shelf(tmp_path).every("reports")
    assert f"report {kept}" in told
    (path, body) = asked.pop()
    assert path == f"/v1/releases/{quote(release, safe='')}/test"
    assert json.loads(body) == {"regression": kept}
    bad = bundle_file(tmp_path, LabelLearned(language="de", concept="invoice_number", phrase="Kundenkennung"))
    run(cli, "regress", "--candidate", bad, "--baseline", "code", *record, code=1)
    assert not asked
    assert len(shelf(tmp_path).every("reports")) == 2


def test_recording_needs_a_key(cli: CliRunner) -> None:
    run(cli, "regress", "--candidate", "code", "--baseline", "code", "--record", code=2)
