"""The questions asked of the read model. Every one names the tenant: a row of another tenant does not exist."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, and_, case, func, literal, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncEngine

from app.readmodel import tables, views
from app.readmodel.cursor import parse_cursor, render_cursor
from app.readmodel.uncut import uncut
from app.readmodel.views import DocumentSummary, DocumentView, PaymentView, SupplierView
from schemas.audit import AuditEntry
from schemas.decision import Decision
from schemas.evidence import ExtractedInvoice
from schemas.feedback import FeedbackRecorded
from schemas.payment import PaymentStatusReported

T = TypeVar("T")

PAGE_LIMIT_MAX = 200
# A document has one entry a stage and act; more than this is a loop somewhere, and the log itself has them all.
AUDIT_ENTRIES_MAX = 1_000

# No invoice is sent so often; a longer list would tell nobody more.
DECISIONS_MAX = 100
# Causes are looked for in the newest; a firm that corrects more has its worst among these too.
LESSONS_MAX = 5_000
# So many identifiers go into one statement: below the parameters that either database takes (32,766).
IDENTIFIERS_MAX = 10_000

Row = Mapping[str, Any]
Reports = Mapping[str, Sequence[PaymentStatusReported]]


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows, and the cursor of the next page, or None at the end."""

    items: tuple[T, ...]
    cursor: str | None


