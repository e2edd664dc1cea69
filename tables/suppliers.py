"""Supplier reference data: who an invoice comes from, and whose an account is.

A `Directory` is a fold of `supplier.changed`: the last state per tenant and supplier id wins. It finds a supplier by
VAT id, then legal registration id, then account, then name. Ambiguity is no match: a clerk decides, not we.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Literal

from rapidfuzz import fuzz, process
from stdnum.fr import siret

from schemas.invoice import Invoice, Party
from schemas.supplier import MatchedBy, Supplier, SupplierMatch
from tables.names import fold_name

# Below it two names are two companies: one letter in twelve may differ (an OCR slip, a missing plural).
NAME_SCORE_MIN = 92.0
# A runner-up nearer than this makes the best name a guess.
NAME_MARGIN_MIN = 5.0
# Names compared with one invoice; the rarest words come first, so more would only add companies that share a "group".
NAME_CANDIDATES_MAX = 2_000
# A SIRET is the SIREN of the company and the number of one of its establishments.
SIREN_LENGTH = 9

Kind = Literal["vat", "registration", "account", "word"]
Reference = tuple[str, str]  # tenant, supplier id
_Key = tuple[Kind, str, str]  # kind, tenant, folded value

_NOBODY: frozenset[Reference] = frozenset()
_MATCHED_BY: dict[Kind, MatchedBy] = {
    "vat": "vat_identifier",
    "registration": "legal_registration_identifier",
    "account": "account",
}


def compact(identifier: str | None) -> str:
    """Return an identifier without spaces and punctuation, in upper case; empty for None."""
    return "".join(character for character in identifier or "" if character.isalnum()).upper()


class Directory:
    """The suppliers of every tenant, indexed. Changed by `apply` and `remove` alone."""

    def __init__(self) -> None:
        self._suppliers: dict[Reference, Supplier] = {}
        self._names: dict[Reference, tuple[str, ...]] = {}
        self._index: defaultdict[_Key, set[Reference]] = defaultdict(set)

    def __len__(self) -> int:
        return len(self._suppliers)

    def __iter__(self) -> Iterator[Supplier]:
        return iter(self._suppliers.values())

    def supplier(self, supplier_id: str, tenant: str) -> Supplier | None:
        """Return the current state of a supplier."""
        return self._suppliers.get((tenant, supplier_id))

    def apply(self, supplier: Supplier) -> None:
        """Take the new state of a supplier; what its last state said no longer counts.

        Identifiers are kept compact, as invoices have them, so that they can be compared.
        """
        supplier = _compacted(supplier)
        self.remove(supplier.supplier_id, supplier.tenant)
        reference = (supplier.tenant, supplier.supplier_id)
        self._suppliers[reference] = supplier
        self._names[reference] = _folded(supplier)
        for key in _keys(supplier, self._names[reference]):
            self._index[key].add(reference)

    def remove(self, supplier_id: str, tenant: str | None = None) -> None:
        """Forget a supplier; without a tenant in all of them, as a tombstone names no tenant."""
        gone = [reference for reference in self._references(supplier_id, tenant) if reference in self._suppliers]
        for reference in gone:
            for key in _keys(self._suppliers.pop(reference), self._names.pop(reference)):
                self._index[key].discard(reference)
                if not self._index[key]:
                    del self._index[key]

    def _references(self, supplier_id: str, tenant: str | None) -> list[Reference]:
        if tenant is not None:
            return [(tenant, supplier_id)]
        return [reference for reference in self._suppliers if reference[1] == supplier_id]

    def account_owners(self, identifier: str, tenant: str) -> tuple[str, ...]:
        """Return the ids of the suppliers for whom this account is verified, sorted."""
        return _ids(self._find("account", tenant, compact(identifier)))

    def match(self, invoice: Invoice, tenant: str) -> SupplierMatch | None:
        """Return the one supplier that the invoice can be from, and by what it was found.

        An identifier that nobody has is passed over. One that several suppliers have leaves the choice to the next,
        among those several only. When identifiers contradict each other the stronger wins (see `contradictions`).
        """
        among: frozenset[Reference] = _NOBODY
        for kind, hits in self._claims(invoice, tenant):
            left = among & hits if among else hits
            if len(left) == 1:
                return SupplierMatch(supplier=self._suppliers[next(iter(left))], matched_by=_MATCHED_BY[kind])
            among = left or among
        return None if among else self._match_name(invoice.seller.name, tenant)

    def contradictions(self, invoice: Invoice, match: SupplierMatch) -> tuple[str, ...]:
        """Return the ids of suppliers that some identifier of the invoice names instead of the one matched, sorted."""
        tenant, mine = match.supplier.tenant, (match.supplier.tenant, match.supplier.supplier_id)
        strangers = [hits for _, hits in self._claims(invoice, tenant) if mine not in hits]
        return _ids(frozenset[Reference]().union(*strangers))

    def _claims(self, invoice: Invoice, tenant: str) -> list[tuple[Kind, frozenset[Reference]]]:
        """Return, strongest first, each identifier of the invoice that somebody has, with who has it."""
        accounts = [self._find("account", tenant, compact(account)) for account in invoice.payee_accounts()]
        claims: list[tuple[Kind, frozenset[Reference]]] = [
            ("vat", self._find("vat", tenant, compact(invoice.seller.vat_identifier))),
            ("registration", self._registered(invoice.seller, tenant)),
            ("account", _NOBODY.union(*accounts)),
        ]
        return [(kind, hits) for kind, hits in claims if hits]

    def _registered(self, seller: Party, tenant: str) -> frozenset[Reference]:
        """Return who has the seller's registration id; registers of two countries may give the same number."""
        identifier = compact(seller.legal_registration_identifier)
        hits = self._find("registration", tenant, identifier)
        hits = hits or self._find("registration", tenant, _company(identifier))
        country = seller.postal_address.country
        return frozenset(
            hit for hit in hits if self._suppliers[hit].postal_address.country in {country, None} or not country
        )

    def _find(self, kind: Kind, tenant: str, value: str) -> frozenset[Reference]:
        return frozenset(self._index.get((kind, tenant, value), _NOBODY)) if value else _NOBODY

    def _match_name(self, name: str | None, tenant: str) -> SupplierMatch | None:
        ranked = self._rank(fold_name(name or ""), tenant)
        if not ranked or ranked[0][1] < NAME_SCORE_MIN:
            return None
        (reference, score), *others = ranked
        if others and score - others[0][1] < NAME_MARGIN_MIN:
            return None
        return SupplierMatch(supplier=self._suppliers[reference], matched_by="name", score=score / 100)

    def _rank(self, folded: str, tenant: str) -> list[tuple[Reference, float]]:
        """Return the suppliers whose best name comes near, best first, each with its score (0 to 100)."""
        names = [(name, reference) for reference in self._candidates(folded, tenant) for name in self._names[reference]]
        scores: dict[Reference, float] = {}
        near = NAME_SCORE_MIN - NAME_MARGIN_MIN
        # The words of both sides are sorted, so that the plain ratio is rapidfuzz's token_sort_ratio.
        for _, score, position in process.extract(
            folded, [name for name, _ in names], scorer=fuzz.ratio, score_cutoff=near, limit=None
        ):
            scores.setdefault(names[position][1], score)
        return list(scores.items())

    def _candidates(self, folded: str, tenant: str) -> list[Reference]:
        candidates: set[Reference] = set()
        for holders in sorted((self._find("word", tenant, word) for word in set(folded.split())), key=len):
            if len(candidates) + len(holders) > NAME_CANDIDATES_MAX:
                break
            candidates |= holders
        return sorted(candidates)


