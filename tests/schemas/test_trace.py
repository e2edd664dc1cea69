"""W3C Trace Context: what is allowed is taken, everything else is no context; derived ids follow from their names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.trace import TraceContext, derived

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
GOOD = [
    (f"00-{TRACE}-{SPAN}-01", True),
    (f"00-{TRACE}-{SPAN}-00", False),
    (f"00-{TRACE}-{SPAN}-03", True),  # level 2: the trace id is random
    (f"00-{TRACE}-{SPAN}-02", False),
    (f"cc-{TRACE}-{SPAN}-01-what-comes-later", True),
]
BAD = [
    None, "", "x", f"00-{TRACE}-{SPAN}", f"00-{TRACE}-{SPAN}-01-more", f"ff-{TRACE}-{SPAN}-01",
    f" 00-{TRACE}-{SPAN}-01",
    f"00-{'0' * 32}-{SPAN}-01", f"00-{TRACE}-{'0' * 16}-01", f"00-{TRACE.upper()}-{SPAN}-01", f"00-{TRACE}-{SPAN}-0g",
    f"00-{TRACE}-{SPAN}-01\n", f"00-{TRACE[1:]}-{SPAN}-01",
]  # fmt: skip


@pytest.mark.parametrize(("traceparent", "sampled"), GOOD)
def test_what_is_allowed_is_taken(traceparent: str, *, sampled: bool) -> None:
    assert TraceContext.parse(traceparent) == TraceContext(TRACE, SPAN, sampled)


@pytest.mark.parametrize("traceparent", BAD)
def test_anything_else_is_no_context(traceparent: str | None) -> None:
    assert TraceContext.parse(traceparent) is None


@given(trace=st.integers(1, 2**128 - 1), span=st.integers(1, 2**64 - 1), sampled=st.booleans())
def test_what_is_written_is_read_again(trace: int, span: int, *, sampled: bool) -> None:
    context = TraceContext(f"{trace:032x}", f"{span:016x}", sampled)
    assert TraceContext.parse(str(context)) == context


@given(names=st.lists(st.text(max_size=20), min_size=1, max_size=4))
def test_a_child_is_named_by_its_names_alone(names: list[str]) -> None:
    context = TraceContext(TRACE, SPAN, sampled=True)
    child = context.child(*names)
    assert child == context.child(*names)
    assert (child.trace_id, child.sampled) == (TRACE, True)
    assert child.span_id != context.child(*names, "more").span_id
    assert TraceContext.parse(str(child)) == child


def test_names_are_not_run_together() -> None:
    assert derived(32, "a", "bc") != derived(32, "ab", "c")
