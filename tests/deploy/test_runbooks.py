"""Each alert has its page, each page its alert, and what a page says to type or to open exists."""

import re
from pathlib import Path

import click
import pytest

from app.cli import main
from tests.deploy.promtool import ROOT, alerts

FOLDER = ROOT / "docs/runbooks"
PAGES = sorted(FOLDER.glob("*.md"))
CHAPTERS = ("What it means", "How to look", "What to do", "When to wake whom")


def rung_by(page: Path) -> set[str]:
    (line,) = re.findall(r"^Rings: (.+)$", page.read_text(), re.MULTILINE)
    return set(re.findall(r"`(\w+)`", line))


def test_each_alert_has_its_page_and_each_page_its_alert() -> None:
    named = {str(rule["alert"]): str(rule["annotations"]["runbook"]) for rule in alerts()}  # type: ignore[index]
    assert named == {alert: f"docs/runbooks/{page.name}" for page in PAGES for alert in rung_by(page)}


@pytest.mark.parametrize("rule", alerts(), ids=lambda rule: str(rule["alert"]))
def test_an_alert_says_what_it_is_about_and_what_to_do(rule: dict[str, dict[str, str]]) -> None:
    assert rule["annotations"].keys() == {"summary", "action", "runbook"}
    assert rule["labels"]["severity"] in {"page", "ticket"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_has_its_chapters_and_names_what_exists(page: Path) -> None:
    text = page.read_text()
    assert tuple(re.findall(r"^## (.+)$", text, re.MULTILINE)) == CHAPTERS
    for link in re.findall(r"\]\(([\w-]+\.md)\)", text):
        assert (FOLDER / link).exists(), link
    for path in re.findall(r"\b(?:app|agents|deploy|tests)/[\w/]+\.\w+", text):
        assert (ROOT / path).exists(), path
    for command in re.findall(r"`quittance (\w+)", text):
        assert main.get_command(click.Context(main), command) is not None, command
