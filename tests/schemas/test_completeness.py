"""What a bank would refuse, all at once. The single obstacles are tested where commands are made."""

from decimal import Decimal

from schemas.completeness import obstacles
from schemas.decision import ApprovedPayment
from schemas.invoice import PostalAddress
from schemas.money import Amount
from schemas.payment import Debtor

NOWHERE = PostalAddress()


def test_everything_that_is_wrong_is_told() -> None:
    payment = ApprovedPayment(
        supplier_id="S1",
        invoice_number="1",
        creditor_name="",
        creditor_postal_address=NOWHERE,
        creditor_account="FR00",
        instructed_amount=Amount(value=Decimal("0.001"), currency="EUR"),
    )

    found = obstacles(payment, Debtor(name="", account="", postal_address=NOWHERE))

    assert set(found) == {
        "DEBTOR-INCOMPLETE",
        "SUPPLIER-NAME",
        "SUPPLIER-ADDRESS",
        "ACCOUNT-INVALID",
        "AMOUNT-MINOR-UNITS",
    }
    assert all(found.values())
