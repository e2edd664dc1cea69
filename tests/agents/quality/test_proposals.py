"""Two corrections that agree teach an anchor; one, or two that contradict each other, teach nothing and say so."""

from dataclasses import replace

from agents.quality.proposals import MARGIN, Correction, Proposal, Shown, propose
from schemas.release import ANCHORS_MAX, Anchor, Bundle, LabelLearned, Learned
from tables.releases import Running

CODE = "0.1.0+000000000000"
PARENT = Running.of(Bundle(code=CODE))
NUMBER = Shown("vorgangskennung", "inline", 0.3, 0.2, is_new=True)
FIRST = Correction(
    "case-1", "doc-1", "a", "invoice_number", "4711", (NUMBER,), supplier_id="muster", language="de",
)  # fmt: skip
SECOND = replace(FIRST, case_id="case-2", document_id="doc-2", right="4712")


def proposed(*corrections: Correction, parent: Running = PARENT) -> Proposal:
    return propose(corrections, parent, alike=lambda one, other: one[0] == other[0], author="ada")


def reasons(proposal: Proposal) -> list[str]:
    return [note.reason for note in proposal.notes]


def test_two_corrections_of_a_layout_teach_an_anchor() -> None:
    found = proposed(FIRST, SECOND)
    assert found.bundle is not None
    (anchor,) = found.bundle.learned.anchors
    assert (anchor.layout, anchor.field, anchor.label, anchor.direction) == (
        "a", "invoice_number", "vorgangskennung", "inline",
    )  # fmt: skip
    assert anchor.zone == (0.3 - MARGIN, 0.2 - MARGIN, 0.3 + MARGIN, 0.2 + MARGIN)
    assert (found.bundle.parent, found.bundle.author, found.bundle.claims) == (CODE, "ada", ("case-1", "case-2"))
    assert found.bundle.reason
    assert found.bundle.release_id != CODE


def test_the_order_of_corrections_changes_nothing() -> None:
    assert proposed(FIRST, SECOND) == proposed(SECOND, FIRST)


def test_one_correction_alone_teaches_nothing() -> None:
    assert proposed(FIRST).bundle is None
    assert reasons(proposed(FIRST)) == ["ONE-ALONE"]


def test_the_same_document_corrected_twice_is_one_correction() -> None:
    assert reasons(proposed(FIRST, replace(FIRST, case_id="case-9"))) == ["ONE-ALONE"]


def test_corrections_that_contradict_each_other_teach_nothing_and_say_so() -> None:
    found = proposed(FIRST, SECOND, replace(SECOND, case_id="case-3", right="9"))
    assert found.bundle is None
    assert reasons(found) == ["CONTRADICTORY", "ONE-ALONE"]
    assert found.notes[0].documents == ("doc-2",)


def test_corrections_of_two_layouts_do_not_agree() -> None:
    assert reasons(proposed(FIRST, replace(SECOND, layout="b"))) == ["ONE-ALONE", "ONE-ALONE"]


def test_places_that_have_no_label_in_common_teach_nothing() -> None:
    other = replace(SECOND, shown=(replace(NUMBER, label="beleg"),))
    assert reasons(proposed(FIRST, other)) == ["NO-PLACE"]


def test_a_document_without_a_place_neither_helps_nor_hinders() -> None:
    assert proposed(FIRST, SECOND, replace(FIRST, case_id="case-3", document_id="doc-3", shown=())).bundle
    assert reasons(proposed(FIRST, replace(SECOND, shown=()))) == ["NO-PLACE"]


def test_a_value_that_moves_with_the_table_is_looked_for_on_the_whole_height() -> None:
    found = proposed(FIRST, replace(SECOND, shown=(replace(NUMBER, y=0.6),)))
    assert found.bundle is not None
    assert found.bundle.learned.anchors[0].zone[1::2] == (0.0, 1.0)


def test_a_phrase_of_two_suppliers_becomes_a_label() -> None:
    elsewhere = replace(SECOND, layout="b", supplier_id="probe")
    found = proposed(FIRST, elsewhere)
    assert found.bundle is not None
    assert found.bundle.learned.labels == (
        LabelLearned(language="de", concept="invoice_number", phrase="vorgangskennung"),
    )
    assert found.bundle.claims == ("case-1", "case-2")


def test_a_phrase_of_one_supplier_or_a_known_one_becomes_none() -> None:
    assert proposed(FIRST, replace(SECOND, layout="b")).bundle is None
    known = tuple(
        replace(one, layout=layout, supplier_id=layout, shown=(replace(NUMBER, is_new=False),))
        for one, layout in ((FIRST, "a"), (SECOND, "b"))
    )
    assert proposed(*known).bundle is None


def test_a_new_anchor_takes_the_place_of_the_old_one_and_all_else_stays() -> None:
    old = Anchor(layout="a2", field="invoice_number", label="alt", direction="below", zone=(0, 0, 1, 1))
    other = Anchor(layout="b", field="invoice_number", label="neu", direction="right", zone=(0, 0, 1, 1))
    parent = Running.of(Bundle(code=CODE, learned=Learned(anchors=(old, other)), confidence_min={"text": 0.95}))
    found = proposed(FIRST, SECOND, parent=parent)
    assert found.bundle is not None
    assert [one.label for one in found.bundle.learned.anchors] == ["neu", "vorgangskennung"]
    assert found.bundle.confidence_min == {"text": 0.95}
    assert found.bundle.parent == parent.name


def test_what_is_known_already_is_not_proposed_again() -> None:
    found = proposed(FIRST, SECOND)
    assert found.bundle is not None
    assert proposed(FIRST, SECOND, parent=Running.of(found.bundle)).bundle is None


def test_a_full_memory_takes_nothing_more_and_says_so() -> None:
    anchors = tuple(
        Anchor(layout=f"z{at}", field="buyer_name", label="an", direction="right", zone=(0, 0, 1, 1))
        for at in range(ANCHORS_MAX)
    )
    found = proposed(FIRST, SECOND, parent=Running.of(Bundle(code=CODE, learned=Learned(anchors=anchors))))
    assert found.bundle is None
    assert reasons(found) == ["FULL"]
