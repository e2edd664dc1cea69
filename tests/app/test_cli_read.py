"""`quittance read` on real files, through the real sandbox, as a user calls it."""

import contextlib
import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from schemas.evidence import FIELD_NAMES
from tests.agents.extraction import pdfs
from tests.agents.extraction.xml_invoices import CII, CREDIT_NOTE, IBAN, UBL, swap

ROOT = Path(__file__).resolve().parents[2]


def quittance(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "app", "read", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def lines(ran: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ran.stdout.splitlines()]


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    nothing_prepaid = swap(
        UBL,
        ("19.00</cbc:PrepaidAmount>", "0.00</cbc:PrepaidAmount>"),
        ("100.00</cbc:PayableAmount>", "119.00</cbc:PayableAmount>"),
    )
    contents = {
        "a.xml": nothing_prepaid.encode(),
        "b.pdf": pdfs.attach(pdfs.page(*pdfs.CII_PAGE), {"factur-x.xml": CII}),
        "c.xml": CREDIT_NOTE.encode(),
        "d.xml": swap(UBL, (IBAN[:4], "DE03")).encode(),
        "e.bin": b"neither",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return [tmp_path / name for name in contents]


def test_one_line_a_document_in_the_order_asked_for(files: list[Path]) -> None:
    asked = [*reversed(files), files[0].parent / "missing.xml", files[0].parent]
    ran = quittance("--jsonl", "--jobs", "2", *asked)
    said = lines(ran)
    assert [line["path"] for line in said] == [str(path) for path in asked]
    assert [(line["assessment"] or {}).get("outcome") or line["reason"] for line in said] == [
        "NOT-A-DOCUMENT",
        "doubtful",
        "not_payable",
        "not_payable",
        "payable",
        "FILE-NOT-FOUND",
        "FILE-UNREADABLE",
    ]
    assert ran.returncode == 1
    assert ran.stderr == ""


def test_a_line_has_every_field_and_all_that_was_promised(files: list[Path]) -> None:
    ran = quittance("--jsonl", files[1])
    (line,) = lines(ran)
    assert ran.returncode == 0
    assert set(line["fields"]) == set(FIELD_NAMES)
    assert set(line) >= {
        "document_id", "path", "media_type", "pages", "lane", "release", "seconds", "status", "reason", "fields",
        "lines", "findings", "assessment",
    }  # fmt: skip
    assert (line["lane"], line["pages"], line["media_type"]) == ("hybrid", 1, "application/pdf")
    number = line["fields"]["invoice_number"]
    assert (number["value"], number["page"], number["source"], number["agrees"]) == ("F-77", 1, "cii", ["text"])
    assert line["fields"]["payee_name"]["value"] is None
    assert line["lines"][0]["invoice_line_net_amount"] == "100.00"


def test_table_tells_each_verdict_and_shows_no_bar_in_a_pipe(files: list[Path]) -> None:
    ran = quittance(*files)
    assert "119.00 EUR" in ran.stdout
    assert "DE02 1203 0000 0000 2020 51" in ran.stdout
    assert "1 payable · 1 doubtful · 2 nothing to pay · 1 not read" in ran.stdout
    assert ran.stderr == ""


def test_a_terminal_sees_a_bar(files: list[Path]) -> None:
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "app", "read", str(files[0])]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=slave) as ran:
        os.close(slave)
        shown = b""
        with contextlib.suppress(OSError):  # a terminal whose other side is gone says so by an error
            while part := os.read(master, 4096):
                shown += part
        os.close(master)
        assert ran.wait(timeout=120) == 0
    assert b"Reading" in shown
    assert b"1/1" in shown


def test_wrong_usage_is_exit_code_two() -> None:
    assert quittance().returncode == 2
    assert quittance("--jobs", "0", "x").returncode == 2
    assert quittance("--unknown").returncode == 2


CORPUS = ROOT.parent / "shared" / "corpus"


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.exists(), reason="../shared/corpus is not here")
def test_every_document_of_the_corpus_has_a_line() -> None:
    rows = [json.loads(row) for row in (CORPUS / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    said = lines(quittance("--jsonl", *(CORPUS / row["path"] for row in rows)))
    assert [line["document_id"] for line in said if not line["document_id"]] == []
    assert len(said) == len(rows)
