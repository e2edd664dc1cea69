import pytest

from agents.extraction.text.reading import read_text_pdf
from schemas.evidence import ExtractedInvoice
from tests.agents.extraction.text.drawing import draw

TOTALS = "\nRechnungsnummer: R-1\nNettobetrag 100,00 €\nMwSt. 19% 19,00 €\nGesamtbetrag 119,00 €\n"


def read(text: str) -> ExtractedInvoice:
    found = read_text_pdf(draw(text + TOTALS))
    assert isinstance(found, ExtractedInvoice)
    return found


def test_the_window_of_the_envelope_is_the_buyers() -> None:
    found = read(
        "Max Bauer GmbH - Hauptstr. 1 - 10115 Berlin\n\n\nKunde AG\nNebenweg 2\n20095 Hamburg\n\n\n"
        "Max Bauer GmbH    Tel. 030 123456\n"
    )
    assert found.value("seller_name") == "Max Bauer GmbH"
    assert found.value("buyer_name") == "Kunde AG"


def test_two_addresses_side_by_side_are_left_open() -> None:
    found = read(
        "Alpha Corporation                    Beta GmbH\nStation Road 21                      Hofstr. 12\n"
        "20097 Hamburg                        48436 Benrath\n"
    )
    assert found.value("seller_name") is None
    assert found.value("buyer_name") is None


@pytest.mark.parametrize("label", ["Rechnungsempfänger:", "Bill to:", "Facturé à :", "Odběratel:", "Nabywca:"])
def test_who_is_called_the_buyer_is_the_buyer(label: str) -> None:
    found = read(f"Max Bauer GmbH\n\n\n{label}\nKunde AG\nNebenweg 2\n20095 Hamburg\n")
    assert found.value("buyer_name") == "Kunde AG"
    assert found.value("seller_name") == "Max Bauer GmbH"


@pytest.mark.parametrize(
    ("seller", "buyer"),
    [
        ("Verkäufer", "Käufer/Leistungsempfänger"),
        ("Sprzedawca", "Nabywca"),
        ("Vendeur", "Acheteur"),
        ("Myyjä", "Ostaja"),
        ("Dodavatel", "Odběratel"),
    ],
)
def test_a_form_of_captions_names_both(seller: str, buyer: str) -> None:
    found = read(
        f"{seller}\nNummer:     549910\nName:       Alpha Supplies Ltd\n"
        "Adresse:    Nebenweg 1\n            DE 80333 München\n"
        f"USt.-Id.-Nr.:  DE136695976\n\n\n{buyer}\nNummer:     GE2020211\nName:       Kunden AG Mitte\n"
        "Adresse:    Kundenstraße 15\n            DE 69876 Frankfurt\nUSt.-Id.-Nr.:  DE129273398\n"
    )
    assert found.value("seller_name") == "Alpha Supplies Ltd"
    assert found.value("buyer_name") == "Kunden AG Mitte"
    assert found.value("seller_vat_identifier") == "DE136695976"
    assert found.value("buyer_vat_identifier") == "DE129273398"


def test_numbers_may_stand_before_the_name() -> None:
    found = read(
        "Lieferant              Käufer                 # BELEG\nGLN 4333741000005      GLN 4304171000002\n"
        "ALPHA SUPPLIES GMBH    MUSTER-KUNDE GMBH\nBAHNHOFSTRASSE 99      KUNDENWEG 88\n"
        "99199 MUSTERHAUSEN     40235 DUESSELDORF\n"
    )
    assert found.value("seller_name") == "ALPHA SUPPLIES GMBH"
    assert found.value("buyer_name") == "MUSTER-KUNDE GMBH"


@pytest.mark.parametrize(
    "town", ["1100-053 Lisboa", "T12 W8KP Cork", "London SW1A 2AA", "Redmond WA, 98052", "31-042 Kraków"]
)
def test_a_window_is_known_by_its_town(town: str) -> None:
    found = read(f"Alpha OG · Nebenweg 1 · 1070 Wien\n\nKunde & Partner\n12 Harbour Street\n{town}\n")
    assert found.value("seller_name") == "Alpha OG"
    assert found.value("buyer_name") == "Kunde & Partner"


