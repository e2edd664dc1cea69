"""The one shell: waves in order, dead letters with the original bytes, ids that a redelivery repeats."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.effects import Arrival, Effects, Emission, Retelling, Subject, Written
from agents.stage import Stage
from schemas.codec import VALUE_SIZE_BYTES_MAX, encode
from schemas.decision import ReviewSubmitted
from schemas.events import DocumentReceived
from schemas.feedback import FeedbackRecorded
from schemas.identifiers import digest, document_id, invoice_key
from schemas.release import Bundle
from schemas.topics import (
    AUDIT_ENTRY,
    DOCUMENT_RECEIVED,
    DOCUMENT_STATUS,
    FEEDBACK_RECORDED,
    INVOICE_EXTRACTED,
    PAYMENT_INITIATED,
    REVIEW_SUBMITTED,
)
from schemas.trace import TraceContext
from tables.releases import Running
from tests.agents.ports import NOW, AtOnce, Ended, FakePorts, FakeStream
from tests.app.stream.events import FakeEvent, event

DOCUMENT = document_id(b"invoice")
RECEIVED = DocumentReceived(document_id=DOCUMENT, reference="file:///in/a.pdf", tenant="acme")
SUBJECT = Subject("acme", DOCUMENT)
LESSON = FeedbackRecorded(document_id=DOCUMENT, tenant="acme", source="review", release="r", recorded_at=NOW)
FIRST = Emission(PAYMENT_INITIATED, "Q1", LESSON, partition=5)
THEN = Emission(INVOICE_EXTRACTED, DOCUMENT, LESSON)
DONE = Effects(SUBJECT, "extracted", "extracted", first=(FIRST,), then=(THEN,))


def about(received: DocumentReceived) -> Subject:
    return Subject(received.tenant, received.document_id)


class Shell:
    """A stage whose step does what a test says, and the world around it."""

    def __init__(self, effects: Effects | BaseException = DONE) -> None:
        self.ports = FakePorts()
        self.effects = effects
        self.arrivals: list[Arrival[DocumentReceived]] = []
        self.stage = Stage(
            "extraction", DOCUMENT_RECEIVED, DocumentReceived, self.step, about, self.ports, AtOnce(), lambda: 0.0
        )

    async def step(self, arrival: Arrival[DocumentReceived]) -> Effects:
        self.arrivals.append(arrival)
        if isinstance(self.effects, BaseException):
            raise self.effects
        return self.effects

    async def run(self, subject: FakeEvent) -> FakePorts:
        await self.stage.run(subject)
        return self.ports


def received(
    value: bytes | None = encode(RECEIVED),
    *,
    offset: int = 7,
    key: bytes | None = DOCUMENT.encode(),
    headers: Mapping[str, bytes | None] | None = None,
    timestamp: float | None = 1_795_000_000.0,
) -> FakeEvent:
    return event(
        offset, topic="document.received", partition=2, key=key, value=value, headers=headers, timestamp=timestamp
    )


async def turns(count: int = 20) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


class TestWaves:
    async def test_command_then_status_and_audit_then_the_next_stage(self) -> None:
        ports = await Shell().run(received())
        assert ports.topics == ["payment.initiated", "document.status", "audit.entry", "invoice.extracted"]

    @pytest.mark.parametrize(
        ("held_up", "not_yet"),
        [
            ("payment.initiated", {"document.status", "audit.entry", "invoice.extracted"}),
            ("document.status", {"invoice.extracted"}),
            ("audit.entry", {"invoice.extracted"}),
        ],
    )
    async def test_each_wave_waits_for_the_brokers_word_of_the_one_before(
        self, held_up: str, not_yet: set[str]
    ) -> None:
        shell = Shell()
        shell.ports.closed[held_up] = asyncio.Event()
        running = asyncio.create_task(shell.stage.run(received()))
        await turns()
        assert held_up in shell.ports.asked
        assert not not_yet & set(shell.ports.asked)
        shell.ports.closed[held_up].set()
        await running
        assert shell.ports.topics[-1] == "invoice.extracted"

    async def test_tables_are_written_last_and_told_where_the_first_wave_stands(self) -> None:
        remembered: list[tuple[tuple[Written, ...], list[str]]] = []
        shell = Shell()

        async def remember(written: tuple[Written, ...]) -> None:
            remembered.append((written, list(shell.ports.topics)))

        shell.effects = replace(DONE, remember=remember)
        await shell.run(received())
        [(written, topics)] = remembered
        assert topics[-1] == "invoice.extracted"
        assert written == (Written("payment.initiated", 5, 0, digest(encode(LESSON))),)

    @pytest.mark.parametrize("topic", ["payment.initiated", "document.status", "audit.entry", "invoice.extracted"])
    async def test_a_write_that_fails_lets_nothing_else_happen(self, topic: str) -> None:
        remembered: list[Any] = []

        async def remember(written: tuple[Written, ...]) -> None:
            remembered.append(written)

        shell = Shell(replace(DONE, remember=remember))
        shell.ports.broken.add(topic)
        with pytest.raises(Ended):
            await shell.run(received())
        assert not remembered
        assert not shell.ports.observed
        assert topic not in shell.ports.topics
        assert "invoice.extracted" not in shell.ports.topics

    async def test_a_step_without_a_state_leaves_the_status_alone(self) -> None:
        ports = await Shell(Effects(SUBJECT, "nothing_to_pay")).run(received())
        assert ports.topics == ["audit.entry"]

    async def test_an_unexpected_failure_of_the_tables_leaves_the_shell(self) -> None:
        """The window ends the process for it: the memory is ahead of the changelogs."""

        async def remember(_written: tuple[Written, ...]) -> None:
            raise TimeoutError

        shell = Shell(replace(DONE, remember=remember))
        with pytest.raises(TimeoutError):
            await shell.run(received())
        assert not shell.ports.letters


class TestStatusAndAudit:
    async def test_the_status_says_what_became_of_the_document(self) -> None:
        effects = Effects(SUBJECT, "held", "held", ("ACCOUNT-NEW",), "The account is new.", ("Q" + "A" * 26,))
        [status] = (await Shell(effects).run(received(headers={"ce_id": b"e1"}))).statuses
        assert (status.document_id, status.tenant, status.state, status.final) == (DOCUMENT, "acme", "held", False)
        assert (status.reasons, status.explanation) == (("ACCOUNT-NEW",), "The account is new.")
        assert (status.release, status.at, status.correlation_id) == ("test-1", NOW, "e1")

    @pytest.mark.parametrize("state", ["rejected", "settled", "payment_rejected", "returned", "cancelled"])
    async def test_final_states_are_told_as_final(self, state: Any) -> None:
        [status] = (await Shell(Effects(SUBJECT, "o", state)).run(received())).statuses
        assert status.final

    async def test_a_long_explanation_is_cut_and_stops_nothing(self) -> None:
        [status] = (await Shell(Effects(SUBJECT, "o", "held", (), "x" * 100_000)).run(received())).statuses
        assert 0 < len(status.explanation) < 10_000

    async def test_the_audit_entry_names_the_bytes_read_and_written(self) -> None:
        ports = await Shell(replace(DONE, actor="anna", reasons=("R",))).run(received())
        [entry] = ports.audit
        assert entry.read == (digest(encode(RECEIVED)),)
        assert entry.written == (digest(encode(LESSON)),) * 2
        assert (entry.actor, entry.stage, entry.outcome, entry.reasons) == ("anna", "extraction", "extracted", ("R",))

    async def test_what_was_written_before_is_named_as_it_was_then(self) -> None:
        [entry] = (await Shell(replace(DONE, first=(), standing=("sha256:old",))).run(received())).audit
        assert entry.written == ("sha256:old", digest(encode(LESSON)))

    async def test_without_a_person_the_stage_is_the_actor(self) -> None:
        [entry] = (await Shell().run(received())).audit
        assert entry.actor == "stage:extraction"

    async def test_cause_and_correlation_are_kept(self) -> None:
        ports = await Shell().run(received(headers={"ce_id": b"e1", "ce_correlationid": b"c1"}))
        assert {(r.headers["ce_causationid"], r.headers["ce_correlationid"]) for r in ports.written} == {(b"e1", b"c1")}


def traces(ports: FakePorts) -> dict[str, TraceContext]:
    """Return the context of each record written, by topic."""
    found = {record.topic: TraceContext.parse(record.headers["traceparent"].decode()) for record in ports.written}
    return {topic: trace for topic, trace in found.items() if trace is not None}


class TestTraces:
    PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    async def test_a_publishers_trace_goes_on_in_every_record_and_in_the_audit(self) -> None:
        ports = await Shell().run(received(headers={"traceparent": self.PARENT.encode()}))
        assert {(trace.trace_id, trace.sampled) for trace in traces(ports).values()} == {(self.PARENT[3:35], True)}
        assert len(traces(ports)) == 4
        assert ports.audit[0].trace_id == self.PARENT[3:35]

    async def test_what_leads_on_has_a_span_of_its_own_and_what_is_told_has_the_stages(self) -> None:
        ports = await Shell().run(received(headers={"traceparent": self.PARENT.encode()}))
        [(stage, place)] = ports.spans
        spans = {topic: trace.span_id for topic, trace in traces(ports).items()}
        assert stage == "extraction"
        assert spans["document.status"] == spans["audit.entry"] == place.trace.span_id
        assert len({self.PARENT[36:52], *spans.values()}) == 4

    async def test_a_publisher_who_wants_no_spans_gets_none(self) -> None:
        ports = await Shell().run(received(headers={"traceparent": self.PARENT[:-1].encode() + b"0"}))
        assert not any(trace.sampled for trace in traces(ports).values())

    @pytest.mark.parametrize("nonsense", [None, b"", b"x", b"00-short-b7ad6b7169203331-01", b"\xff\xfe"])
    async def test_without_a_trace_one_begins_that_follows_from_the_record(self, nonsense: bytes | None) -> None:
        once, again, other = Shell(), Shell(), Shell()
        await once.run(received(headers={"traceparent": nonsense}))
        [(_, place)] = once.ports.spans
        again.ports.sampled.add(place.trace.trace_id)
        await again.run(received())
        await other.run(received(offset=8))
        assert once.ports.audit == again.ports.audit
        assert once.ports.audit[0].trace_id == place.trace.trace_id != other.ports.audit[0].trace_id
        assert not any(trace.sampled for trace in traces(once.ports).values())
        assert all(trace.sampled for trace in traces(again.ports).values())

    async def test_whoever_watches_is_told_whom_it_concerns_and_what_came_of_it(self) -> None:
        shell = Shell()
        await shell.run(received())
        assert (shell.ports.subjects[-1], shell.ports.effects) == (SUBJECT, [DONE])

    async def test_of_what_cannot_be_read_the_key_tells_whom_it_concerns(self) -> None:
        ports = await Shell().run(received(b"poison"))
        assert (ports.subjects, ports.effects[0].outcome) == ([Subject("default", DOCUMENT)], "dead")


class TestRedelivery:
    async def test_the_same_record_leads_to_the_same_bytes_but_for_the_clock(self) -> None:
        shell = Shell()
        await shell.run(received())
        once, shell.ports.written = shell.ports.written, []
        shell.ports.clock = NOW + timedelta(hours=1)
        await shell.run(received())
        for first, second in zip(once, shell.ports.written, strict=True):
            assert first.headers == second.headers
            assert (first.topic, first.key, first.partition) == (second.topic, second.key, second.partition)
            assert (first.value == second.value) is (first.topic != "document.status")

    async def test_another_record_has_other_ids(self) -> None:
        shell = Shell()
        await shell.run(received())
        await shell.run(received(offset=8))
        ids = [record.headers["ce_id"] for record in shell.ports.written]
        assert len(set(ids)) == len(ids) == 8


UNREADABLE = [
    pytest.param(b"\xff\xfe not json", {}, "VALUE-INVALID", id="bytes"),
    pytest.param(b"{}", {}, "VALUE-INVALID", id="empty object"),
    pytest.param(b'{"document_id":"sha256:short","reference":"x"}', {}, "VALUE-INVALID", id="wrong id"),
    pytest.param(b"[" * 100_000, {}, "VALUE-INVALID", id="deep"),
    pytest.param(b'"\\ud800"', {}, "VALUE-INVALID", id="lone surrogate"),
    pytest.param(b"", {}, "VALUE-EMPTY", id="nothing"),
    pytest.param(None, {}, "VALUE-EMPTY", id="tombstone"),
    pytest.param(b" " * (VALUE_SIZE_BYTES_MAX + 1), {}, "VALUE-TOO-LARGE", id="oversize"),
    pytest.param(encode(RECEIVED), {"ce_schemaversion": b"2"}, "VERSION-UNKNOWN", id="version of tomorrow"),
]


class TestDeadLetters:
    @pytest.mark.parametrize(("value", "headers", "reason"), UNREADABLE)
    async def test_what_cannot_be_read_is_kept_as_it_came(
        self, value: bytes | None, headers: dict[str, bytes | None], reason: str
    ) -> None:
        shell = Shell()
        ports = await shell.run(received(value, headers=headers))
        [letter] = ports.letters
        assert (letter.value, letter.key, letter.headers) == (value, DOCUMENT.encode(), headers)
        assert (letter.stage, letter.partition, letter.offset, letter.reason) == ("extraction", 2, 7, reason)
        assert not shell.arrivals
        # a newer release will read it; the rest nobody ever will
        state = "held" if reason == "VERSION-UNKNOWN" else "rejected"
        assert [status.state for status in ports.statuses] == [state]
        assert ports.audit[0].outcome == "dead"
        assert ports.audit[0].reasons == (reason,)

    async def test_it_is_kept_before_anything_is_told(self) -> None:
        ports = await Shell().run(received(b"poison"))
        assert ports.asked[0] == "document.received.dead"

    async def test_a_letter_that_cannot_be_kept_lets_nothing_else_happen(self) -> None:
        shell = Shell()
        shell.ports.broken.add("document.received.dead")
        with pytest.raises(Ended):
            await shell.run(received(b"poison"))
        assert not shell.ports.written

    @pytest.mark.parametrize("key", [None, b"", b"\xff", b"sha256:zz", b"any key of a publisher"])
    async def test_nobody_is_told_where_nobody_knows_whose_it_was(self, key: bytes | None) -> None:
        ports = await Shell().run(received(b"poison", key=key))
        assert len(ports.letters) == 1
        assert ports.topics == ["audit.entry"]
        assert ports.audit[0].tenant == "default"

    async def test_a_publisher_may_use_any_key(self) -> None:
        ports = await Shell().run(received(key=b"load balancing"))
        assert not ports.letters
        assert ports.statuses[0].document_id == DOCUMENT

    async def test_a_surprise_of_the_step_is_kept_too_and_the_document_waits(self) -> None:
        ports = await Shell(LookupError("nobody expected it")).run(received())
        [letter] = ports.letters
        assert (letter.reason, letter.value) == ("STAGE-FAILED", encode(RECEIVED))
        assert "LookupError: nobody expected it" in letter.detail
        [status] = ports.statuses
        assert (status.state, status.reasons, status.tenant) == ("held", ("STAGE-FAILED",), "acme")

    async def test_what_a_person_reads_does_not_show_the_inside(self) -> None:
        [status] = (await Shell(LookupError("FR7630006000011234567890189")).run(received())).statuses
        assert "FR76" not in status.explanation

    async def test_a_cancelled_step_is_no_surprise(self) -> None:
        """A drain cancels what is late: that is read again, it is not dead."""
        shell = Shell(asyncio.CancelledError())
        with pytest.raises(asyncio.CancelledError):
            await shell.run(received())
        assert not shell.ports.letters
        assert not shell.ports.written

    async def test_an_answer_too_large_to_send_is_a_surprise(self) -> None:
        large = Emission(FEEDBACK_RECORDED, DOCUMENT, LESSON.model_copy(update={"wrong": "x" * 1_000_001}))
        ports = await Shell(replace(DONE, then=(large,))).run(received())
        assert [letter.reason for letter in ports.letters] == ["STAGE-FAILED"]
        assert "payment.initiated" not in ports.topics

    async def test_a_parked_event_is_kept_and_the_document_waits(self) -> None:
        effects = Effects(SUBJECT, "parked", "held", ("STORE-AWAY",), "no answer", park="STORE-AWAY")
        ports = await Shell(effects).run(received())
        [letter] = ports.letters
        assert (letter.reason, letter.detail, letter.value) == ("STORE-AWAY", "no answer", encode(RECEIVED))
        assert [status.state for status in ports.statuses] == ["held"]


HOSTILE_AROUND = [
    pytest.param({}, -1e12, id="before year 1"),
    pytest.param({}, 1e15, id="after year 9999"),
    pytest.param({}, None, id="no time"),
    pytest.param({"ce_id": None}, 0.0, id="header without a value"),
    pytest.param({"ce_time": b"9999-12-31T23:59:59.999-23:59"}, 0.0, id="no such moment in UTC"),
    pytest.param({"ce_time": b"0001-01-01T00:00:00+23:59"}, 0.0, id="no such moment in UTC either"),
    pytest.param({"ce_time": b"yesterday"}, 0.0, id="no time at all"),
    pytest.param({"ce_schemaversion": b"9" * 10_000}, 0.0, id="a version beyond numbers"),
    pytest.param({"ce_id": b"x" * 100_000}, 0.0, id="a long id"),
    pytest.param({"ce_correlationid": b"\xff\xfe\x00"}, 0.0, id="no text"),
    pytest.param({f"h{number}": b"x" for number in range(5_000)}, 0.0, id="many headers"),
]


class TestHostileSurroundings:
    """A publisher writes key, headers and time as it likes. None of it may end a worker, which would read it again."""

    @pytest.mark.parametrize(("headers", "timestamp"), HOSTILE_AROUND)
    @pytest.mark.parametrize("value", [encode(RECEIVED), b"poison"])
    async def test_the_event_is_dealt_with(
        self, headers: dict[str, bytes | None], timestamp: float | None, value: bytes
    ) -> None:
        ports = await Shell().run(received(value, headers=headers, timestamp=timestamp))
        assert len(ports.audit) == 1
        assert len(ports.letters) == (value == b"poison" or "ce_schemaversion" in headers)

    @given(
        value=st.none() | st.binary(max_size=200),
        key=st.none() | st.binary(max_size=100),
        headers=st.dictionaries(
            st.sampled_from(["ce_id", "ce_time", "ce_source", "ce_schemaversion", "ce_correlationid", "traceparent"]),
            st.none() | st.binary(max_size=300) | st.datetimes().map(lambda at: at.isoformat().encode()),
        ),
        timestamp=st.none() | st.floats(allow_nan=True, allow_infinity=True),
    )
    def test_whatever_it_is(
        self, value: bytes | None, key: bytes | None, headers: dict[str, bytes | None], timestamp: float | None
    ) -> None:
        shell = Shell()
        asyncio.run(shell.run(received(value, key=key, headers=headers, timestamp=timestamp)))
        assert shell.ports.topics.count("audit.entry") == 1


class TestKeys:
    """Where a topic is keyed by the state, a record under another key would work on a partition without its state."""

    KEY = invoice_key("acme", "S1", "42")
    REVIEW = ReviewSubmitted(
        review_id="r1", tenant="acme", document_id=DOCUMENT, invoice_key=KEY, action="approve", reviewer="anna",
        submitted_at=NOW,
    )  # fmt: skip

    def stage(self, ports: FakePorts) -> Stage[ReviewSubmitted]:
        async def step(_arrival: Arrival[ReviewSubmitted]) -> Effects:
            return Effects(Subject("acme", DOCUMENT, self.KEY), "approve")

        def about(review: ReviewSubmitted) -> Subject:
            return Subject(review.tenant, review.document_id, review.invoice_key)

        return Stage("review", REVIEW_SUBMITTED, ReviewSubmitted, step, about, ports, AtOnce())

    async def test_its_own_key_is_right(self) -> None:
        ports = FakePorts()
        await self.stage(ports).run(event(0, key=self.KEY.encode(), value=encode(self.REVIEW)))
        assert not ports.letters
        assert ports.observed == [("review", "approve")]

    @pytest.mark.parametrize("key", [None, b"", DOCUMENT.encode(), invoice_key("acme", "S1", "43").encode()])
    async def test_any_other_is_a_dead_letter(self, key: bytes | None) -> None:
        ports = FakePorts()
        await self.stage(ports).run(event(0, key=key, value=encode(self.REVIEW)))
        assert [letter.reason for letter in ports.letters] == ["KEY-MISMATCH"]


class TestAgent:
    async def test_it_admits_every_event_under_its_key_and_acknowledges_nothing(self) -> None:
        admitted: list[tuple[int, bytes]] = []

        class Window:
            async def admit(self, subject: Any, key: bytes, work: Any) -> None:
                admitted.append((subject.message.offset, key))
                await work()

        shell = Shell()
        agent = replace(shell.stage, window=Window()).agent()
        await agent(FakeStream([received(offset=1, key=b"a"), received(offset=2, key=None), received(offset=3)]))
        assert admitted == [(1, b"a"), (2, b"2/2"), (3, DOCUMENT.encode())]
        assert len(shell.arrivals) == 3

    def test_it_has_the_stages_name(self) -> None:
        assert Shell().stage.agent().__name__ == "extraction"


def test_the_topics_of_the_shell_are_those_of_the_vocabulary() -> None:
    assert (DOCUMENT_STATUS.key, AUDIT_ENTRY.key) == ("document_id", "tenant")


class TestReleases:
    """Every word of one event names one release, and that of a failure the one that failed."""

    @staticmethod
    def shell(effects: Effects | BaseException = DONE, *, under: str | None = "named") -> Shell:
        shell = Shell(effects)
        shell.ports.releases.known["named"] = Running.of(Bundle(code="named"))

        async def find(given: DocumentReceived) -> Running:
            return await shell.ports.releases.named(under or "", given.document_id)

        shell.stage = replace(shell.stage, under=find if under else None)
        return shell

    @staticmethod
    def named(ports: FakePorts) -> set[str]:
        assert len(ports.statuses) == len(ports.audit) == 1
        return {ports.statuses[0].release, ports.audit[0].release}

    async def test_the_step_is_given_what_the_event_is_dealt_with_by_and_all_is_told_under_it(self) -> None:
        shell = self.shell()
        assert self.named(await shell.run(received())) == {"named"}
        assert [arrival.running.name for arrival in shell.arrivals] == ["named"]

    async def test_without_a_word_it_is_the_active_one(self) -> None:
        assert self.named(await self.shell(under=None).run(received())) == {"test-1"}

    async def test_what_was_answered_before_names_the_release_of_then(self) -> None:
        assert self.named(await self.shell(replace(DONE, release="older")).run(received())) == {"older"}

    async def test_a_failure_is_the_failure_of_the_release_that_failed(self) -> None:
        ports = await self.shell(LookupError("a bad canary")).run(received())
        assert self.named(ports) == {"named"}
        assert ports.audit[0].outcome == "dead"

    async def test_what_cannot_be_read_names_the_active_one(self) -> None:
        assert self.named(await self.shell().run(received(b"poison"))) == {"test-1"}

    async def test_it_is_asked_once_for_each_event_and_not_again_when_the_answer_changes(self) -> None:
        shell, asked = self.shell(), list[str]()

        async def find(given: DocumentReceived) -> Running:
            asked.append(given.document_id)
            return Running.of(Bundle(code=f"answer {len(asked)}"))

        shell.stage = replace(shell.stage, under=find)
        assert self.named(await shell.run(received())) == {"answer 1"}
        assert asked == [DOCUMENT]

    async def test_what_stands_now_names_its_own_release_in_the_status_alone(self) -> None:
        told = Retelling("approved", (), "", (THEN,), release="now")
        ports = await self.shell(replace(DONE, retelling=told, release="then")).run(received())
        assert (ports.statuses[0].release, ports.audit[0].release) == ("now", "then")
