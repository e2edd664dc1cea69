"""Documents held against official rules, one at a time, in a process that is replaced where it fails."""

import asyncio
from collections.abc import Collection
from types import TracebackType
from typing import Any, Self

from agents.extraction.official.submission import Failure, NotValidated, RuleSet, Verdicts
from app.rules.conversation import Conversation
from app.rules.limits import ATTEMPTS_MAX, WARMING_PAUSE_SECONDS, RulesLimits

USUAL: tuple[RuleSet, ...] = ("en16931-ubl", "en16931-cii")
"""What most invoices need: 1.3 s. The rest, up to 2.8 s a set, is compiled when it is first asked for, so that a worker
that is killed and started again is soon back."""


class _Gone(Exception):  # noqa: N818 - it names what happened, and never leaves this module
    """The process died, hung or lied; it has been ended."""


class OfficialRules:
    """Holds documents against rule sets, one at a time; fails closed.

        async with OfficialRules() as rules:
            verdicts = await rules.check("en16931-ubl", xml)

    Attributes:
        limits: what the process and a document may use.
        checks: documents that were asked about.
        not_validated: those of them that came to no verdict; anything but 0 deserves a look.
        starts: processes started; more than `1 + checks / documents_per_process` deserves a look too.
    """

    def __init__(self, limits: RulesLimits | None = None) -> None:
        """Nothing is started before the first question."""
        self.checks = 0
        self.not_validated = 0
        self.starts = 0
        self.limits = limits or RulesLimits()
        self._turn = asyncio.Lock()
        self._conversation: Conversation | None = None
        self._closed = False
        self._warming: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Return itself; the process starts when it is first needed."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """As `close`."""
        await self.close()

    async def close(self) -> None:
        """End the process; idempotent. Questions that come later are not answered."""
        self._closed = True
        if self._warming is not None:
            self._warming.cancel()
            await asyncio.wait([self._warming])
        await self._end()

    def warm(self, rulesets: Collection[RuleSet] = USUAL) -> None:
        """Begin to compile rule sets, so that no document waits for it; where it fails it is tried again."""

        async def until_prepared() -> None:
            while not await self.prepare(rulesets):  # noqa: ASYNC110 - it pauses between attempts, nobody could set an event
                await asyncio.sleep(WARMING_PAUSE_SECONDS)

        self._warming = asyncio.create_task(until_prepared())

    async def warmed(self) -> None:
        """Wait until what `warm` asked for is compiled."""
        if self._warming is not None:
            await asyncio.shield(self._warming)

    @property
    def pid(self) -> int | None:
        """Return the id of the process, None where none runs."""
        return None if self._conversation is None else self._conversation.pid

    @property
    def is_warm(self) -> bool:
        """Tell whether what `warm` asked for is compiled."""
        return self._warming is not None and self._warming.done()

    async def prepare(self, rulesets: Collection[RuleSet]) -> bool:
        """Compile rule sets ahead; return whether all could be. One that cannot is tried again with its document."""
        prepared = True
        for ruleset in rulesets:
            async with self._turn:
                try:
                    prepared &= "error" not in await self._ready(ruleset)
                except _Gone:
                    prepared = False
        return prepared

    async def check(self, ruleset: RuleSet, xml: bytes) -> Verdicts:
        """Return every assertion of the rule set that the document fails, or why it could not be held against it.

        Args:
            ruleset: which rules.
            xml: an invoice as `Submission` carries it: parsed before by the bounded reader, UTF-8, no document type.
        """
        self.checks += 1
        why = "the rules process is closed"
        for _ in range(ATTEMPTS_MAX):
            async with self._turn:
                try:
                    answer = await self._checked(ruleset, xml)
                except _Gone as gone:
                    why = str(gone)
                    continue
            if isinstance(answer, tuple):
                return answer
            why = answer
            break
        self.not_validated += 1
        return NotValidated(why)

    async def _checked(self, ruleset: RuleSet, xml: bytes) -> tuple[Failure, ...] | str:
        """Return the failures, or the process's own reason why there are none to be had."""
        answer = await self._ready(ruleset)
        if "error" not in answer:
            answer = await self._ask(ruleset, xml, self.limits.check_seconds)
        await self._recycle(answer)
        if "error" in answer:
            return str(answer["error"])
        return tuple(Failure(*map(str, row)) for row in answer["failures"])

    async def _ready(self, ruleset: RuleSet) -> dict[str, Any]:
        going = self._conversation
        if going is not None and not going.is_over and ruleset in going.prepared:
            return {}
        answer = await self._ask(ruleset, b"", self.limits.compile_seconds)
        if "error" not in answer and self._conversation is not None:
            self._conversation.prepared.add(ruleset)
        return answer

    async def _recycle(self, answer: dict[str, Any]) -> None:
        if self._conversation is None:
            return
        self._conversation.answered += 1
        grown = answer.get("resident_bytes", 0) > self.limits.resident_bytes_max
        if grown or self._conversation.answered >= self.limits.documents_per_process:
            await self._end()

    async def _ask(self, ruleset: RuleSet, xml: bytes, seconds: float) -> dict[str, Any]:
        """Return the answer to one question.

        Raises:
            _Gone: there is none, and the process is ended.
        """
        try:
            async with asyncio.timeout(seconds):
                return await (await self._going()).ask(ruleset, xml)
        except TimeoutError:
            why = f"no verdict within {seconds:g} s"
        except (OSError, EOFError, ValueError, KeyError) as failed:
            why = f"the rules process is away: {type(failed).__name__}"
        except asyncio.CancelledError:
            await self._end()
            raise
        await self._end()
        raise _Gone(why)

    async def _going(self) -> Conversation:
        if self._closed:
            raise EOFError
        if self._conversation is None or self._conversation.is_over:
            await self._end()
            self._conversation = await Conversation.begun(self.limits)
            self.starts += 1
        return self._conversation

    async def _end(self) -> None:
        over, self._conversation = self._conversation, None
        if over is not None:
            await over.end()
