"""What the API itself remembers beside the projection: documents accepted, and answers given under a key."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.readmodel.tables import idempotency, submission
from app.readmodel.uncut import uncut

# Clients retry for a day at most; twice that is promised to be enough.
ANSWER_KEPT = timedelta(hours=48)
# A claim without an answer for so long belongs to a process that was killed: no request may take that long.
CLAIM_ABANDONED = timedelta(minutes=2)


@dataclass(frozen=True)
class Answer:
    """An answer that was given before."""

    status_code: int
    body: str
    location: str | None


@dataclass(frozen=True)
class Claimed:
    """The key is now this request's: complete it or give it back."""


@dataclass(frozen=True)
class InFlight:
    """Another request with this key is not finished."""


@dataclass(frozen=True)
class OtherRequest:
    """The key was used with another request."""


Claim = Claimed | Answer | InFlight | OtherRequest


class Remembered:
    """Rows that no topic holds. Losing them costs a second reading of a document, never a second payment."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @uncut
    async def analysis(self, tenant: str, document_id: str) -> int | None:
        """Return which reading of a document was asked for last through the API, None for an unknown document."""
        query = select(submission.c.analysis).where(
            submission.c.tenant == tenant, submission.c.document_id == document_id
        )
        async with self._engine.connect() as connection:
            return (await connection.execute(query)).scalar_one_or_none()

    @uncut
    async def accepted(self, tenant: str, document_id: str, analysis: int, at: datetime) -> None:
        """Note that the broker confirmed the event of a document's reading."""
        row = {"tenant": tenant, "document_id": document_id, "analysis": analysis, "accepted_at": at.isoformat()}
        async with self._engine.begin() as connection:
            statement = _insert(connection, submission).values(row)
            await connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["tenant", "document_id"],
                    set_={"analysis": statement.excluded.analysis, "accepted_at": statement.excluded.accepted_at},
                    where=submission.c.analysis < statement.excluded.analysis,
                )
            )

    @uncut
    async def claim(self, principal: str, key: str, request_digest: str, at: datetime) -> Claim:
        """Take an Idempotency-Key for a request, or say what became of the one that has it."""
        where = (idempotency.c.principal == principal, idempotency.c.idempotency_key == key)
        row = {
            "principal": principal,
            "idempotency_key": key,
            "request_digest": request_digest,
            "claimed_at": at.isoformat(),
        }
        async with self._engine.begin() as connection:
            await connection.execute(delete(idempotency).where(_forgotten(at)))
            inserted = await connection.execute(
                _insert(connection, idempotency)
                .values(row)
                .on_conflict_do_nothing(index_elements=["principal", "idempotency_key"])
                .returning(idempotency.c.principal)
            )
            if inserted.first() is not None:
                return Claimed()
            standing = (await connection.execute(select(idempotency).where(*where))).mappings().one()
        if standing["request_digest"] != request_digest:
            return OtherRequest()
        if standing["status_code"] is None:
            return InFlight()
        return Answer(standing["status_code"], standing["body"], standing["location"])

    @uncut
    async def complete(self, principal: str, key: str, answer: Answer) -> None:
        """Keep the answer that the key's request got."""
        values = {"status_code": answer.status_code, "body": answer.body, "location": answer.location}
        async with self._engine.begin() as connection:
            await connection.execute(
                update(idempotency)
                .where(idempotency.c.principal == principal, idempotency.c.idempotency_key == key)
                .values(values)
            )

    @uncut
    async def give_back(self, principal: str, key: str) -> None:
        """Forget a claim whose request failed: the same key may try again."""
        async with self._engine.begin() as connection:
            await connection.execute(
                delete(idempotency).where(
                    idempotency.c.principal == principal,
                    idempotency.c.idempotency_key == key,
                    idempotency.c.status_code.is_(None),
                )
            )


def _forgotten(at: datetime) -> Any:
    abandoned = idempotency.c.status_code.is_(None) & (idempotency.c.claimed_at < (at - CLAIM_ABANDONED).isoformat())
    return (idempotency.c.claimed_at < (at - ANSWER_KEPT).isoformat()) | abandoned


def _insert(connection: AsyncConnection, table: Any) -> Any:
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)
