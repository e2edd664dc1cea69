"""Account numbers are masked as people write them; what a log needs to be useful stays."""

import asyncio
import json
import logging
import sys
from collections.abc import Iterator
from contextvars import copy_context
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.logs import configure_logs, tell, telling, told
from app.masking import mask
from app.settings import Settings

ACCOUNTS = [
    ("DE89370400440532013000", "DE**3000"),
    ("de89370400440532013000", "de**3000"),
    ("DE89 3704 0044 0532 0130 00", "DE**3000"),
    ("FR76-3000-6000-0112-3456-7890-189", "FR**0189"),
    ("NO9386011117947", "NO**7947"),
    ("MT84MALT011000012345MTLCAST001S", "MT**001S"),
    ("GB82 WEST 1234 5698 7654 32", "GB**5432"),
    ("30006000011234567890189", "**0189"),  # RIB
    ("20041 01005 0500013M026 06", "**2606"),  # RIB with a letter in it
    ("0049 1500 05 1234567892", "**7892"),  # CCC
    ("19-2000145399/0800", "**0800"),  # Czech
    ("539-0075470-34", "**7034"),  # Belgian
    ("1234.56.78903", "**8903"),  # Norwegian
    ("12345678", "**5678"),  # British
    ("37040044 532013000", "**3000"),  # Bankleitzahl and Kontonummer
]
KEPT = [
    "2026-11-28T22:45:51.123Z", "2026-11-28 22:45:51,123", "2026-11-28", "10.0.0.1:9092", "192.168.100.200:29092",
    "document.received/3/12345678", "550e8400-e29b-41d4-a716-446655440000", "0af7651916cd43dd8448eb211c80319c",
    "sha256:" + "0123456789abcdef" * 4, "took 0.123456789 s", "in 10 partitions of them", "ab12 some word here",
    "ik_aaaaaaaaaaaaaaaaaaaaaaaaaa", "QABCDEFGHIJKLMNOPQRSTUVWXYZ2", "20-00-00", "partition 3 of 12", "INV 2026 42",
]  # fmt: skip


@pytest.mark.parametrize(("account", "masked"), ACCOUNTS)
@pytest.mark.parametrize("around", ["{}", "pay {} now", "{{'account': '{}'}}", "({})", "={},", "first line\n{}\nthird"])
def test_an_account_keeps_its_country_and_its_last_four(account: str, masked: str, around: str) -> None:
    assert mask(around.format(account)) == around.format(masked)


@pytest.mark.parametrize("text", KEPT)
def test_what_a_log_needs_stays(text: str) -> None:
    assert mask(text) == text
    assert mask(f"at {text}, then") == f"at {text}, then"


def test_words_behind_an_account_stay() -> None:
    assert mask("BE68 5390 0754 7034 paid late") == "BE**7034 paid late"


@given(st.text(max_size=200))
def test_masking_twice_is_masking_once(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(
    country=st.sampled_from(["DE", "FR", "NL", "MT", "BE"]),
    check=st.integers(0, 99),
    number=st.text("0123456789", min_size=11, max_size=27),
    around=st.sampled_from([" ", "'", '"', ",", "\n", "(", "/", "=", ":"]),
)
def test_no_account_is_left(country: str, check: int, number: str, around: str) -> None:
    account = f"{country}{check:02}{number}"
    assert number[:-4] not in mask(f"x{around}{account}{around}x")


class TestLines:
    """What a handler writes: nothing of an account, all of what the work is about."""

    @pytest.fixture(autouse=True)
    def _root(self) -> Iterator[None]:
        root = logging.getLogger()
        before, level = list(root.handlers), root.level
        yield
        root.handlers[:] = before
        root.setLevel(level)

    def line(self, capsys: pytest.CaptureFixture[str], form: str, **given: Any) -> str:
        configure_logs(Settings(log_format=form))
        logging.getLogger("some.library").error("refused %s", "DE89370400440532013000", **given)
        return capsys.readouterr().err

    @pytest.mark.parametrize("form", ["json", "text"])
    def test_neither_message_nor_exception_shows_an_account(
        self, capsys: pytest.CaptureFixture[str], form: str
    ) -> None:
        try:
            int("FR76 3000 6000 0112 3456 7890 189")
        except ValueError:
            said = self.line(capsys, form, exc_info=sys.exc_info())
        assert "DE**3000" in said
        assert "FR**0189" in said
        assert "0532013000" not in said
        assert "3000 6000" not in said

    def test_a_line_says_what_the_work_is_about(self, capsys: pytest.CaptureFixture[str]) -> None:
        with telling(trace_id="0af7651916cd43dd8448eb211c80319c", stage="extraction"):
            tell(document_id="sha256:" + "1" * 64)
            said = json.loads(self.line(capsys, "json"))
        after = json.loads(self.line(capsys, "json"))
        assert said["trace_id"] == "0af7651916cd43dd8448eb211c80319c"
        assert (said["stage"], said["document_id"]) == ("extraction", "sha256:" + "1" * 64)
        assert said["message"] == "refused DE**3000"
        assert not after.keys() & {"trace_id", "stage", "document_id"}

    def test_a_persons_line_says_it_too(self, capsys: pytest.CaptureFixture[str]) -> None:
        with telling(trace_id="0af7651916cd43dd8448eb211c80319c"):
            assert "trace_id=0af7651916cd43dd8448eb211c80319c" in self.line(capsys, "text")


def test_a_task_that_is_closed_from_outside_ends_in_silence() -> None:
    """The garbage collector closes what nobody waits for, in whatever context it runs: that is nobody's failure."""

    async def work() -> None:
        with telling(stage="extraction"):
            await asyncio.sleep(0)

    left = work()
    copy_context().run(left.send, None)
    left.close()
    assert told() == {}
