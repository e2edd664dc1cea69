"""Whole first pages as companies of many countries set them: who writes to whom, with no page made for the reader.

All names are made up. A row is a page, its seller and its buyer; None where a careful clerk could not tell either.
"""

import pytest

from agents.extraction.text.reading import read_text_pdf
from schemas.evidence import ExtractedInvoice
from tests.agents.extraction.text.drawing import draw

FILL = 28  # lines between the head of a page and its foot
PAGES: list[tuple[str | None, str | None, str]] = [
    (
        "Nimbus Web Services EMEA SARL",
        "Alpha Consulting GmbH",
        """\
Nimbus Web Services EMEA SARL                                        VAT Invoice
Email or talk to us about your account: nimbus.example/support
Account number: 123456789012                                Invoice Summary

Bill to Address:                                            Invoice Number:        EUINDE19-2213
ATTN: Jane Doe                                              Invoice Date:          August 3, 2019
Alpha Consulting GmbH                                       TOTAL AMOUNT           EUR 12.34
Ohlauer Str. 43
Berlin, 10999, DE
[...]
Nimbus Web Services EMEA SARL, 38 Avenue John F. Kennedy, L-1855, Luxembourg
R.C.S. Luxembourg: B186284
""",
    ),
    (
        "Lumiere SAS",
        "Dupont Informatique",
        """\
Lumiere SAS                                   Client
2 rue Kellermann                          Dupont Informatique
59100 Roubaix                             Jean Dupont
France                                    12 rue de la Paix
                                          75002 Paris
Facture FR123456

SAS au capital de 10 069 020 EUR - RCS Lille Métropole 424 761 419 00045
""",
    ),
    (
        "Bakkerij de Vries B.V.",
        "Jansen Bouw",
        """\
Bakkerij de Vries B.V.

Aan:
Jansen Bouw
t.a.v. Jan Jansen
Dorpsstraat 12
1234 AB Hilversum

Factuurnummer 2024-001
[...]
KvK 12345678 | BTW NL001234567B01 | IBAN NL91 ABNA 0417 1643 00 t.n.v. Bakkerij de Vries B.V.
""",
    ),
    (
        "Novák & syn s.r.o.",
        "Obec Horní Lhota",
        """\
FAKTURA - daňový doklad č. 2024001
Dodavatel                                 Odběratel
Novák & syn s.r.o.                        Obec Horní Lhota
Polní 12                                  Hlavní 1
602 00 Brno                               763 23 Dolní Lhota
IČ: 27074358                              IČ: 00283941
DIČ: CZ27074358

Zapsán v OR u Krajského soudu v Brně, oddíl C, vložka 12345
""",
    ),
    (
        "Sähkö Virtanen Oy",
        "Matti Meikäläinen",
        """\
Sähkö Virtanen Oy                         LASKU
Teollisuustie 5                           Laskun numero 1234
00100 Helsinki

Matti Meikäläinen
Kotikatu 3 A 5
33100 Tampere
[...]
Saaja             Sähkö Virtanen Oy                  IBAN FI21 1234 5600 0007 85
Mottagare
Maksaja           Matti Meikäläinen
Betalare          Kotikatu 3 A 5
                  33100 Tampere
""",
    ),
    (
        "Studio Bianchi di Bianchi Marco",
        "ACME S.r.l.",
        """\
Studio Bianchi di Bianchi Marco
Via Verdi, 10 - 20121 Milano (MI)
P.IVA 00743110157 - C.F. BNCMRC80A01F205X
                                          Spett.le
                                          ACME S.r.l.
                                          Via Roma, 1
                                          10100 Torino (TO)
Fattura n. 12 del 03/05/2024
""",
    ),
    (
        "Talleres Gómez S.L.",
        "Juan Pérez García",
        """\
Talleres Gómez S.L.
C/ Mayor 12
28013 Madrid
CIF: B64717838      Tel. 91 123 45 67

DATOS DEL CLIENTE
Nombre: Juan Pérez García
NIF: 12345678Z
Dirección: Av. de la Constitución 4
Población: 41001 Sevilla

FACTURA Nº 2024/12
""",
    ),
    (
        "Papelaria Central, Lda.",
        "Município de Évora",
        """\
Papelaria Central, Lda.
Rua do Comércio, 5
7000-500 Évora
NIF: 501964843
                                     Exmo.(s) Sr.(s)
                                     Município de Évora
                                     Praça do Sertório
                                     7004-506 Évora

Fatura FT 2024/15
""",
    ),
    (
        "Emma Clarke Design",
        "Brightside Media",
        """\
                                                          Emma Clarke Design
                                                          14 Orchard Lane
                                                          Bristol BS1 4DJ
                                                          emma@clarkedesign.example

INVOICE
To:
Brightside Media
22 Harbour Street
London SE1 9GF

Invoice no: 004
""",
    ),
    (
        "Max Müller Webdesign",
        "Peter Meier",
        """\
Max Müller Webdesign · Lindenweg 3 · 50667 Köln


Herrn
Peter Meier
Hauptstr. 1
51149 Köln

Rechnung Nr. 12
""",
    ),
    (
        "Max Müller",
        "Stadtwerke Musterstadt",
        """\
                                                                 Max Müller
                                                                 Lindenweg 3
                                                                 50667 Köln
                                                                 Tel. 0221 123456

Stadtwerke Musterstadt
Abteilung Einkauf
Frau Schmidt
Hauptstr. 1
51149 Köln

Rechnung Nr. 12
""",
    ),
    (
        "ABC Sp. z o.o.",
        "XYZ Nowak",
        """\
Faktura VAT 1/2024
Sprzedawca: ABC Sp. z o.o., ul. Polna 1, 00-001 Warszawa, NIP: 526-025-09-95
Nabywca: XYZ Nowak, ul. Leśna 2, 00-002 Warszawa, NIP: 521-314-87-28
""",
    ),
    (
        "Bright Ideas",
        "Green Leaf Café",
        """\
INVOICE

Bill From                Bill To                  Invoice
Bright Ideas             Green Leaf Café          #0042
""",
    ),
    (
        "Klara Möbel AB",
        "Svensson Bygg AB",
        """\
Klara Möbel AB                            Faktura
                                          Fakturanummer: 12345
                                          Er referens: Sven Svensson
Faktureringsadress
Svensson Bygg AB
Box 123
111 29 Stockholm
[...]
Klara Möbel AB          Telefon 08-123 45 67       Org.nr 556036-0793
Storgatan 1             info@klaramobel.example    Momsreg.nr SE556036079301
111 22 Stockholm        www.klaramobel.example     Godkänd för F-skatt
""",
    ),
    (
        "Thames Plumbing Ltd",
        "Mrs J Smith",
        """\
Mrs J Smith
22 Acacia Avenue
London SE1 9GF

INVOICE 1234
[...]
Thames Plumbing Ltd. Registered in England & Wales No. 01234567. Registered office: 1 High St, London SW1A 1AA
""",
    ),
    (
        "Van Damme Tuinen",
        "De Smet NV",
        """\
Van Damme Tuinen                               De Smet NV
Kerkstraat 1                                   Stationsplein 3
9000 Gent                                      2000 Antwerpen
Tel: 09 123 45 67
BTW BE 0403.170.701                            BTW BE 0428.759.497
Factuur 2024/001
""",
    ),
    (
        "Jysk Rengøring ApS",
        "Hansen & Co",
        """\
Hansen & Co
Att.: Lone Hansen
Nørregade 2
8000 Aarhus C                                                   Jysk Rengøring ApS
                                                                Vestergade 1
                                                                8600 Silkeborg
                                                                Tlf.: 86 12 34 56
                                                                CVR-nr.: 13585628
FAKTURA 1001
""",
    ),
    (
        "Musterfirma GmbH & Co. KG",
        "Universitätsklinikum Musterstadt",
        """\
Musterfirma GmbH & Co. KG, Industriestr. 5, 12345 Musterstadt
Universitätsklinikum Musterstadt
Rechnungsprüfung
Postfach 10 20 30
12346 Musterstadt

Rechnung

Lieferadresse:
Universitätsklinikum Musterstadt
Lager 3
Am Ring 5
12346 Musterstadt
""",
    ),
    (
        "Electricité Générale Martin",
        "SCI Les Tilleuls",
        """\
Electricité Générale Martin
Artisan électricien
3 impasse des Lilas
69003 Lyon
Tél : 04 78 00 00 00
SIRET : 404 833 048 00022

                                          SCI Les Tilleuls
                                          Chez Cabinet Durand
                                          10 cours Lafayette
                                          69006 Lyon

FACTURE N° 2024-031
""",
    ),
    (
        None,
        None,
        """\
Rechnung Nr. 5
Vielen Dank für Ihren Einkauf
Bitte zahlen Sie
""",
    ),
    (
        None,
        "Kunde GmbH",
        """\
Rechnung an
Kunde GmbH
Hauptstr. 1
51149 Köln
[...]
Powered by Zervio Oy | www.zervio.com
""",
    ),
    (
        "Carla Home",
        "Paul Martin",
        """\
Sold by: Carla Home          Billing Address          Delivery Address
12 Rue X                     Paul Martin              Anne Martin
75001 Paris                  3 Rue Y                  4 Rue Z
VAT FR83404833048            75002 Paris              75003 Paris

Order # 402-123
Invoice # 12
""",
    ),
    (
        "Mieterverein e.V.",
        "Erika Mustermann",
        """\
Mieterverein e.V. - Am Ring 1 - 50667 Köln

Frau
Erika Mustermann
Hauptstr. 1
51149 Köln

Ihr Konto: Kontoinhaber: Erika Mustermann, IBAN DE89 3704 0044 0532 0130 00
Wir buchen den Betrag ab.
""",
    ),
    (
        "Lumen Oy",
        "Oy Asiakas Ab",
        """\
Lumen Oy                                  LASKU
Katu 1                                    Laskun päiväys 1.2.2024
00100 Helsinki                            Eräpäivä 15.2.2024

Laskutusosoite
Oy Asiakas Ab
PL 123
00101 Helsinki

Y-tunnus 0112038-9   Kotipaikka Helsinki
""",
    ),
    (
        "Kaufmann Technik GmbH",
        "Bürobedarf Schulz",
        """\
Rechnung                                            Kaufmann Technik GmbH
                                                    Am Park 3
                                                    10115 Berlin
                                                    USt-IdNr. DE136695976
Bürobedarf Schulz
Ringstr. 7
04109 Leipzig

Kunden-Nr. 123       Ansprechpartner: Heinz Kern

Steuerberater: Kanzlei Vogt PartG, Leipzig
""",
    ),
    (
        "Gasthof Adler",
        "Weber AG",
        """\
                     Gasthof Adler
                   Familie Huber
                 Dorfplatz 1, 6100 Seefeld
               Tel. +43 5212 1234 - info@adler.example

Weber AG
Hr. Anton Weber
Industriestr. 4
80333 München

Rechnung 88
""",
    ),
    (
        "Acme Cloud, Inc.",
        "Beta Labs Ltd",
        """\
Invoice
Invoice number  ABCD-0001
Date of issue   May 3, 2024
Date due        May 3, 2024

Acme Cloud, Inc.              Bill to
548 Market St                 Beta Labs Ltd
San Francisco, CA 94104       12 Harbour Street
United States                 Dublin
support@acmecloud.example     D02 AF30
                              Ireland
                              billing@betalabs.example
$20.00 due May 3, 2024
""",
    ),
    (
        "Garage du Lac Sàrl",
        "Favre Marie",
        """\
Garage du Lac Sàrl          CHE-123.456.788 TVA
Route de Lausanne 4
1110 Morges
                                       Madame
                                       Favre Marie
                                       Rue du Lac 26
                                       1201 Genève
Facture 4455
[...]
Récépissé                    Section paiement           Compte / Payable à
Compte / Payable à                                      CH44 3199 9123 0008 8901 2
CH44 3199 9123 0008 8901 2                              Garage du Lac Sàrl
Garage du Lac Sàrl                                      Route de Lausanne 4
Route de Lausanne 4                                     1110 Morges
1110 Morges
                                                        Payable par
Payable par                                             Favre Marie
Favre Marie                                             Rue du Lac 26
Rue du Lac 26                                           1201 Genève
1201 Genève
""",
    ),
    (
        "Trans Iberia SLU",
        "Comercial Ruiz SA",
        """\
Cliente: Comercial Ruiz SA        Trans Iberia SLU
CIF: A58818501                    CIF: B64717838
Polígono Sur, nave 4              Calle Larga 8
41001 Sevilla                     28001 Madrid
""",
    ),
    (
        None,
        "Mr J Smith",
        """\
Mr J Smith
22 Acacia Avenue
London SE1 9GF
Account name: Mr J Smith
""",
    ),
]


@pytest.mark.parametrize(("seller", "buyer", "page"), PAGES, ids=[str(row[0]) for row in PAGES])
def test_who_writes_to_whom(seller: str | None, buyer: str | None, page: str) -> None:
    found = read_text_pdf(draw(page.replace("[...]", "\n" * FILL)))
    assert isinstance(found, ExtractedInvoice)
    assert (found.value("seller_name"), found.value("buyer_name")) == (seller, buyer)
