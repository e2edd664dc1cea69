"""Cases lie under their documents' keys, and end with them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.documents import Claim, DocumentErased, DocumentKeyMissing, KeyFolder
from app.quality.cases import CaseBook, CaseUnknown
from app.quality.enclosing import MARK
from app.quality.golden import keep, load, thinned
from app.quality.shelf import ContentBroken, FolderObjects, Shelf
from schemas.case import Case
from schemas.codec import encode
from schemas.identifiers import document_id

NOW = datetime(2026, 11, 1, tzinfo=UTC)
ACME, TOWN, CLEAR = (document_id(name) for name in (b"acme", b"town", b"clear"))


def case(document: str, supplier: str | None = None, number: str = "SECRET-4711") -> Case:
    return Case(
        document_id=document,
        reference="file:///d",
        truth={"invoice_number": number},
        stated_by="ada",
        stated_at=NOW,
        consent="contract",
        retain_until=NOW + timedelta(days=730),
        supplier_id=supplier,
    )


class House:
    """A shelf, and keys of two documents of two suppliers; a third document lies in clear."""

    def __init__(self, folder: Path) -> None:
        self.keys = KeyFolder(folder / "keys")
        self.keys.create()
        self.objects = FolderObjects(folder / "quality")
        self.book = CaseBook(self.shelf())
        for document, supplier in ((ACME, "acme"), (TOWN, "town")):
            self.keys.make(hexadecimal(document))
            self.claim(document, supplier)

    def shelf(self, *, keys: bool = True) -> Shelf:
        return Shelf(self.objects, self.keys if keys else None)

    def claim(self, document: str, supplier: str, tenant: str = "default") -> None:
        assert self.keys.claim(hexadecimal(document), Claim(tenant=tenant, supplier_id=supplier, at=NOW))

    def erase(self, supplier: str) -> None:
        self.keys.destroy(supplier, NOW, "dpo")

    def stored(self, case_id: str) -> bytes:
        found = self.objects.get(f"cases/{hexadecimal(case_id)}.json")
        assert found is not None
        return found


def hexadecimal(name: str) -> str:
    return name.removeprefix("sha256:")


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_a_case_lies_under_its_documents_key_and_is_read_by_it(house: House) -> None:
    case_id = house.book.add(case(ACME))
    assert house.stored(case_id).startswith(MARK)
    assert b"SECRET" not in house.stored(case_id)
    assert house.book.get(case_id) == case(ACME)
    assert case_id == case(ACME).case_id
    before = house.stored(case_id)
    house.book.add(case(ACME))
    assert house.stored(case_id) == before


def test_a_case_of_an_erased_supplier_is_unreadable_and_told_as_erased(house: House) -> None:
    gone, left = house.book.add(case(ACME)), house.book.add(case(TOWN))
    golden = thinned(house.book.every())
    version = keep(house.shelf(), golden)
    house.erase("acme")
    assert house.book.get(gone) is None
    with pytest.raises(DocumentErased):
        house.shelf().get("cases", gone)
    assert house.book.erased() == [gone]
    with pytest.raises(CaseUnknown, match="was erased with its document"):
        house.book.find(gone)
    assert set(house.book.every()) == {left}
    assert load(house.shelf(), version) == (version, {left: case(TOWN)})
    assert set(golden.cases) == {gone, left}


def test_nothing_new_is_kept_of_what_was_erased(house: House) -> None:
    house.erase("acme")
    with pytest.raises(DocumentErased):
        house.book.add(case(ACME))
    assert house.shelf().every("cases") == []


def test_a_supplier_that_is_recognised_later_takes_the_cases_along(house: House) -> None:
    late = document_id(b"late")
    house.keys.make(hexadecimal(late))
    case_id = house.book.add(case(late))
    house.claim(late, "acme")
    house.erase("acme")
    assert house.book.get(case_id) is None


def test_without_keys_a_case_is_no_case_that_was_erased(house: House) -> None:
    case_id = house.book.add(case(ACME))
    with pytest.raises(DocumentKeyMissing):
        CaseBook(house.shelf(keys=False)).get(case_id)


def test_what_was_changed_or_exchanged_is_told(house: House) -> None:
    first, second = house.book.add(case(ACME)), house.book.add(case(ACME, number="2"))
    stored = house.stored(first)
    house.objects.put(f"cases/{hexadecimal(second)}.json", stored)
    with pytest.raises(ContentBroken):
        house.book.get(second)
    other_key = stored.replace(hexadecimal(ACME).encode(), hexadecimal(TOWN).encode())
    for changed in (stored[:-1] + bytes([stored[-1] ^ 1]), other_key):
        house.objects.put(f"cases/{hexadecimal(first)}.json", changed)
        with pytest.raises(ContentBroken):
            house.book.get(first)


def test_what_lies_in_clear_follows_its_document(house: House) -> None:
    old = CaseBook(house.shelf(keys=False)).add(case(ACME))
    clear = house.book.add(case(CLEAR))
    assert house.stored(clear) == encode(case(CLEAR))
    assert house.book.get(old) == case(ACME)
    assert house.book.enclose() == [old]
    assert house.stored(old).startswith(MARK)
    assert house.book.enclose() == []
    assert set(house.book.every()) == {old, clear}


def test_the_end_of_a_supplier_takes_what_lay_beside_its_keys(house: House) -> None:
    enclosed = house.book.add(case(ACME, "acme"))
    clear = house.book.add(case(CLEAR, "acme"))
    unnamed = house.book.add(case(CLEAR))
    shared = house.book.add(case(TOWN, "acme"))  # another tenant knows its document by another supplier
    left = house.book.add(case(TOWN, "town"))
    house.erase("acme")
    assert house.book.end("acme", {ACME, CLEAR, TOWN}) == sorted([enclosed, clear, unnamed, shared])
    assert set(house.book.every()) == {left}
    assert house.book.end("acme", {ACME, CLEAR, TOWN}) == [enclosed]
