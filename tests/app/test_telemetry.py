"""What is counted of an event; how many series that makes; and how the pages of several processes become one."""

from datetime import timedelta

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from agents.effects import Effects, Emission, Retelling, Subject
from app.bounded import OTHER, Bounded
from app.exposition import OPENMETRICS, Merged, rendered
from app.observing import CURRENCIES_MAX, REASONS_MAX, Observing
from app.poison import Stops
from app.sampling import Sampling
from app.sandbox import Reason
from app.telemetry import Telemetry
from schemas.evidence import Lane
from schemas.topics import INVOICE_VALIDATED, PAYMENT_INITIATED, PAYMENT_ISSUED
from tests.agents.builders import normalized, validated
from tests.app.observations import BEGAN, observation
from tests.app.readmodel import events

TRACE = "0af7651916cd43dd8448eb211c80319c"
SAMPLED = f"00-{TRACE}-b7ad6b7169203331-01"
WHO = Subject("default", document_id="sha256:" + "a" * 64)
LANES: tuple[Lane, ...] = ("xml", "hybrid", "text", "scan")
# Stages x lanes x outcomes and their histograms; what a worker's page holds must not grow with what it reads.
SERIES_MAX = 2_500


def samples(telemetry: Telemetry, name: str) -> dict[tuple[str, ...], float]:
    """The samples of one name, by the values of their labels in the order of the labels' names."""
    page, _ = rendered(telemetry.registry, OPENMETRICS)
    return {
        tuple(value for _, value in sorted(one.labels.items())): one.value
        for one in parsed(page.decode())
        if one.name == name
    }


def parsed(page: str) -> list[Sample]:
    families = text_string_to_metric_families(page)  # type: ignore[no-untyped-call]
    return [sample for family in families for sample in family.samples]


def counted(*seen: object, after: float = 2.0, role: str = "ledger") -> Telemetry:
    telemetry = Telemetry(role, "r1")
    observing = Observing(telemetry)
    for each in seen:
        observing.count(each, BEGAN + timedelta(seconds=after))  # type: ignore[arg-type]
    return telemetry


@pytest.mark.parametrize("lane", LANES)
def test_an_event_is_counted_by_stage_lane_and_outcome(lane: Lane) -> None:
    event = normalized(lane=lane)
    effects = Effects(WHO, "validated", "validated", then=(Emission(INVOICE_VALIDATED, "k", validated(lane=lane)),))
    telemetry = counted(observation("validation", effects, event))
    assert samples(telemetry, "quittance_events_total") == {(lane, "validated", "validation"): 1}
    assert samples(telemetry, "quittance_events_written_total") == {(lane, "validation", "invoice.validated"): 1}
    assert samples(telemetry, "quittance_stage_seconds_count") == {(lane, "validation"): 1}


def test_what_rings_when_it_rises_begins_at_zero() -> None:
    telemetry = Telemetry("reader", "r1")
    Stops(telemetry).watch("extraction", "document.received")
    assert samples(telemetry, "quittance_dead_letters_total") == {("extraction",): 0}
    assert samples(telemetry, "quittance_stage_stopped") == {("extraction",): 0}
    assert len(samples(telemetry, "quittance_events_total")) == 2 * (len(LANES) + 1)
    Sampling(telemetry).sandbox({Reason.CPU: 2}, restarts=0)
    deaths = samples(telemetry, "quittance_sandbox_deaths_total")
    assert deaths == {(str(reason),): 2 * (reason is Reason.CPU) for reason in Reason}


def test_what_the_sandbox_counts_is_counted_once() -> None:
    telemetry = Telemetry("reader", "r1")
    sampling = Sampling(telemetry)
    for deaths in (1, 1, 4):
        sampling.sandbox({Reason.WALL: deaths}, restarts=deaths)
    assert samples(telemetry, "quittance_sandbox_deaths_total")[(str(Reason.WALL),)] == 4
    assert samples(telemetry, "quittance_sandbox_restarts_total") == {("reader",): 4}


def test_what_cannot_be_read_has_no_lane_and_keeps_its_reason() -> None:
    telemetry = counted(observation("extraction", Effects(WHO, "dead", reasons=("VALUE-INVALID",))))
    assert samples(telemetry, "quittance_events_total") == {("none", "dead", "extraction"): 1}
    assert samples(telemetry, "quittance_reasons_total") == {("VALUE-INVALID", "extraction"): 1}


def test_a_command_is_counted_by_rail_and_currency_and_timed_from_the_event_that_began_it() -> None:
    command = events.initiated()
    effects = Effects(WHO, "initiated", "payment_initiated", first=(Emission(PAYMENT_INITIATED, "c", command),))
    telemetry = counted(observation("payment", effects, traceparent=SAMPLED), after=42.0)
    rail, currency = command.rail, command.instructed_amount.currency
    assert samples(telemetry, "quittance_commands_total") == {(currency, rail): 1}
    assert samples(telemetry, "quittance_event_to_command_seconds_sum") == {(rail,): 42.0}