def test_a_window_under_the_senders_line_needs_no_town() -> None:
    found = read(
        "Alpha AG - Uferweg 40-42 - D-63571 Gelnhausen\n\nVive Ltd.\n93B Sai Yu Chung\nYuen Long, N.T.\nHong Kong\n"
    )
    assert found.value("buyer_name") == "Vive Ltd."


def test_a_company_goes_before_the_person_who_gets_the_letter() -> None:
    found = read("Alpha OG · Nebenweg 1 · 1070 Wien\n\nM DURAND ALEXIS\nDURAND SARL\n35 RUE MONTGOLFIER\n69100 LYON\n")
    assert found.value("buyer_name") == "DURAND SARL"


def test_mail_tells_which_of_two_addresses_is_the_sellers() -> None:
    found = read(
        "Adatum Corporation                   ALPHATEC DE\nStation Road 21                      Hofstr. 12\n"
        "20097 Hamburg                        48436 Benrath\n\n\n\n\nE-Mail  info@alphatec.example\n"
    )
    assert found.value("seller_name") == "ALPHATEC DE"
    assert found.value("buyer_name") == "Adatum Corporation"


def test_a_letterhead_has_a_telephone() -> None:
    found = read(
        "Your Own Company           Bill To:\n123 Business Street        Client Services\n"
        "Cityville, ST 12345        456 Client Ave\n"
        "Phone: (555) 555-5555      Clienttown, ST 67890\n"
    )
    assert found.value("seller_name") == "Your Own Company"
    assert found.value("buyer_name") == "Client Services"


def test_the_line_of_the_register_names_the_seller() -> None:
    foot = "\n" * 44 + "Libre SAS au capital de 3.441.812 Euros - B 421 938 861 RCS Paris"
    found = read("Nom de l'abonné\nde Lattre Alexis\n35 rue Montgolfier\n69100 Villeurbanne\n" + foot)
    assert found.value("seller_name") == "Libre SAS"
    assert found.value("seller_legal_registration_identifier") == "421938861"


def test_a_letterhead_that_is_a_picture_is_spelled_by_the_host() -> None:
    found = read(
        "\n\n\nALEXINUX SARL\n35 RUE MONTGOLFIER\n69100 VILLEURBANNE\n\n\nVos services Alpha Telecom\n"
        "Espace client alphatelecom.fr\nVotre contrat Alpha Telecom\n"
    )
    assert found.value("seller_name") == "Alpha Telecom"
    assert found.value("buyer_name") == "ALEXINUX SARL"


@pytest.mark.parametrize(
    ("payee", "payer"),
    [("Odbiorca", "Nabywca"), ("Mottagare", "Kund"), ("Modtager", "Kunde"), ("Recipient", "Customer")],
)
def test_the_recipient_on_a_payment_slip_is_the_seller(payee: str, payer: str) -> None:
    found = read(
        "\n\n\nKunde Partner AB\nNebenweg 2\n20095 Hamburg\n" + "\n" * 35
        + f"{payee}\nAlpha Volt AB\nHamngatan 99, 111 29 Stockholm\n\n"
        + f"{payer}\nKunde Partner AB\nNebenweg 2, 20095 Hamburg\n"
    )  # fmt: skip
    assert found.value("seller_name") == "Alpha Volt AB"
    assert found.value("buyer_name") == "Kunde Partner AB"


def test_a_bank_in_the_footer_is_nobody() -> None:
    found = read(
        "\n" * 44 + "Alpha & Beta sp. j.        mBank S.A.\nul. Długa 177              IBAN PL34 1010 1599 0702\n"
    )
    assert found.value("seller_name") == "Alpha & Beta sp. j."


