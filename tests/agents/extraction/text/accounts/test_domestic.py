import pytest

from agents.extraction.text.accounts.domestic import domestic_accounts
from agents.extraction.text.layout import lay_out
from agents.extraction.text.pages import DocumentText, page_texts
from agents.extraction.text.reading import read_text_pdf
from schemas.evidence import ExtractedInvoice
from tests.agents.extraction.text.drawing import draw
from tests.agents.extraction.text.verdict import outcome

INVOICE = "Acme GmbH\n# INVOICE\nInvoice No R-1\nDate: 2026-03-10\nNet 100.00 EUR\nVAT 20.00 EUR\nTotal 120.00 EUR\n"
GERMAN_IBAN, BRITISH_IBAN = "DE89 3704 0044 0532 0130 00", "GB29 NWBK 6016 1331 9268 19"


def accounts_in(text: str) -> list[str]:
    document = page_texts(draw(text))
    assert isinstance(document, DocumentText)
    return [found.value for found in domestic_accounts(lay_out(document.pages))]


def read(text: str) -> ExtractedInvoice:
    found = read_text_pdf(draw(text))
    assert isinstance(found, ExtractedInvoice)
    return found


@pytest.mark.parametrize(
    ("text", "iban"),
    [
        ("RIB : 30006 00001 12345678901 89", "FR7630006000011234567890189"),
        (
            "Code banque   Code guichet   N° de compte   Clé RIB\n30006          00001          12345678901    89",
            "FR7630006000011234567890189",
        ),
        ("Banque : 30006  Guichet : 00001  Compte : 12345678901  Clé : 89", "FR7630006000011234567890189"),
        (
            "Code banque : 30006\nCode guichet : 00001\nN° de compte : 12345678901\nClé RIB : 89",
            "FR7630006000011234567890189",
        ),
        ("Rachunek: 61 1090 1014 0000 0712 1981 2874", "PL61109010140000071219812874"),
        ("Nr konta 61109010140000071219812874", "PL61109010140000071219812874"),
        ("Rekening 539-0075470-34", "BE68539007547034"),
        ("Číslo účtu: 19-2000145399/0800", "CZ6508000000192000145399"),
        ("Bankovní účet         19-2000145399 / 0800", "CZ6508000000192000145399"),
        ("Účet                  VS\n19-2000145399/0800    123", "CZ6508000000192000145399"),
        ("Č.ú.: 2000145399/0800", "CZ7908000000002000145399"),
        ("CCC 2100 0418 45 0200051332", "ES9121000418450200051332"),
        ("CIN X ABI 05428 CAB 11101 C/C 000000123456", "IT60X0542811101000000123456"),
        ("ABI 05428 - CAB 11101 - c/c n. 123456 - CIN X", "IT60X0542811101000000123456"),
        ("Tilinumero 123456-785", "FI2112345600000785"),
        ("Kontonr. 8601 11 17947", "NO9386011117947"),
        ("NIB: 0002 0123 12345678901 54", "PT50000201231234567890154"),
    ],
)
def test_a_number_with_check_digits_is_its_iban(text: str, iban: str) -> None:
    assert accounts_in(text) == [iban]
    found = read(INVOICE + text)
    assert (found.value("payment_account_identifier"), outcome(found)) == (iban, "payable")
    assert "ACCOUNT-DERIVED" in {finding.rule for finding in found.findings}


@pytest.mark.parametrize(
    "text",
    [
        "RIB : 30006 00001 12345678901 88",
        "Rachunek: 62 1090 1014 0000 0712 1981 2874",
        "Rekening 539-0075470-35",
        "Číslo účtu: 19-2000145398/0800",
        "Číslo účtu: 19-2000145399/9999",  # no such bank
        "Variabilní symbol 19-2000145399/0800",
        "CCC 2100 0418 46 0200051332",
        "CIN Y ABI 05428 CAB 11101 C/C 000000123456",
        "Tilinumero 123456-786",
        "NIB: 0002 0123 12345678901 55",
        "Tel 0123 456789  Fax 2010 1234 1234567890",
    ],
)
def test_a_number_whose_check_digits_fail_is_nothing(text: str) -> None:
    assert accounts_in(text) == []


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("Bankgiro 5050-1055", "BG 5050-1055"),
        ("Plusgiro 28 65 43-4", "PG 286543-4"),
        ("+71<123456789012345+87654321<", "FIK 71 123456789012345 87654321"),
        ("Reg.nr. 0040 Konto 0440116243", "DK 0040 0440116243"),
        ("Sort Code: 60-16-13  Account Number: 31926819", "GB 601613 31926819"),
        ("Account No 31926819\nSort code 60 16 13", "GB 601613 31926819"),
        ("ABA Routing # 021000021  Account # 123456789", "US 021000021 123456789"),
        ("Konto-Nr. 532013000  BLZ 370 400 44", "DE 37040044 532013000"),
    ],
)
def test_a_number_that_proves_nothing_is_offered_and_held(text: str, account: str) -> None:
    found = read(INVOICE + text)
    assert found.value("payment_account_identifier") is None
    assert [transfer.account_identifier for transfer in found.credit_transfers] == [account]
    assert "ACCOUNT-NOT-IBAN" in {finding.rule for finding in found.findings}
    assert outcome(found) == "doubtful"


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        (f"Sort code 60-16-13  Account No 31926819\nIBAN {BRITISH_IBAN}", "payable"),
        (f"Sort code 60-16-13  Account No 31926818\nIBAN {BRITISH_IBAN}", "doubtful"),
        (f"Konto 532013000  BLZ 370 400 44\nIBAN {GERMAN_IBAN}", "payable"),
        (f"Konto 532013001  BLZ 370 400 44\nIBAN {GERMAN_IBAN}", "doubtful"),
        ("RIB 30006 00001 12345678901 89\nIBAN FR76 3000 6000 0112 3456 7890 189", "payable"),
        (f"RIB 30006 00001 12345678901 89\nIBAN {GERMAN_IBAN}", "doubtful"),
    ],
)
def test_the_iban_goes_before_a_number_that_agrees_with_it(beside: str, expected: str) -> None:
    assert outcome(read(INVOICE + beside)) == expected


def test_of_an_account_for_each_currency_the_invoices_own_is_paid() -> None:
    lines = f"EUR account: {GERMAN_IBAN}\nGBP account: {BRITISH_IBAN}\n"
    assert read(INVOICE + lines).value("payment_account_identifier") == GERMAN_IBAN.replace(" ", "")
    assert outcome(read(INVOICE + lines)) == "payable"
    assert outcome(read(INVOICE + lines.replace("GBP account", "Account"))) == "doubtful"
    assert outcome(read(INVOICE.replace("EUR", "USD") + lines)) == "doubtful"
