"""The extraction stage's two ports: the document store, and the sandbox in which documents are read."""

from pathlib import Path
from typing import Protocol

from pydantic import SecretStr, ValidationError

from agents.extraction.agent import Unavailable
from agents.extraction.answer import parse_answer
from agents.extraction.official.submission import NotValidated, RuleSet, Submission, Verdicts
from agents.extraction.official.verdicts import judge, unheld, unruled
from app.documents import (
    DocumentForbidden,
    DocumentsConfig,
    DocumentStore,
    DocumentsUnavailable,
    PermanentFailure,
    S3Config,
)
from app.sandbox import Death, Sandbox, Starved
from app.settings import Settings
from app.tracing import UNTRACED, Tracing
from app.tracing.names import Attribute, Part
from schemas.codec import encode
from schemas.evidence import ExtractedInvoice, Unreadable
from schemas.finding import Finding
from schemas.release import Learned

# The pure reader with the OCR engine, that a child process imports.
READER = "app.ocr.reader:read_bytes"
# An active release, its canary, and the one that was active when documents under way began.
RELEASES_TOLD = 3
NOTHING = Learned()
# The machine was too busy to read the document: it is put aside, and read when there is time.
READER_STARVED = "READER-STARVED"


def documents_config(settings: Settings) -> DocumentsConfig:
    """Return how the settings want documents to be kept; keys and region are read as the AWS SDK reads them."""
    return DocumentsConfig(
        location=settings.documents,
        roots=settings.document_roots,
        keys=keys_folder(settings),
        s3=S3Config(
            endpoint_url=settings.s3_endpoint_url,
            region=settings.aws_region,
            access_key_id=settings.aws_access_key_id,
            secret_access_key=_plain(settings.aws_secret_access_key),
            session_token=_plain(settings.aws_session_token),
            encryption=settings.s3_sse,
            encryption_key_id=settings.s3_sse_kms_key_id,
        ),
    )


def keys_folder(settings: Settings) -> Path | None:
    """Return where the keys of documents lie, None where documents lie in clear."""
    return None if settings.erasure_keys is None else Path(settings.erasure_keys.removeprefix("file://"))


def _plain(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None


class StoredDocuments:
    """Bytes from the document store; what it raises becomes a value here, once."""

    def __init__(self, store: DocumentStore, tracing: Tracing = UNTRACED) -> None:
        """The store is open already, and is closed by whoever opened it."""
        self._store = store
        self._tracing = tracing

    async def fetch(self, reference: str, document_id: str) -> bytes | Unreadable | Unavailable:
        """Return the verified bytes.

        What the publisher must mend is unreadable. What the operator must mend, or time, is unavailable: the event is
        put aside and can be replayed.
        """
        try:
            with self._tracing.part(Part.FETCH):
                return await self._store.fetch(reference, document_id)
        except DocumentForbidden as refused:
            return Unavailable(refused.code, refused.detail)
        except PermanentFailure as failed:
            return Unreadable(reason=failed.code, detail=failed.detail)
        except DocumentsUnavailable as failed:
            return Unavailable(failed.code, failed.detail)


class Instructions:
    """What releases have learned as the bytes that readers are told, written once a release and not once a document."""

    def __init__(self) -> None:
        self._written: list[tuple[Learned, bytes]] = []

    def of(self, learned: Learned) -> bytes:
        """Return the canonical bytes; none where nothing was learned, so that a fresh child need not be told."""
        # By identity: to compare thousands of anchors for each document would cost more than to write them.
        found = next((told for known, told in self._written if known is learned), None)
        if found is None:
            found = b"" if learned == NOTHING else encode(learned)
            self._written = [(learned, found), *self._written[: RELEASES_TOLD - 1]]
        return found


class Rules(Protocol):
    """Holds an invoice in XML against official rules (app/rules)."""

    @property
    def pid(self) -> int | None:
        """Return the id of the process that does it, None where none runs."""

    async def check(self, ruleset: RuleSet, xml: bytes) -> Verdicts:
        """Return the failures, or why there is no verdict."""


class SandboxedReader:
    """Reads in a limited child process, of which the death is an answer, and holds XML against the official rules."""

    def __init__(
        self, sandbox: Sandbox, rules: Rules, *, rules_required: bool = True, tracing: Tracing = UNTRACED
    ) -> None:
        """The sandbox runs already, and is closed by whoever started it; the rules likewise.

        With `rules_required` an invoice that could not be held against its rules is held for a person.
        """
        self._sandbox = sandbox
        self._rules = rules
        self._rules_required = rules_required
        self._tracing = tracing
        self._instructions = Instructions()

    async def read(self, content: bytes, learned: Learned = NOTHING) -> ExtractedInvoice | Unreadable | Unavailable:
        """Return what the document says, or why nobody could read it: for good, or for now."""
        with self._tracing.part(Part.READ, {Attribute.SIZE: len(content)}) as child:
            answer = await self._sandbox.read(content, self._instructions.of(learned))
            if isinstance(answer, Death):
                child.note({Attribute.DEATH: answer.reason})
        if isinstance(answer, Starved):
            return Unavailable(READER_STARVED, answer.detail)
        if isinstance(answer, Death):
            return Unreadable(reason=answer.reason, detail=answer.detail)
        try:
            reading, submission = parse_answer(answer)
        except ValidationError:
            return Unreadable(reason="EXTRACTION-LIMIT-CRASH", detail="the reader answered nonsense")
        if isinstance(reading, Unreadable) or submission is None:
            return reading
        return reading.model_copy(update={"findings": (*reading.findings, *await self._held(submission))})

    async def _held(self, submission: Submission) -> tuple[Finding, ...]:
        """Return what the official rules say of an invoice, or that they could not."""
        if not submission.rulesets:
            return (unruled(),)
        verdicts = {
            ruleset: NotValidated(submission.withheld)
            if submission.withheld
            else await self._checked(ruleset, submission.xml)
            for ruleset in submission.rulesets
        }
        told = judge(verdicts, required=self._rules_required)
        return (unheld(submission.unheld), *told) if submission.unheld else told

    async def _checked(self, ruleset: RuleSet, xml: bytes) -> Verdicts:
        with self._tracing.part(Part.RULES, {Attribute.RULESET: ruleset}) as checking:
            verdicts = await self._rules.check(ruleset, xml)
            if self._rules.pid is not None:  # it may have been ended since: then nobody knows any more
                checking.note({Attribute.PID: self._rules.pid})
            return verdicts