def test_a_factor_is_no_seller() -> None:
    found = read(
        "Papeterie Alpha SAS\n\n\nClient: Chauvet SAS\n10 quai Perrache\n75011 Paris\n\n\n"
        "à l'ordre de Nordkredit Finans SARL, qui le reçoit par subrogation (affacturage, factoring).\n"
    )
    assert found.value("seller_name") == "Papeterie Alpha SAS"


@pytest.mark.parametrize(
    "text", ["Sehr geehrter Herr Bauer,\nzu Ihrer Versicherung berechnen wir\n", "# Willkommen\nwir danken\n"]
)
def test_greetings_are_nobody(text: str) -> None:
    found = read(text)
    assert found.value("seller_name") is None
    assert found.value("buyer_name") is None


def test_companies_of_one_group_are_two() -> None:
    found = read("Gruber Montage OG · Herrengasse 126 · 8010 Graz\n\nGruber Montage KG\nNebenweg 2\n1070 Wien\n")
    assert found.value("seller_name") == "Gruber Montage OG"
    assert found.value("buyer_name") == "Gruber Montage KG"


def test_names_may_begin_with_words_of_the_lexicon() -> None:
    found = read(
        "Alpha AG · Nebenweg 1 · 1070 Wien\n\n\nZákazník:\nDoprava Procházka spol. s r.o.\nHusova 102\n602 00 Brno\n"
    )
    assert found.value("buyer_name") == "Doprava Procházka spol. s r.o."


def test_heads_of_a_table_are_no_customers() -> None:
    found = read(
        "Alpha AG · Nebenweg 1 · 1070 Wien\n\n\n\n\nKunde   Kód   Menge   Preis   Summe   Rabatt\n"
        "A1   B2   3   4   5   6\n"
    )
    assert found.value("buyer_name") is None


def test_the_recipient_of_a_payment_is_no_buyer() -> None:
    found = read("\nEmpfänger: Max Bauer GmbH\nIBAN: DE89 3704 0044 0532 0130 00\n")
    assert found.value("seller_name") == "Max Bauer GmbH"
    assert found.value("buyer_name") is None


def test_vat_ids_go_to_whom_they_are_called_after() -> None:
    found = read(
        "UID-Nr. ATU13585627\n\n\nKunde: Helios SAS\n95 rue des Tanneurs\n67000 Strasbourg\n"
        "Ihre USt-IdNr. FR83404833048\n"
    )
    assert found.value("seller_vat_identifier") == "ATU13585627"
    assert found.value("buyer_vat_identifier") == "FR83404833048"


def test_two_vat_ids_that_nothing_tells_apart_are_left_open() -> None:
    found = read("USt-IdNr. DE136695976\nUSt-IdNr. DE129273398\n")
    assert found.value("seller_vat_identifier") is None


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("Communication: +++090/9337/55493+++", "+++090/9337/55493+++"),
        ("Reference RF18 5390 0754 7034", "RF18539007547034"),
        ("Referenz 21 00000 00003 13947 14300 09017", "210000000003139471430009017"),
        ("Verwendungszweck: R-1", "R-1"),
        ("Viitenumero 1232", "1232"),
    ],
)
def test_the_reference_to_pay_under_is_read(text: str, reference: str) -> None:
    assert read(text + "\n").value("remittance_information") == reference


def test_a_reference_with_wrong_check_digits_is_none() -> None:
    assert read("+++090/9337/55494+++\n").value("remittance_information") is None


def test_a_bank_of_another_country_is_not_the_accounts() -> None:
    found = read("IBAN DE89 3704 0044 0532 0130 00\nBIC BNPAFRPP\n")
    assert found.value("payment_service_provider_identifier") is None


def test_a_list_of_hosts_tells_nothing_of_its_sender() -> None:
    rows = "\n".join(f"www.alpha{letter}{other}.com" for letter in "abcdefgh" for other in "abcdefgh")
    spoken = "Vos services Alpha Telecom\nEspace client alphatelecom.fr\nVotre contrat Alpha Telecom\n"
    assert read(spoken).value("seller_name") == "Alpha Telecom"
    assert read(f"{spoken}\n---\n{rows}\n").value("seller_name") is None
