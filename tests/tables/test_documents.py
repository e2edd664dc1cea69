"""One document is one invoice: its first reading stands."""

from schemas.identifiers import invoice_key
from tables.documents import READINGS_MAX, DocumentFile, Reading

ONE, OTHER, DECIDED = (invoice_key("default", "seller", number) for number in ("1", "2", "3"))


def reading(analysis: int = 0, as_read: str = ONE, key: str = DECIDED) -> Reading:
    return Reading(analysis=analysis, as_read=as_read, invoice_key=key)


def test_the_first_reading_of_an_analysis_stands() -> None:
    file = DocumentFile().with_reading(reading())
    assert file.with_reading(reading(as_read=OTHER)) == file
    assert file.contradicted(reading(as_read=OTHER)) == reading()


def test_the_same_words_under_another_key_contradict_nothing() -> None:
    """A supplier who is known by now has another key, and that is judged elsewhere."""
    assert DocumentFile().with_reading(reading()).contradicted(reading(key=OTHER)) is None


def test_another_analysis_contradicts_nothing() -> None:
    assert DocumentFile().with_reading(reading()).contradicted(reading(analysis=1, as_read=OTHER)) is None


def test_a_new_document_contradicts_nothing() -> None:
    assert DocumentFile().contradicted(reading()) is None


def test_the_first_reading_is_never_forgotten() -> None:
    file = DocumentFile()
    for analysis in range(3 * READINGS_MAX):
        file = file.with_reading(reading(analysis))
    assert len(file.readings) == READINGS_MAX
    assert file.first(0) is not None
    assert file.first(3 * READINGS_MAX - 1) is not None
    assert file.first(1) is None
