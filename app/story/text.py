"""A story as text: for a terminal, a mail or a file."""

import textwrap
from collections.abc import Callable, Sequence

from app.dead_letters.shown import printable
from app.story.story import Chapter, Proof, Sentence, Story

WIDTH_MAX = 100
WIDTH_MIN = 40
_INDENT = "  "

# Sets a heading, or an alarm, apart where that can be shown.
Style = Callable[[str], str]


def _unset(text: str) -> str:
    return text


def render(story: Story, *, width: int = WIDTH_MAX, proof: bool = False, heading: Style = _unset,
           warning: Style = _unset) -> str:  # fmt: skip
    """Return the story as lines of at most `width` characters.

    Args:
        story: what is told.
        width: of the terminal.
        proof: numbers behind each sentence, and a list of the records that they stand for.
        heading: sets headings apart.
        warning: sets alarms apart.
    """
    width = max(WIDTH_MIN, min(width, WIDTH_MAX))
    numbers = _Numbers(on=proof)
    lines = [heading(f"Document {story.document_id}"), f"Tenant {printable(story.tenant)}", ""]
    lines += _wrap(story.headline, width)
    lines += _alarms(story.alarms, width, numbers, warning)
    for chapter in story.chapters:
        lines += ["", *map(heading, _wrap(_title(chapter), width)), *_chapter(chapter, width, numbers)]
    lines += numbers.lines(heading)
    return "\n".join(lines) + "\n"


class _Numbers:
    """Gives each record a number, in the order in which they are first named."""

    def __init__(self, *, on: bool) -> None:
        self._on = on
        self._known: dict[Proof, int] = {}

    def of(self, proof: Sequence[Proof]) -> str:
        if not self._on or not proof:
            return ""
        return " [" + ", ".join(str(self._known.setdefault(each, len(self._known) + 1)) for each in proof) + "]"

    def lines(self, heading: Style) -> list[str]:
        if not self._known:
            return []
        kinds = {"entry": "audit entry", "record": "record"}
        listed = [
            f"{_INDENT}[{number}] {kinds[each.kind]} {each.place}\n{_INDENT}    {each.digest}"
            for each, number in self._known.items()
        ]
        return ["", heading("The records"), *listed]


def _alarms(alarms: Sequence[Sentence], width: int, numbers: _Numbers, warning: Style) -> list[str]:
    lines = []
    for each in alarms:
        wrapped = _wrap(f"ALARM: {each.text}{numbers.of(each.proof)}", width)
        lines += ["", *map(warning, wrapped)]
    return lines


def _title(chapter: Chapter) -> str:
    return f"{chapter.title} ({chapter.at})" if chapter.at else chapter.title


def _chapter(chapter: Chapter, width: int, numbers: _Numbers) -> list[str]:
    """Return a chapter: sentences run on, points stand each on a line of its own."""
    lines: list[str] = []
    running: list[str] = []
    for sentence in chapter.sentences:
        text = sentence.text + numbers.of(sentence.proof)
        if sentence.weight == "point":
            lines += _flush(running, width)
            lines += _wrap(text, width, f"{_INDENT}- ", f"{_INDENT}  ")
        else:
            running.append(text)
    return lines + _flush(running, width)


def _flush(running: list[str], width: int) -> list[str]:
    lines = _wrap(" ".join(running), width, _INDENT, _INDENT)
    running.clear()
    return lines


def _wrap(text: str, width: int, first: str = "", more: str = "") -> list[str]:
    """Wrap at blanks alone: a rule id or a digest is one word. All that is told comes through here.

    A document may hold signs that a terminal obeys; they are made visible.
    """
    shown = printable("".join(" " if sign.isspace() else sign for sign in text))
    return textwrap.wrap(
        shown, width, initial_indent=first, subsequent_indent=more, break_on_hyphens=False, break_long_words=False
    )
