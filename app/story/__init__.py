"""The story of one document, as an auditor wants it told: plain sentences, each with the records that prove it."""

from app.story.story import Chapter, Proof, Sentence, Story
from app.story.telling import Bytes, tell
from app.story.text import render

__all__ = ["Bytes", "Chapter", "Proof", "Sentence", "Story", "render", "tell"]
