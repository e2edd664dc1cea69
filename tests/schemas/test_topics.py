"""Every topic says whose it is, what it means and how it is keyed."""

import re

import pytest

from schemas.topics import FOREVER_MS, READ_BY_STAGES, TOPICS, Topic

# Kafka's own limit of a topic's name is 249 characters of these.
NAME = re.compile(r"[a-z]+\.[a-z]+")


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
class TestTopic:
    def test_it_has_a_name_an_owner_and_a_meaning(self, topic: Topic) -> None:
        assert NAME.fullmatch(topic.name)
        assert topic.owner.strip()
        assert topic.meaning.strip()

    def test_its_event_is_documented(self, topic: Topic) -> None:
        assert (topic.event.__doc__ or "").strip()

    def test_what_is_kept_for_ever_is_not_compacted(self, topic: Topic) -> None:
        assert not (topic.compacted and topic.retention_ms == FOREVER_MS)


def test_names_and_events_are_each_there_once() -> None:
    assert len({topic.name for topic in TOPICS}) == len(TOPICS)
    assert len({topic.event for topic in TOPICS}) == len(TOPICS)


def test_money_and_audit_are_kept_for_ever() -> None:
    kept = {topic.name for topic in TOPICS if topic.retention_ms == FOREVER_MS}
    assert kept == {"payment.initiated", "audit.entry"}


def test_what_stages_read_are_topics_of_ours() -> None:
    assert set(READ_BY_STAGES) <= set(TOPICS)
