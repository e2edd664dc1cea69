"""`quittance quality causes`: what it prints of what the API says. The API is a server of ours that says one thing."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar

import pytest
from click.testing import CliRunner, Result

from app.cli_quality import quality

CAUSES: dict[str, Any] = {
    "by": "supplier",
    "lessons": 3,
    "items": [
        {
            "rank": 1,
            "cause": "label_missed",
            "by": "supplier",
            "value": "S1",
            "lessons": 2,
            "documents": 2,
            "at_risk": [{"value": "120.00", "currency": "EUR"}, {"value": "9000", "currency": "JPY"}],
            "examples": [{"field": "payment_due_date", "evidence": "Nothing was found.", "document_id": "sha256:ab"}],
        },
        {"rank": 2, "cause": "bank", "by": "supplier", "value": "", "lessons": 1, "documents": 1, "at_risk": [],
         "examples": [{"field": None, "evidence": "The bank gives no reason.", "document_id": "sha256:cd"}]},
    ],
}  # fmt: skip


class Handler(BaseHTTPRequestHandler):
    asked: ClassVar[list[str]] = []
    answer: ClassVar[dict[str, Any]] = CAUSES

    def do_GET(self) -> None:
        self.asked.append(self.path)
        body = json.dumps(self.answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        Handler.asked, Handler.answer = [], CAUSES
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def run(url: str, *options: str) -> Result:
    return CliRunner().invoke(quality, ["causes", "--api-url", url, "--api-key", "k", *options])


def test_causes_are_told_by_rank_with_an_example(url: str) -> None:
    result = run(url, "--by", "layout", "--limit", "7")
    assert result.exit_code == 0, result.output
    assert Handler.asked == ["/v1/quality/causes?by=layout&limit=7"]
    lines = result.output.splitlines()
    assert lines[0].endswith("label_missed, supplier S1: 2 documents, at risk 120.00 EUR, 9000 JPY")
    assert lines[1].strip() == "payment_due_date: Nothing was found."
    assert lines[3].endswith("bank, supplier none: 1 document, at risk no sum known")


def test_json_is_what_the_api_says(url: str) -> None:
    assert json.loads(run(url, "--json").output) == CAUSES


def test_where_nothing_went_wrong_that_is_said(url: str) -> None:
    Handler.answer = {"by": "supplier", "lessons": 0, "items": []}
    assert run(url).output.startswith("Nothing has gone wrong")


def test_an_api_that_is_away_is_one_line() -> None:
    result = run("http://127.0.0.1:9")
    assert result.exit_code == 1
    assert "cannot be asked" in result.output


def test_another_dimension_is_refused(url: str) -> None:
    assert run(url, "--by", "colour").exit_code == 2