class ReadModel:
    """Answers from the tables of the projection.

    Every list is ordered and paged by a cursor; `CursorInvalid` is raised for one that was not made here.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def document(self, tenant: str, document_id: str) -> DocumentView | None:
        """Return one document."""
        found = await self._one(_of_document(select(tables.document), tables.document, tenant, document_id))
        return views.document_view(found) if found else None

    async def documents(
        self,
        tenant: str,
        *,
        state: str | None = None,
        supplier: str | None = None,
        cursor: str | None = None,
        limit: int,
    ) -> Page[DocumentSummary]:
        """Return documents, those received last first."""
        table = tables.document
        query = select(table, tables.listed_at.label("listed_at")).where(table.c.tenant == tenant)
        if state is not None:
            query = query.where(func.coalesce(table.c.state, "received") == state)
        if supplier is not None:
            query = query.where(table.c.supplier_id == supplier)
        return await self._newest_first(
            query, (tables.listed_at, table.c.document_id), cursor, limit, views.document_summary
        )

    async def decision(self, tenant: str, document_id: str) -> Decision | None:
        """Return the last decision on a document, of two invoice keys under that which its status names.

        That is where a person's act goes; it must rest on what was decided there, or it is refused for ever.
        """
        told = _of_document(select(tables.document.c.invoice_key), tables.document, tenant, document_id)
        elsewhere = case((tables.decision.c.invoice_key == told.scalar_subquery(), 0), else_=1)
        query = _of_document(select(tables.decision), tables.decision, tenant, document_id)
        found = await self._one(query.order_by(elsewhere, tables.decision.c.decision_rank.desc()).limit(1))
        return views.decision_of(found) if found else None

    async def payment(self, tenant: str, command_id: str) -> PaymentView | None:
        """Return one payment command."""
        found = await self._one(_payments(tenant).where(tables.payment.c.command_id == command_id))
        return None if found is None else _payment(found, await self._reports([command_id]))

    async def payments(self, tenant: str, *, cursor: str | None = None, limit: int) -> Page[PaymentView]:
        """Return payment commands, the newest first."""
        columns = (tables.payment.c.initiated_at, tables.payment.c.command_id)
        page = await self._newest_first(_payments(tenant), columns, cursor, limit, dict)
        reports = await self._reports([row["command_id"] for row in page.items])
        return Page(tuple(_payment(row, reports) for row in page.items), page.cursor)

    async def _reports(self, command_ids: Sequence[str]) -> Reports:
        table = tables.payment_report
        query = select(table).where(table.c.command_id.in_(command_ids)).order_by(table.c.report_rank)
        reports: defaultdict[str, list[PaymentStatusReported]] = defaultdict(list)
        for row in await self._all(query):
            reports[row["command_id"]].append(PaymentStatusReported.model_validate(dict(row)))
        return reports

    async def supplier(self, tenant: str, supplier_id: str) -> SupplierView | None:
        """Return one supplier."""
        query = select(tables.supplier).where(
            tables.supplier.c.tenant == tenant, tables.supplier.c.supplier_id == supplier_id
        )
        found = await self._one(query)
        return views.supplier_view(found) if found else None

    async def foreign_suppliers(self, tenant: str, supplier_ids: Sequence[str]) -> frozenset[str]:
        """Return which of the ids another tenant has: the topic's key is the id alone, so that none can be shared."""
        column, foreign = tables.supplier.c.supplier_id, set[str]()
        for start in range(0, len(supplier_ids), IDENTIFIERS_MAX):
            wanted = column.in_(supplier_ids[start : start + IDENTIFIERS_MAX])
            rows = await self._all(select(column).where(wanted, tables.supplier.c.tenant != tenant))
            foreign.update(row["supplier_id"] for row in rows)
        return frozenset(foreign)

    async def decisions_under(self, tenant: str, invoice_key: str) -> tuple[Decision, ...]:
        """Return the last decision on each document that claims to be this invoice, in the order of the decisions."""
        table, told = tables.decision, tables.document
        query = (
            select(table)
            .outerjoin(told, (told.c.tenant == table.c.tenant) & (told.c.document_id == table.c.document_id))
            .where(table.c.tenant == tenant, table.c.invoice_key == invoice_key)
            # One that a correction has taken to another invoice claims to be this one no more.
            .where(func.coalesce(told.c.invoice_key, invoice_key) == invoice_key)
        )
        rows = await self._all(query.order_by(table.c.decision_rank).limit(DECISIONS_MAX))
        return tuple(views.decision_of(row) for row in rows)

    async def suppliers(self, tenant: str, *, cursor: str | None = None, limit: int) -> Page[SupplierView]:
        """Return suppliers by their id."""
        column = tables.supplier.c.supplier_id
        query = select(tables.supplier).where(tables.supplier.c.tenant == tenant).order_by(column)
        if cursor is not None:
            query = query.where(column > parse_cursor(cursor, 1)[0])
        rows = await self._all(query.limit(limit + 1))
        return _page(rows, limit, views.supplier_view, lambda row: render_cursor(row["supplier_id"]))

    async def audit(self, document: DocumentView) -> tuple[AuditEntry, ...]:
        """Return what was done to a document, its invoice and its payments, in order."""
        table = tables.audit_entry
        concerns = [table.c.document_id == document.document_id]
        if document.invoice_key is not None:
            concerns.append(and_(table.c.document_id.is_(None), table.c.invoice_key == document.invoice_key))
        if document.command_ids:
            concerns.append(and_(table.c.document_id.is_(None), table.c.command_id.in_(document.command_ids)))
        query = select(table).where(table.c.tenant == document.tenant, or_(*concerns))
        rows = await self._all(query.order_by(table.c.event_time, table.c.entry_rank).limit(AUDIT_ENTRIES_MAX))
        return tuple(views.audit_entry_of(row) for row in rows)

    async def lessons(self, tenant: str) -> tuple[FeedbackRecorded, ...]:
        """Return what was learned, the newest first; what lies further back than the bound is not looked at."""
        listed = tables.lesson.c.recorded_at.desc(), tables.lesson.c.feedback_id.desc()
        query = select(tables.lesson.c.body).where(tables.lesson.c.tenant == tenant).order_by(*listed)
        return tuple(views.lesson_of(row) for row in await self._all(query.limit(LESSONS_MAX)))

    async def lesson(self, tenant: str, feedback_id: str) -> FeedbackRecorded | None:
        """Return one lesson."""
        table = tables.lesson
        query = select(table.c.body).where(table.c.tenant == tenant, table.c.feedback_id == feedback_id)
        found = await self._one(query)
        return views.lesson_of(found) if found else None

    async def readings(self, tenant: str, document_ids: Iterable[str]) -> Mapping[str, ExtractedInvoice]:
        """Return what the readers had found in documents, by their ids."""
        table, wanted = tables.reading, sorted(set(document_ids))
        found: dict[str, ExtractedInvoice] = {}
        for start in range(0, len(wanted), IDENTIFIERS_MAX):
            few = table.c.document_id.in_(wanted[start : start + IDENTIFIERS_MAX])
            rows = await self._all(select(table).where(table.c.tenant == tenant, few))
            # Of thousands this takes a second: nobody else is to wait for it.
            found.update(await asyncio.to_thread(_readings, rows))
        return found

    @uncut
    async def probe(self) -> None:
        """Return if the database answers.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: where it does not.
        """
        async with self._engine.connect() as connection:
            await connection.execute(select(tables.projection.c.version))

    async def _newest_first(
        self,
        query: Select[Any],
        columns: tuple[Any, Any],
        cursor: str | None,
        limit: int,
        view: Callable[[Row], T],
    ) -> Page[T]:
        moment, identifier = columns
        if cursor is not None:
            query = query.where(tuple_(moment, identifier) < tuple_(*map(literal, parse_cursor(cursor, 2))))
        query = query.add_columns(moment.label("cursor_moment"), identifier.label("cursor_identifier"))
        rows = await self._all(query.order_by(moment.desc(), identifier.desc()).limit(limit + 1))
        return _page(rows, limit, view, lambda row: render_cursor(row["cursor_moment"], row["cursor_identifier"]))

    @uncut
    async def _one(self, query: Select[Any]) -> Row | None:
        async with self._engine.connect() as connection:
            found: Row | None = (await connection.execute(query)).mappings().one_or_none()
            return found

    @uncut
    async def _all(self, query: Select[Any]) -> list[Row]:
        async with self._engine.connect() as connection:
            return list((await connection.execute(query)).mappings())


def _of_document(query: Select[Any], table: Any, tenant: str, document_id: str) -> Select[Any]:
    return query.where(table.c.tenant == tenant, table.c.document_id == document_id)


def _readings(rows: Iterable[Row]) -> dict[str, ExtractedInvoice]:
    return {row["document_id"]: views.reading_of(row) for row in rows}


def _payments(tenant: str) -> Select[Any]:
    kinds = (
        select(func.count())
        .where(tables.payment_bytes.c.command_id == tables.payment.c.command_id)
        .correlate(tables.payment)
        .scalar_subquery()
    )
    return select(tables.payment, kinds.label("kinds_of_bytes")).where(
        tables.payment.c.tenant == tenant, tables.payment.c.initiated_rank.is_not(None)
    )


def _payment(row: Row, reports: Reports) -> PaymentView:
    return views.payment_view(row, reports.get(row["command_id"], ()), conflicting=row["kinds_of_bytes"] > 1)


def _page(rows: list[Row], limit: int, view: Callable[[Row], T], cursor: Callable[[Row], str]) -> Page[T]:
    shown = rows[:limit]
    return Page(tuple(view(row) for row in shown), cursor(shown[-1]) if len(rows) > limit else None)
