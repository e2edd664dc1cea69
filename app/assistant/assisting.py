"""Asks a model for what the readers did not find, once all agree that it may be asked: operator, release and budget."""

import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pydantic import SecretStr

from app import clock
from app.assistant.budget import Budget
from app.assistant.client import ChatClient
from app.assistant.grounding import suggested
from app.assistant.prompt import ALONG, ANSWER_TOKENS_MAX, VERSIONS, WANTED, request
from app.assistant.words import Printed, PrintedWords
from app.sandbox import Sandbox
from app.settings import Settings
from schemas.codec import Undecodable, decode
from schemas.evidence import ExtractedInvoice, FieldName
from schemas.finding import NOT_PAYABLE_RULES, only_suggested
from schemas.release import Assistant

log = logging.getLogger(__name__)

WORDS_READER = "app.assistant.words:read_words"
PROCESSES = 1
# The densest of texts has a token every two characters; a question is never taken for cheaper than it is.
CHARACTERS_PER_TOKEN = 2
# Only these have words that can be had again, and compared.
LANES = frozenset({"text"})


class Assisting:
    """Suggests values for one document. It never fails: where there is no help, the reading stays as it is."""

    def __init__(self, client: ChatClient, budget: Budget, model: str | None, sandbox: Sandbox) -> None:
        """`model` is the only one that the operator allows, None for any. The sandbox reads words."""
        self._client = client
        self._budget = budget
        self._model = model
        self._sandbox = sandbox

    async def suggest(self, content: bytes, extracted: ExtractedInvoice, assistant: Assistant) -> ExtractedInvoice:
        """Return the reading, with suggestions where values are missing for which the document would be held."""
        names = missing(extracted)
        if not names or not self._may_ask(assistant):
            return extracted
        words = await self._words(content)
        if not words:
            return extracted
        body = request(assistant.model, assistant.prompt_version, names, words)
        reserved = len(json.dumps(body)) // CHARACTERS_PER_TOKEN + ANSWER_TOKENS_MAX
        if not self._budget.reserve(reserved):
            log.info("the assistant's budget of the day is spent")
            return extracted
        answer = await self._client.ask(body)
        if answer is None:
            return extracted
        self._budget.settle(reserved, answer.tokens)
        return suggested(extracted, names, answer.values, words)

    def _may_ask(self, assistant: Assistant) -> bool:
        return assistant.prompt_version in VERSIONS and self._model in {None, assistant.model}

    async def _words(self, content: bytes) -> tuple[Printed, ...]:
        answer = await self._sandbox.read(content)
        try:
            return decode(answer, PrintedWords).words if isinstance(answer, bytes) else ()
        except Undecodable:  # a child that lies, or more words than a record may have
            return ()


def missing(extracted: ExtractedInvoice) -> tuple[FieldName, ...]:
    """Return what to ask for: nothing where no payment-critical value is missing, or nothing is to be paid anyway."""
    if extracted.lane not in LANES or any(
        finding.rule in NOT_PAYABLE_RULES and finding.severity == "error" for finding in extracted.findings
    ):
        return ()
    has_total = extracted.value("invoice_total_amount_with_vat") is not None  # it stands for the sum to pay
    guessed = only_suggested(extracted.findings)
    found = {name for name in WANTED if extracted.value(name) is not None and name not in guessed} | (
        {"amount_due_for_payment"} if has_total else set()
    )
    wanted = [name for name in WANTED if name not in found]
    return (*wanted, *(name for name in ALONG if extracted.value(name) is None)) if wanted else ()


@asynccontextmanager
async def open_assistant(settings: Settings) -> AsyncIterator[Assisting | None]:
    """Yield what asks the endpoint of the settings, None where there is none: then no document leaves the house.

    Raises:
        OSError: the file with the key cannot be read.
    """
    if settings.assistant_url is None:
        yield None
        return
    path = settings.assistant_key_file
    key = SecretStr(path.read_text(encoding="utf-8").strip()) if path else None
    client = ChatClient(settings.assistant_url, key, settings.assistant_timeout_seconds)
    sandbox = Sandbox(WORDS_READER, PROCESSES)
    budget = Budget(settings.assistant_tokens_a_day, clock.now)
    try:
        yield Assisting(client, budget, settings.assistant_model, sandbox)
    finally:
        await sandbox.close()
        await client.aclose()
