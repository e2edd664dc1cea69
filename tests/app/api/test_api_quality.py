"""Why things went wrong, as the API tells it, with pictures of the place."""

import io

import pytest
from PIL import Image

from schemas import topics
from schemas.identifiers import document_id
from tests.agents.extraction import pdfs
from tests.app.api.world import World, bearer
from tests.app.readmodel.events import extracted, feedback

PAPER = pdfs.page("Invoice F1", "To pay: 120,00 EUR")
PICTURE = "/v1/quality/causes/{}/picture.png"


async def told(world: World, content: bytes = PAPER, *, page: int = 1) -> str:
    """Have a document of these bytes read and corrected; return the lesson's id."""
    document = document_id(content)
    uploaded = await world.client.post("/v1/documents", files={"file": ("a.pdf", content)})
    assert uploaded.status_code == 202
    event = extracted(document)
    fields = {name: field.model_copy(update={"page": page}) for name, field in event.extracted.fields.items()}
    moved = event.extracted.model_copy(update={"fields": fields})
    await world.log.write(topics.INVOICE_EXTRACTED, event.model_copy(update={"extracted": moved}), key=document)
    lesson = feedback(document)
    await world.log.write(topics.FEEDBACK_RECORDED, lesson)
    return lesson.feedback_id


async def test_a_cause_is_told_with_its_evidence_and_what_was_at_risk(world: World) -> None:
    lesson = await told(world)
    await world.log.write(topics.FEEDBACK_RECORDED, feedback(document_id(PAPER)))  # told twice
    answer = (await world.client.get("/v1/quality/causes")).json()
    assert (answer["by"], answer["lessons"], len(answer["items"])) == ("supplier", 1, 1)
    [cluster] = answer["items"]
    assert (cluster["rank"], cluster["cause"], cluster["value"]) == (1, "number_format", "acme")
    assert cluster["at_risk"] == [{"value": "120.00", "currency": "EUR"}]
    [example] = cluster["examples"]
    assert (example["wrong"], example["right"]) == ("120.00", "12000.00")
    assert (example["page"], example["box"]) == (1, [10, 20, 60, 30])
    assert example["picture"] == PICTURE.format(lesson)
    assert "same digits" in example["evidence"]


@pytest.mark.parametrize("by", ["layout", "field", "language", "lane", "release"])
async def test_causes_are_parted_by_any_of_these(world: World, by: str) -> None:
    await told(world)
    answer = (await world.client.get("/v1/quality/causes", params={"by": by})).json()
    assert [item["by"] for item in answer["items"]] == [by]


async def test_by_anything_else_is_refused(world: World) -> None:
    assert (await world.client.get("/v1/quality/causes", params={"by": "colour"})).status_code == 422


async def test_a_picture_shows_the_place_with_a_mark(world: World) -> None:
    answer = await world.client.get(PICTURE.format(await told(world)))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert "sandbox" in answer.headers["content-security-policy"]
    image = Image.open(io.BytesIO(answer.content))
    assert max(image.size) < 1_000
    assert (200, 30, 30) in {color for _, color in image.getcolors(100_000) or ()}


@pytest.mark.parametrize("content", [b"%PDF-1.7 nothing else", b"<Invoice/>", PAPER[:40]])
async def test_what_cannot_be_drawn_is_said(world: World, content: bytes) -> None:
    answer = await world.client.get(PICTURE.format(await told(world, content)))
    assert answer.status_code == 404


async def test_a_page_that_is_not_there_is_not_drawn(world: World) -> None:
    answer = await world.client.get(PICTURE.format(await told(world, page=7)))
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("who", "causes", "picture"),
    [("auditor", 200, 200), ("reviewer", 200, 200), ("operator", 200, 403), ("submitter", 403, 403), ("eve", 200, 404)],
)
async def test_who_may_see_what(world: World, who: str, causes: int, picture: int) -> None:
    lesson = await told(world)
    shown = await world.client.get("/v1/quality/causes", headers=bearer(who))
    assert shown.status_code == causes
    assert who != "eve" or shown.json()["items"] == []
    assert (await world.client.get(PICTURE.format(lesson), headers=bearer(who))).status_code == picture
