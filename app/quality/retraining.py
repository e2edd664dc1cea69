"""From labelled documents to a release whose scorer has learned from them; what it mends is what it claims."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pydantic import ValidationError

from agents.extraction.text.scoring import base
from agents.extraction.text.scoring.offering import Offering
from app.extraction import Instructions
from app.quality.labels import Label
from app.quality.offered import READER
from app.quality.regression import Pair
from app.quality.regression_reading import Load
from app.quality.teaching import examples
from app.quality.training import Retrained, retrained, scorer_of
from app.sandbox import Sandbox
from schemas.evidence import FieldName
from schemas.release import CLAIMS_MAX, Bundle, Learned, Scorer
from tables.releases import Running

_GOOD = frozenset({"right", "absent", "neutral"})

Taught = Sequence[tuple[Label, Offering]]


class Outcome(NamedTuple):
    """The scorer, None where nothing was learned, and what became of each field that had examples enough."""

    scorer: Scorer | None
    fields: Mapping[FieldName, Retrained]


async def offerings(labels: Sequence[Label], load: Load, learned: Learned, jobs: int) -> Taught:
    """Return the candidates of the documents, in the order of their names; what cannot be read teaches nothing.

    Raises:
        SandboxError: no child process can be confined on this machine.
    """
    ordered = sorted(labels, key=lambda label: label.name)
    instructions = Instructions().of(learned)
    async with Sandbox(READER, processes=jobs) as sandbox:
        turns = asyncio.Semaphore(jobs)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_one(label, load, sandbox, instructions, turns)) for label in ordered]
    found = ((label, task.result()) for label, task in zip(ordered, tasks, strict=True))
    return [(label, offering) for label, offering in found if offering is not None]


async def _one(
    label: Label, load: Load, sandbox: Sandbox, instructions: bytes, turns: asyncio.Semaphore
) -> Offering | None:
    async with turns:
        content = await load(label)
        answer = await sandbox.read(content, instructions) if isinstance(content, bytes) else None
    if not isinstance(answer, bytes):
        return None
    try:
        return Offering.model_validate_json(answer)
    except ValidationError:
        return None


def retrain(taught: Taught, before: Scorer | None, seed: int) -> Outcome:
    """Return what the documents teach: a function of them, of the code's weights and of the seed.

    Fields of which they say too little keep the weights in force.
    """
    known = base.artefact()
    found = {
        field: made
        for field, own in examples(taught).items()
        if (made := retrained(field, own, known, base.weights(before, field), seed)) is not None
    }
    if not found:
        return Outcome(None, {})
    kept = {one.field: before.of(one.field) for one in before.weights} if before is not None else {}
    weights = {**kept, **{field: one.weights for field, one in found.items()}}
    return Outcome(scorer_of(weights, seed=seed, cases=len(taught)), found)


def bundle(parent: Running, scorer: Scorer, author: str) -> Bundle:
    """Return the parent with another scorer; it claims nothing yet."""
    held = parent.bundle
    return held.model_copy(
        update={
            "learned": held.learned.model_copy(update={"scorer": scorer}),
            "parent": parent.name,
            "author": author,
            "reason": f"scorer {scorer.version} learned from {scorer.cases} documents, seed {scorer.seed}",
            "claims": (),
        }
    )


def claimed(pairs: Sequence[Pair], cases: Mapping[str, object]) -> tuple[str, ...]:
    """Return the cases that were read wrongly before, and are right in all that was stated of them since."""
    mended = (
        pair.label.name
        for pair in pairs
        if pair.label.name in cases
        and not set(pair.before.states.values()) <= _GOOD
        and set(pair.after.states.values()) <= _GOOD
    )
    return tuple(sorted(mended))[:CLAIMS_MAX]
