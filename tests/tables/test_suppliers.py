"""Finding the supplier of an invoice, and never guessing one."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.invoice import Invoice, Party, PostalAddress
from schemas.supplier import Supplier
from tables.suppliers import NAME_CANDIDATES_MAX, Directory, compact, seller_identity
from tests.agents.builders import (
    BELGIAN_IBAN,
    IBAN,
    OTHER_IBAN,
    TENANT,
    directory,
    invoice,
    supplier,
    transfer,
    verified,
)

SIREN = "303265045"
SIRETS = ("30326504500003", "30326504500011")
A = supplier("A", name="Alpha Bau GmbH", vat_identifier="DE136695976", accounts=(verified(IBAN),))
B = supplier("B", name="Beta Logistik AG", vat_identifier="DE129274202", accounts=(verified(OTHER_IBAN),))


def paper(account: str | None = None, **seller: object) -> Invoice:
    ways = () if account is None else (transfer(account),)
    return invoice(seller=Party.model_validate(seller), payment_instructions=ways)


def matched(known: Directory, document: Invoice, tenant: str = TENANT) -> tuple[str, str] | None:
    match = known.match(document, tenant)
    return None if match is None else (match.supplier.supplier_id, match.matched_by)


class TestMatch:
    KNOWN = directory(
        A.model_copy(update={"legal_registration_identifier": "HRB 1001"}),
        B.model_copy(update={"legal_registration_identifier": "HRB 1002"}),
    )

    @pytest.mark.parametrize(
        ("document", "found"),
        [
            (paper(vat_identifier="DE136695976"), ("A", "vat_identifier")),
            (paper(vat_identifier="de 136 695 976"), ("A", "vat_identifier")),
            (paper(legal_registration_identifier="HRB1002"), ("B", "legal_registration_identifier")),
            (paper(OTHER_IBAN), ("B", "account")),
            (paper(name="ALPHA BAU"), ("A", "name")),
            (paper(name="Bau Alpha Gesellschaft m.b.H."), ("A", "name")),
            (paper(name="Beta Logistic AG"), ("B", "name")),
            (paper(name="Gamma AG"), None),
            (paper(name="Beta"), None),
            (paper(), None),
            (paper(BELGIAN_IBAN, vat_identifier="DE999999999", name="Alpha Bau"), ("A", "name")),
            (paper(OTHER_IBAN, vat_identifier="DE136695976"), ("A", "vat_identifier")),
            (paper(OTHER_IBAN, legal_registration_identifier="HRB 1001"), ("A", "legal_registration_identifier")),
        ],
    )
    def test_by_the_strongest_identifier_that_somebody_has(
        self, document: Invoice, found: tuple[str, str] | None
    ) -> None:
        assert matched(self.KNOWN, document) == found

    def test_only_among_the_suppliers_of_the_tenant(self) -> None:
        assert matched(self.KNOWN, paper(IBAN, name="Alpha Bau", vat_identifier="DE136695976"), "other") is None

    def test_a_name_has_its_score_an_identifier_is_certain(self) -> None:
        by_name = self.KNOWN.match(paper(name="Beta Logistic AG"), TENANT)
        by_id = self.KNOWN.match(paper(vat_identifier="DE136695976"), TENANT)

        assert by_name is not None
        assert by_id is not None
        assert 0.92 <= by_name.score < 1
        assert by_id.score == 1

    def test_by_an_alias(self) -> None:
        known = directory(supplier("A", name="Alpha Bau GmbH", aliases=("Maurer Rohbau",)))

        assert matched(known, paper(name="Maurer Rohbau")) == ("A", "name")


class TestAmbiguity:
    def test_two_suppliers_with_one_vat_id_are_told_apart_by_the_next_identifier(self) -> None:
        group = directory(
            A.model_copy(update={"vat_identifier": "DE1"}), B.model_copy(update={"vat_identifier": "DE1"})
        )

        assert matched(group, paper(vat_identifier="DE1")) is None
        assert matched(group, paper(OTHER_IBAN, vat_identifier="DE1")) == ("B", "account")
        assert matched(group, paper(vat_identifier="DE1", name="Alpha Bau")) is None, "a name does not settle it"

    def test_the_next_identifier_may_not_name_a_third(self) -> None:
        third = supplier("C", vat_identifier="DE3", accounts=(verified(BELGIAN_IBAN),))
        known = directory(
            A.model_copy(update={"vat_identifier": "DE1"}), B.model_copy(update={"vat_identifier": "DE1"}), third
        )

        assert matched(known, paper(BELGIAN_IBAN, vat_identifier="DE1")) is None

    def test_accounts_of_two_suppliers_on_one_invoice(self) -> None:
        both = invoice(seller=Party(), payment_instructions=(transfer(IBAN), transfer(OTHER_IBAN)))

        assert matched(directory(A, B), both) is None

    def test_a_factors_account_belongs_to_many(self) -> None:
        shared = directory(A, B.model_copy(update={"accounts": (verified(IBAN),)}))

        assert matched(shared, paper(IBAN)) is None
        assert shared.account_owners(IBAN, TENANT) == ("A", "B")

    def test_two_names_too_near_to_each_other(self) -> None:
        near = directory(supplier("A", name="Schmidt Elektro Nord 1"), supplier("B", name="Schmidt Elektro Nord 2"))

        assert matched(near, paper(name="Schmidt Elektro Nord 12")) is None

    def test_the_same_name_twice(self) -> None:
        twins = directory(supplier("A", name="Dupont SA"), supplier("B", name="Dupont SARL"))

        assert matched(twins, paper(name="Dupont")) is None

    def test_a_word_that_too_many_share_finds_nobody(self) -> None:
        many = directory(
            *(
                supplier(f"S{n}", name="Dupont", vat_identifier=None, accounts=())
                for n in range(NAME_CANDIDATES_MAX + 1)
            ),
            supplier("X", name="Dupont Xylophone", vat_identifier=None, accounts=()),
        )

        assert matched(many, paper(name="Dupont")) is None
        assert matched(many, paper(name="Dupont Xylophone")) == ("X", "name")


class TestRegistration:
    def test_an_establishment_is_its_company_where_the_company_alone_is_known(self) -> None:
        known = directory(supplier("A", vat_identifier=None, legal_registration_identifier=SIREN))

        assert matched(known, paper(legal_registration_identifier=SIRETS[0])) == ("A", "legal_registration_identifier")

    def test_the_exact_establishment_comes_first(self) -> None:
        known = directory(
            *(supplier(f"A{n}", vat_identifier=None, legal_registration_identifier=s) for n, s in enumerate(SIRETS))
        )

        assert matched(known, paper(legal_registration_identifier=SIRETS[1])) == ("A1", "legal_registration_identifier")
        assert matched(known, paper(legal_registration_identifier=SIREN)) is None

    def test_registers_of_two_countries_may_give_one_number(self) -> None:
        known = directory(supplier("A", vat_identifier=None, legal_registration_identifier="12345678"))
        british = Party(legal_registration_identifier="12345678", postal_address=PostalAddress(country="GB"))
        french = Party(legal_registration_identifier="12345678", postal_address=PostalAddress(country="FR"))

        assert matched(known, invoice(seller=british, payment_instructions=())) is None
        assert matched(known, invoice(seller=french, payment_instructions=())) is not None


class TestContradictions:
    def test_none_where_all_agree(self) -> None:
        known = directory(A, B)
        document = paper(IBAN, vat_identifier="DE136695976")
        match = known.match(document, TENANT)

        assert match is not None
        assert known.contradictions(document, match) == ()

    def test_whom_another_identifier_names(self) -> None:
        known = directory(A, B)
        document = paper(OTHER_IBAN, vat_identifier="DE136695976")
        match = known.match(document, TENANT)

        assert match is not None
        assert match.supplier.supplier_id == "A"
        assert known.contradictions(document, match) == ("B",)


class TestChanges:
    def test_the_last_state_counts_alone(self) -> None:
        known = directory(A, A.model_copy(update={"vat_identifier": "DE2", "name": "Omega", "accounts": ()}))

        assert len(known) == 1
        assert matched(known, paper(IBAN, vat_identifier="DE136695976", name="Alpha Bau")) is None
        assert matched(known, paper(vat_identifier="DE2")) == ("A", "vat_identifier")

    def test_a_removed_supplier_is_gone_everywhere(self) -> None:
        known = directory(A, B, A.model_copy(update={"tenant": "other"}))
        known.remove("A")
        known.remove("A")

        assert [each.supplier_id for each in known] == ["B"]
        assert known.supplier("A", TENANT) is None
        assert known.account_owners(IBAN, TENANT) == ()
        assert matched(known, paper(IBAN, vat_identifier="DE136695976", name="Alpha Bau")) is None

    def test_a_supplier_may_be_removed_from_one_tenant(self) -> None:
        known = directory(A, A.model_copy(update={"tenant": "other"}))
        known.remove("A", "other")

        assert known.supplier("A", TENANT) is not None
        assert known.supplier("A", "other") is None

    def test_what_a_removed_supplier_shared_stays_with_the_other(self) -> None:
        known = directory(A, B.model_copy(update={"accounts": (verified(IBAN),)}))
        known.remove("A")

        assert known.account_owners(IBAN, TENANT) == ("B",)

    def test_accounts_are_kept_as_invoices_have_them(self) -> None:
        known = directory(supplier("A", accounts=(verified("fr76 3000 6000 0112 3456 7890 189", " agri frpp "),)))
        kept = known.supplier("A", TENANT)

        assert kept is not None
        assert kept.account(IBAN) is not None
        assert kept.accounts[0].service_provider_identifier == "AGRIFRPP"

    @given(st.permutations(range(6)))
    def test_the_order_of_different_suppliers_does_not_matter(self, order: list[int]) -> None:
        suppliers = [supplier(f"S{n}", name=f"Firma {n} Bau", vat_identifier=f"DE{n}", accounts=()) for n in range(6)]
        known = directory(*(suppliers[n] for n in order))

        assert all(matched(known, paper(vat_identifier=f"DE{n}")) == (f"S{n}", "vat_identifier") for n in range(6))


class TestSellerIdentity:
    def test_is_the_canonical_supplier_where_one_is_found(self) -> None:
        known = directory(A)
        by_vat, by_name = paper(vat_identifier="DE136695976"), paper(name="Alpha Bau")

        identities = {seller_identity(document, known.match(document, TENANT)) for document in (by_vat, by_name)}

        assert identities == {"A"}

    @pytest.mark.parametrize(
        ("document", "identity"),
        [
            (paper(vat_identifier="fr 40 303265045", name="X"), "vat=FR40303265045"),
            (paper(legal_registration_identifier="HRB 1", name="X"), "registration=HRB1"),
            (paper(name="Müller & Söhne GmbH"), "name=muller sohne"),
            (paper(name="  "), None),
            (paper(), None),
        ],
    )
    def test_is_else_what_the_document_calls_itself(self, document: Invoice, identity: str | None) -> None:
        assert seller_identity(document, None) == identity

    def test_nobody_can_call_himself_a_supplier(self) -> None:
        with pytest.raises(ValueError, match="supplier_id"):
            Supplier(supplier_id="vat=FR1", name="X")


def test_compact_leaves_letters_and_digits() -> None:
    assert compact(" fr 76-30.06 ") == "FR763006"
    assert compact(None) == ""


def test_matching_does_not_depend_on_the_order_of_ways_to_pay() -> None:
    known = directory(A, B, supplier("C", vat_identifier=None, accounts=(verified(BELGIAN_IBAN),)))
    ways = (transfer(IBAN), transfer("DE02120300000000202051"), transfer(None))

    found = {matched(known, invoice(seller=Party(), payment_instructions=order)) for order in permutations(ways)}

    assert found == {("A", "account")}
