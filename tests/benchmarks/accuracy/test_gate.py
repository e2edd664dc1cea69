"""The gate itself: no false payable beyond those known by name, no lane below its recorded coverage."""

from pathlib import Path

import pytest

from app.quality import labels
from benchmarks.accuracy import gate, running

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"


def test_the_generated_papers() -> None:
    assert gate.run() == []


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.exists(), reason="no ../shared/corpus")
def test_the_corpus() -> None:
    found = running.run(labels.read(CORPUS))
    assert gate.complaints("corpus", found, gate.known("corpus")) == []
    assert gate.known("corpus")["known_false"] == [], "of the corpus no false payable is ever recorded"