def seller_identity(invoice: Invoice, match: SupplierMatch | None) -> str | None:
    """Return who sent the invoice, for its InvoiceKey: the canonical supplier id, else what the document says itself.

    What is not a supplier id carries a mark that no supplier id can contain, so that nobody can be taken for another.
    None where the document names nobody.
    """
    if match is not None:
        return match.supplier.supplier_id
    seller = invoice.seller
    own = {
        "vat": compact(seller.vat_identifier),
        "registration": compact(seller.legal_registration_identifier),
        "name": fold_name(seller.name or ""),
    }
    return next((f"{kind}={value}" for kind, value in own.items() if value), None)


def _keys(supplier: Supplier, names: tuple[str, ...]) -> Iterator[_Key]:
    registration = compact(supplier.legal_registration_identifier)
    values: dict[Kind, set[str]] = {
        "vat": {supplier.vat_identifier or ""},
        "registration": {registration, _company(registration)},
        "account": {account.identifier for account in supplier.accounts},
        "word": {word for name in names for word in name.split()},
    }
    for kind, stated in values.items():
        yield from ((kind, supplier.tenant, value) for value in stated if value)


def _compacted(supplier: Supplier) -> Supplier:
    accounts = tuple(
        account.model_copy(
            update={
                "identifier": compact(account.identifier),
                "service_provider_identifier": compact(account.service_provider_identifier) or None,
            }
        )
        for account in supplier.accounts
    )
    return supplier.model_copy(
        update={"accounts": accounts, "vat_identifier": compact(supplier.vat_identifier) or None}
    )


def _folded(supplier: Supplier) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fold_name(name) for name in (supplier.name, *supplier.aliases)))


def _company(registration: str) -> str:
    """Return the SIREN where the identifier is the SIRET of an establishment, else the identifier."""
    return registration[:SIREN_LENGTH] if siret.is_valid(registration) else registration


def _ids(references: Iterable[Reference]) -> tuple[str, ...]:
    return tuple(sorted({supplier_id for _, supplier_id in references}))
