"""A release: what reads and what decides, as data over one version of the code, named by its content.

The code brings along lexicons, rules, thresholds and a policy. A `Bundle` adds to them what was learned since: it is
immutable, and small enough to travel on `release.changed`, so that every worker can take it up within seconds and
none needs a restart (docs/decisions/0030). What a bundle names is always one version of the code and one set of data:
on other code the same data are another release, and have to be tested again.
"""

import json
from typing import Annotated, Literal

from pydantic import Field, model_validator

from schemas.base import Code, Moment, Record, Text
from schemas.evidence import FieldName, Lane
from schemas.identifiers import digest
from schemas.policy import Policy

ReleaseState = Literal["draft", "tested", "shadow", "canary", "active", "retired"]
Direction = Literal["right", "below", "inline"]
Share = Annotated[float, Field(ge=0, le=1)]
# Left, top, right and bottom as shares of the page's width and height.
Zone = tuple[Share, Share, Share, Share]

# With 200 suppliers of 20 anchors each a bundle is below half of what one record may weigh.
ANCHORS_MAX = 4_000
LABELS_MAX = 500
CLAIMS_MAX = 1_000
# The scorer weighs the candidates of a few fields by some dozens of features each: 50 KB at most.
WEIGHTS_MAX = 500
# Odds of e^20 are certainty; a larger weight is an error of whoever made it.
WEIGHT_MAX = 20.0
PERSONS_MAX = 8
# A label is a few words; a longer one is a sentence that happens to stand there.
LABEL_LENGTH_MAX = 80
# Below it a value is a guess, whatever a release says: data can make the product stricter, and never looser than this.
CONFIDENCE_FLOOR = 0.9
# Enough that two bundles never meet (48 bits over at most thousands), few enough to be read out on the telephone.
NAME_DIGITS = 12

_CONTENT = ("code", "learned", "confidence_min", "policy", "assistant")

Weight = Annotated[float, Field(ge=-WEIGHT_MAX, le=WEIGHT_MAX)]
Label = Annotated[str, Field(min_length=1, max_length=LABEL_LENGTH_MAX)]


class LabelLearned(Record):
    """One more phrase for a concept of the lexicon (agents/extraction/text/lexicons): `concept` is the key there."""

    language: Code
    concept: Code
    phrase: Label


class Anchor(Record):
    """Where the papers of one layout print one value: behind or below a label, within a zone of a page.

    `layout` is the sketch of the layout (agents/extraction/text/sketch.py). `label` is folded, its words divided by
    single blanks. `agreed` is how many documents' corrections it follows from.
    """

    layout: Code
    field: FieldName
    label: Label
    direction: Direction
    zone: Zone
    agreed: Annotated[int, Field(ge=0)] = 0


class FeatureWeight(Record):
    """How much a feature speaks for a candidate of a field, as a part of its log-odds."""

    field: FieldName
    feature: Code
    weight: Weight


class Scorer(Record):
    """The weights of the learned scorer (docs/scorer.md), in place of those of the code.

    `version` names what it was made of: the same cases, base and seed make the same version. A field that is not there
    keeps the code's weights; a feature that this code does not know has no effect.
    """

    version: Code
    seed: Annotated[int, Field(ge=0)]
    cases: Annotated[int, Field(ge=0)] = 0
    weights: Annotated[tuple[FeatureWeight, ...], Field(max_length=WEIGHTS_MAX)]

    def of(self, field: FieldName) -> dict[str, float]:
        """Return the weights of a field by feature; none where it has none of its own."""
        return {one.feature: one.weight for one in self.weights if one.field == field}


class Learned(Record):
    """What a reader is given beside the code."""

    labels: Annotated[tuple[LabelLearned, ...], Field(max_length=LABELS_MAX)] = ()
    anchors: Annotated[tuple[Anchor, ...], Field(max_length=ANCHORS_MAX)] = ()
    scorer: Scorer | None = None


class Assistant(Record):
    """The language model that may be asked where the readers doubt: another one answers otherwise."""

    model: Code
    prompt_version: Code


class Bundle(Record):
    """One release's content and where it comes from. Only the content makes its name.

    `code` is the name of the code that it was made for (app/release.py). `confidence_min` replaces the code's
    thresholds lane by lane; `policy` the code's policy. `claims` are the cases that it is to mend.
    """

    code: Code
    learned: Learned = Learned()
    confidence_min: dict[Lane, Annotated[float, Field(ge=CONFIDENCE_FLOOR, le=1)]] = Field(default_factory=dict)
    policy: Policy | None = None
    assistant: Assistant | None = None
    parent: Code | None = None
    author: Code = "quittance"
    reason: Text = ""
    claims: Annotated[tuple[Code, ...], Field(max_length=CLAIMS_MAX)] = ()

    @property
    def content(self) -> bytes:
        """Return the canonical bytes of what reads and decides, and of nothing else.

        What is as it would be without a word is left out: a field added to the vocabulary later renames no release.
        """
        tree = self.model_dump(mode="json", include=set(_CONTENT), exclude_defaults=True)
        return json.dumps(tree, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    @property
    def release_id(self) -> str:
        """Return the release's name: that of the code where nothing is added, else with the hash of what is."""
        if self.content == Bundle(code=self.code).content:
            return self.code
        return f"{self.code}.{digest(self.content).removeprefix('sha256:')[:NAME_DIGITS]}"


class ReleaseChanged(Record):
    """A release enters a state; the last record per release id wins, and holds all that is known of the release.

    `share` is the part of the documents that a shadow or a canary sees, and `holdback` the part that an active release
    leaves to the one below it for a while, so that the two can still be compared (decision 0035). `promoted_by` are the
    persons who want a canary to become active: two are needed. `regression` is the digest of the report in the document
    store. `revision` counts the records of a release: of two that were made on the same one the first counts
    (tables/releases.py). `activation` counts promotions over all releases: the highest of those that are active is in
    force. An offset would not do, for a record may have to be written again. `since` is when the release entered its
    state with its share; what only says who wants a promotion leaves it, and the guard judges everything since then.
    """

    release_id: Code
    state: ReleaseState
    changed_by: Code
    reason: Text = ""
    changed_at: Moment
    bundle: Bundle | None = None
    share: Share = 0.0
    holdback: Share = 0.0
    promoted_by: Annotated[tuple[Code, ...], Field(max_length=PERSONS_MAX)] = ()
    regression: Code | None = None
    revision: Annotated[int, Field(ge=0)] = 0
    activation: Annotated[int, Field(ge=0)] = 0
    since: Moment | None = None

    @model_validator(mode="after")
    def _is_named_by_its_content(self) -> "ReleaseChanged":
        if self.bundle is not None and self.bundle.release_id != self.release_id:
            raise ValueError(f"the bundle is {self.bundle.release_id}, not {self.release_id}")
        return self