def test_a_publisher_whose_clock_is_ahead_makes_no_time_run_backwards() -> None:
    effects = Effects(WHO, "initiated", first=(Emission(PAYMENT_INITIATED, "c", events.initiated()),))
    telemetry = counted(observation("payment", effects), after=-3_600.0)
    assert list(samples(telemetry, "quittance_event_to_command_seconds_sum").values()) == [0.0]


def test_of_an_event_that_came_again_what_stands_now_is_counted() -> None:
    issued = Emission(PAYMENT_ISSUED, "c", events.initiated())
    old = Emission(INVOICE_VALIDATED, "k", validated())
    effects = Effects(WHO, "moved", then=(old,), retelling=Retelling(None, (), "", (issued,)))
    telemetry = counted(observation("payment", effects))
    assert samples(telemetry, "quittance_events_written_total") == {("xml", "payment", "payment.issued"): 1}


@pytest.mark.parametrize(("flags", "trace"), [("01", TRACE), ("03", TRACE), ("00", None)])
def test_an_exemplar_leads_to_a_trace_that_somebody_keeps(flags: str, trace: str | None) -> None:
    telemetry = counted(observation("review", Effects(WHO, "approve"), traceparent=SAMPLED[:-2] + flags))
    page, _ = rendered(telemetry.registry, OPENMETRICS)
    found = {one.exemplar.labels["trace_id"] for one in parsed(page.decode()) if one.exemplar}
    assert found == ({trace} if trace else set())


def test_a_label_that_others_choose_is_bounded() -> None:
    bounded = Bounded(2)
    told = [bounded.label("settlement", code) for code in ("AC01", "AM04", "MS03", "AC01", "no code", "")]
    assert told == ["AC01", "AM04", OTHER, "AC01", OTHER, OTHER]
    assert bounded.label("decision", "ACCOUNT-NEW") == "ACCOUNT-NEW", "one stage's nonsense is not another's"


def test_the_number_of_series_does_not_grow_with_what_is_read() -> None:
    """Two thousand documents of 400 suppliers, each with a reason and a currency of its own."""
    telemetry = Telemetry("ledger", "r1")
    observing = Observing(telemetry)
    sizes = []
    for number in range(2_000):
        code = f"X{number:05d}"
        command = events.initiated(supplier_id=f"S{number % 400}", document_id=f"sha256:{number:064d}")
        amount = command.instructed_amount.model_copy(update={"currency": code})
        emission = Emission(PAYMENT_INITIATED, code, command.model_copy(update={"instructed_amount": amount}))
        for stage in ("normalization", "validation", "decision", "payment", "review", "settlement"):
            effects = Effects(WHO, "held", reasons=(code,), first=(emission,) if stage == "payment" else ())
            event = normalized(lane=LANES[number % 4]) if stage == "validation" else None
            observing.count(observation(stage, effects, event), BEGAN)
        sizes.append(len(parsed(rendered(telemetry.registry, OPENMETRICS)[0].decode())) if number % 500 == 499 else 0)
    told = [size for size in sizes if size]
    assert told[0] == told[-1] <= SERIES_MAX
    assert len(samples(telemetry, "quittance_reasons_total")) == 6 * (REASONS_MAX + 1)
    assert len(samples(telemetry, "quittance_commands_total")) == CURRENCIES_MAX + 1


def both_roles() -> list[Telemetry]:
    """A reader and a ledger that have measured something of everything."""
    reader = counted(observation("extraction", Effects(WHO, "dead", reasons=("VALUE-INVALID",))), role="reader")
    ledger = counted(observation("review", Effects(WHO, "approve"), traceparent=SAMPLED))
    for telemetry in (reader, ledger):
        for gauge in (telemetry.ready, telemetry.in_flight, telemetry.oldest_in_flight, telemetry.write_retries):
            gauge.labels(telemetry.role)
        telemetry.rss.labels(telemetry.role, "own").set(1)
    return [reader, ledger]


def test_the_pages_of_two_processes_become_one_and_keep_their_exemplars() -> None:
    pages = [rendered(telemetry.registry, OPENMETRICS)[0].decode() for telemetry in both_roles()]
    together = parsed(rendered(Merged(pages), OPENMETRICS)[0].decode())
    assert sorted(map(str, together)) == sorted(str(one) for page in pages for one in parsed(page))
    series = [(one.name, tuple(sorted(one.labels.items()))) for one in together]
    assert len(series) == len(set(series)), "no two processes share a set of labels"
    assert [one.exemplar.labels for one in together if one.exemplar] == [{"trace_id": TRACE}]


def test_a_child_that_did_not_answer_leaves_a_gap_and_lowers_no_sum() -> None:
    pages = [rendered(telemetry.registry, OPENMETRICS)[0].decode() for telemetry in both_roles()]
    alone = parsed(rendered(Merged(pages[:1]), OPENMETRICS)[0].decode())
    assert sorted(map(str, alone)) == sorted(map(str, parsed(pages[0])))


def test_whoever_does_not_ask_for_openmetrics_gets_plain_text() -> None:
    page, content_type = rendered(both_roles()[0].registry, "")
    assert content_type.startswith("text/plain")
    assert b"# EOF" not in page
