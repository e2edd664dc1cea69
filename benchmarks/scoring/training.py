"""Makes the artefact that the code brings along: agents/extraction/text/scoring/base.json."""

import json
from pathlib import Path

from agents.extraction.text.scoring.advice import SCORED
from agents.extraction.text.scoring.base import Artefact, Data
from app.quality.fitting import Example, fit, information, top
from app.quality.training import scorer_of
from benchmarks.accuracy.papers.collection import names_of
from benchmarks.scoring.papers import papers
from schemas.evidence import FieldName

ARTEFACT = Path(__file__).parents[2] / "agents" / "extraction" / "text" / "scoring" / "base.json"


def trained(seed: int, every: int = 1) -> Artefact:
    """Return the artefact: a function of the seed, of the generator and of the reader's finders."""
    taught: dict[FieldName, list[Example]] = {field: [] for field in SCORED}
    count = 0
    for paper in papers(seed, "tuning", every):
        count += 1
        for field, found in paper.examples():
            taught[field].append(found)
    weights = {field: fit(found) for field, found in taught.items()}
    return Artefact(
        scorer=scorer_of(weights, seed=seed, cases=0, version="base"),
        data=Data(
            description="generated papers of the layouts that may be tuned on, half of them with one name exchanged",
            layouts=len(names_of("tuning")),
            papers=count,
        ),
        information={field: information(found, weights[field]) for field, found in taught.items()},
        figures={field: _figures(found, weights[field]) for field, found in taught.items()},
    )


def _figures(examples: list[Example], weights: dict[str, float]) -> dict[str, float]:
    asked = [one for one in examples if one.right is not None]
    right = sum(top(one, weights) == one.right for one in asked)
    return {"examples": len(examples), "with_the_right_one": len(asked), "top": round(right / max(len(asked), 1), 4)}


def written(artefact: Artefact) -> bytes:
    """Return the artefact as a file that two versions of can be compared line by line."""
    return (json.dumps(artefact.model_dump(mode="json"), indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()
