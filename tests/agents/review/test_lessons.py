"""What a person's approval teaches of a value that the learned scorer had suggested."""

from agents.review.lessons import APPROVAL, CORRECTION, lessons
from schemas.finding import SCORER_SUGGESTS, Finding
from tests.agents.builders import review, validated

HELD = validated().normalized
SUGGESTED = HELD.model_copy(
    update={"findings": (Finding(rule=SCORER_SUGGESTS, severity="warning", message="", fields=("invoice_number",)),)}
)
APPROVED = review("approve", "anna", invoice_key=HELD.invoice_key)


def test_a_suggestion_that_a_person_approves_teaches_as_a_correction_does() -> None:
    [lesson] = lessons(APPROVED, SUGGESTED, SUGGESTED, None)
    assert (lesson.cause, lesson.field, lesson.wrong) == (CORRECTION, "invoice_number", None)
    assert lesson.right == HELD.invoice.invoice_number is not None
    assert lessons(APPROVED, SUGGESTED, SUGGESTED, None) == (lesson,)


def test_without_a_suggestion_it_is_an_approval() -> None:
    assert [lesson.cause for lesson in lessons(APPROVED, HELD, HELD, None)] == [APPROVAL]


def test_what_a_person_has_corrected_before_teaches_nothing_more() -> None:
    corrected = SUGGESTED.model_copy(update={"corrected_by": ("bert",)})
    assert lessons(APPROVED, corrected, corrected, None) == ()
