"""The typed view of a table: every change is a write, and nothing else is."""

from collections import UserDict
from typing import Any

import pytest
from pydantic import ValidationError

from schemas.base import Record
from tables.keyed import Keyed


class Note(Record):
    text: str
    pages: tuple[int, ...] = ()


class Changelog(UserDict[str, Any]):
    """A mapping that writes down what would go to the changelog."""

    def __init__(self) -> None:
        self.changes: list[tuple[str, Any]] = []
        super().__init__()

    def __setitem__(self, key: str, item: Any) -> None:
        self.changes.append((key, item))
        super().__setitem__(key, item)

    def __delitem__(self, key: str) -> None:
        self.changes.append((key, None))
        super().__delitem__(key)


def test_what_was_put_is_got() -> None:
    notes = Keyed(Changelog(), Note)
    notes.put("a", Note(text="x", pages=(1, 2)))
    assert notes.get("a") == Note(text="x", pages=(1, 2))
    assert notes.get("b") is None


def test_the_mapping_holds_json_and_no_objects() -> None:
    log = Changelog()
    Keyed(log, Note).put("a", Note(text="x", pages=(1, 2)))
    assert log.changes == [("a", {"text": "x", "pages": [1, 2]})]


def test_an_equal_write_costs_nothing() -> None:
    log = Changelog()
    notes = Keyed(log, Note)
    notes.put("a", Note(text="x"))
    notes.put("a", Note(text="x"))
    notes.put("a", Note(text="y"))
    assert [tree["text"] for _, tree in log.changes] == ["x", "y"]


def test_a_key_is_forgotten_once() -> None:
    log = Changelog()
    notes = Keyed(log, Note)
    notes.put("a", Note(text="x"))
    notes.remove("a")
    notes.remove("a")
    assert log.changes[1:] == [("a", None)]
    assert notes.get("a") is None


def test_a_record_of_an_older_or_a_newer_writer_is_read() -> None:
    log = Changelog()
    log["a"] = {"text": "x", "pages": [], "colour": "blue"}
    log["b"] = {"text": "x"}
    notes = Keyed(log, Note)
    assert notes.get("a") == notes.get("b") == Note(text="x")


def test_a_record_that_cannot_be_read_is_never_taken_for_none() -> None:
    """Else a payment that was issued would be issued again."""
    log = Changelog()
    log["a"] = {"pages": []}
    with pytest.raises(ValidationError):
        Keyed(log, Note).get("a")


def test_all_keys_can_be_gone_through_while_some_are_removed() -> None:
    notes = Keyed(Changelog(), Note)
    for key in "abc":
        notes.put(key, Note(text=key))
    for key in notes:
        notes.remove(key)
    assert list(notes) == []
