"""Invoices of our own making, as they are laid out in Europe, and what is to be read in them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sample:
    """A page as tests/agents/extraction/text/drawing.py draws it. None is: not asserted."""

    name: str
    outcome: str  # payable, doubtful, not_payable
    text: str
    number: str | None = None
    account: str | None = None
    amount: str | None = None
    currency: str | None = None


SAMPLES = (
    Sample(
        "french_craftsman",
        "payable",
        """
Menuiserie Durand SARL
12 rue des Lilas
69003 Lyon
Tél : 04 78 00 00 00
contact@menuiserie-durand.fr
SIRET : 73282932000074
                                                                 Société Martin & Fils
                                                                 45 avenue Foch
                                                                 75016 Paris

# FACTURE N° FA-2026-0187
Date : 14/03/2026
Date d'échéance : 13/04/2026
Votre commande : BC-5521

Désignation                                   Qté        PU HT      Montant HT
Pose de fenêtre PVC                             2       450,00          900,00
Fourniture joint                                6        50,00          300,00

                                                        Total HT      1 200,00
                                                       TVA 20 %        240,00
                                                       Total TTC     1 440,00
                                                    Net à payer     1 440,00 €

Règlement par virement à 30 jours.
IBAN : FR76 3000 6000 0112 3456 7890 189   BIC : AGRIFRPPXXX
En cas de retard de paiement, une indemnité forfaitaire de 40,00 € est due.
SARL au capital de 10 000,00 € - RCS Lyon 732 829 320 - TVA intracommunautaire FR44732829320
""",
        number="FA-2026-0187",
        account="FR7630006000011234567890189",
        amount="1440.00",
        currency="EUR",
    ),
    Sample(
        "french_deposit",
        "payable",
        """
                                                             FACTURE
ATELIER BOIS SAS                                             Numéro : 2026/0042
8 impasse du Moulin                                          Date de facture : 5 mars 2026
44000 Nantes                                                 Échéance : 4 avril 2026
                                                             Référence client : C00451
Facturé à :
Hôtel Bellevue
2 place du Port
29200 Brest

Description                                Quantité    Prix unitaire HT   TVA     Total HT
Table chêne massif                               1             1 000,00   20%     1 000,00

                                                     Sous-total HT       1 000,00 €
                                                     TVA (20 %)            200,00 €
                                                     Total TTC           1 200,00 €
                                                     Acompte versé        -500,00 €
                                                     Reste à payer         700,00 €

Coordonnées bancaires
Banque : La Banque Postale
IBAN FR14 2004 1010 0505 0001 3M02 606
BIC PSSTFRPPPAR
""",
        number="2026/0042",
        account="FR1420041010050500013M02606",
        amount="700.00",
        currency="EUR",
    ),
    Sample(
        "french_direct_debit",
        "not_payable",
        """
EDF                                               Votre facture d'électricité
Service Clients                                   Facture n° 10 123 456 789 du 02/02/2026
                                                  N° client 5 012 345 678

Montant hors TVA                          80,00 €
TVA                                       16,00 €
Montant total TTC                         96,00 €

Montant prélevé le 16/02/2026             96,00 €
Sur le compte FR76 **** **** **** 1234
""",
    ),
    Sample(
        "french_credit_note",
        "not_payable",
        """
Papeterie Leclair
# AVOIR N° AV-2026-12
Date : 01/02/2026
Sur facture n° FA-2026-10 du 05/01/2026
Total HT                 100,00 €
TVA 20 %                  20,00 €
Total TTC                120,00 €
IBAN FR76 3000 6000 0112 3456 7890 189
""",
    ),
    Sample(
        "french_quote",
        "not_payable",
        """
Plomberie Petit
# DEVIS N° D2026-55
Date : 01/02/2026     Validité : 30 jours
Total HT                 100,00 €
TVA 20 %                  20,00 €
Total TTC                120,00 €
Facture payable par virement IBAN FR76 3000 6000 0112 3456 7890 189
""",
    ),
    Sample(
        "french_paid",
        "not_payable",
        """
Garage Central
# FACTURE N° 889
Date : 01/02/2026
Total HT                 100,00 €
TVA 20 %                  20,00 €
Total TTC                120,00 €
Facture acquittée le 01/02/2026 par carte bancaire
IBAN FR76 3000 6000 0112 3456 7890 189
""",
    ),
    Sample(
        "french_reminder",
        "not_payable",
        """
Garage Central
# RELANCE
Nous constatons que la facture n° 889 du 01/01/2026 de 120,00 € TTC reste impayée.
Total TTC                120,00 €
IBAN FR76 3000 6000 0112 3456 7890 189
""",
    ),
    Sample(
        "french_two_rates",
        "payable",
        """
Cabinet Conseil Alpha                                  Facture
14 bd Voltaire                                         N° F202603-77
75011 Paris                                            Date 31/03/2026
SIREN 732829320                                        Client C-778
                                                       Échéance 30/04/2026
                              Mairie de Villeneuve
                              1 place de la Mairie
                              47300 Villeneuve

Réf     Libellé                     Qté     P.U. HT     Montant HT    TVA
A01     Conseil                       1      100,00         100,00   20,0
B02     Formation                     1       90,00          90,00    5,5
                                                 Base HT      Taux     Montant TVA
                                                  100,00   20,00 %          20,00
                                                   18,18    5,50 %           1,00
Total HT                                          190,00
Total TVA                                          21,00
TOTAL TTC                                         211,00 EUR
NET À PAYER                                       211,00 EUR
Mode de règlement : Virement
RIB : 30006 00001 12345678901 89   IBAN : FR7630006000011234567890189
""",
        number="F202603-77",
        account="FR7630006000011234567890189",
        amount="211.00",
        currency="EUR",
    ),
    Sample(
        "dutch_freelancer",
        "payable",
        """
# FACTUUR
Bakker Webdesign B.V.                              Factuurnummer:   2026-0345
Keizersgracht 100                                  Factuurdatum:    12-03-2026
1015 AA Amsterdam                                  Vervaldatum:     11-04-2026
KvK 12345678                                       Klantnummer:     1042
BTW NL123456782B12

Aan:
De Vries Installatietechniek
Dorpsstraat 5
3811 KP Amersfoort

Omschrijving                        Aantal       Prijs     BTW       Bedrag
Ontwerp website                         20    € 50,00     21%   € 1.000,00

                                              Subtotaal         € 1.000,00
                                              BTW 21%             € 210,00
                                              Totaal            € 1.210,00

Wij verzoeken u vriendelijk het bedrag van € 1.210,00 binnen 30 dagen over te maken op
rekeningnummer NL91 ABNA 0417 1643 00 t.n.v. Bakker Webdesign B.V. onder vermelding van het factuurnummer.
""",
        number="2026-0345",
        account="NL91ABNA0417164300",
        amount="1210.00",
        currency="EUR",
    ),
    Sample(
        "dutch_number_below_its_name",
        "payable",
        """
Jansen Bouwmaterialen                                  Jansen Bouwmaterialen
                                                       Industrieweg 12
Hoveniersbedrijf Groen                                 5600 AB Eindhoven
Parklaan 8                                             T 040 123 45 67
5611 BC Eindhoven                                      KvK: 17123456
                                                       BTW: NL001234567B01

Factuur
Factuurnr.      Datum          Debiteurnr.      Uw referentie
F26-1001        03-02-2026     20331            bestelling tuin

Artikel     Omschrijving            Aantal     Prijs      Bedrag
1001        Tegels 60x60               20      15,00      300,00
1002        Zand                        2      56,50      113,00

Totaal excl. btw                                          413,00
Btw 21%   over 413,00                                      86,73
Totaal incl. btw                              EUR         499,73

Te betalen voor 05-03-2026
IBAN: NL91ABNA0417164300   BIC: ABNANL2A
Op al onze leveringen zijn de algemene voorwaarden van toepassing.
""",
        number="F26-1001",
        account="NL91ABNA0417164300",
        amount="499.73",
        currency="EUR",
    ),
    Sample(
        "dutch_direct_debit",
        "not_payable",
        """
Energie Direct
Factuurnummer 778899           Factuurdatum 01-03-2026
Totaal incl. btw  € 120,00
Het bedrag van € 120,00 wordt rond 15 maart automatisch van uw rekening NL91ABNA0417164300 afgeschreven.
""",
    ),
    Sample(
        "dutch_credit_note",
        "not_payable",
        """
Jansen Bouwmaterialen
# CREDITNOTA
Creditnotanummer C26-11     Datum 03-02-2026
Totaal excl. btw   100,00
Btw 21%             21,00
Totaal incl. btw EUR 121,00
IBAN: NL91ABNA0417164300
""",
    ),
    Sample(
        "dutch_paid_online",
        "not_payable",
        """
Webshop Fietsen BV
# Factuur
Factuurnummer: 5567
Factuurdatum: 3 maart 2026
Subtotaal    € 100,00
BTW 21%       € 21,00
Totaal       € 121,00
Betaald met iDEAL op 3 maart 2026
IBAN NL91 ABNA 0417 1643 00
""",
    ),
    Sample(
        "finnish_with_giro_slip",
        "payable",
        """
Rakennus Virtanen Oy                                     LASKU
Teollisuuskatu 5                                         Laskun numero     20260117
33100 Tampere                                            Laskun päivämäärä 15.3.2026
Y-tunnus 2077474-0                                       Eräpäivä          29.3.2026
                                                         Viitenumero       1232
Asiakas Oy Ab                                            Asiakasnumero     553
Kauppakatu 1                                             Maksuehto         14 pv netto
00100 Helsinki                                           Viivästyskorko    8,00 %

Tuote                        Määrä    Yksikköhinta     ALV %        Yhteensä
Asennustyö                    2 h            50,00      24,00         100,00

                                        Veroton yhteensä          100,00
                                        ALV 24 %                   24,00
                                        Yhteensä                  124,00 EUR

Saajan tilinumero     FI21 1234 5600 0007 85          BIC  NDEAFIHH
Saaja                 Rakennus Virtanen Oy
Viitenumero           1232
Eräpäivä              29.3.2026            Euro       124,00
""",
        number="20260117",
        account="FI2112345600000785",
        amount="124.00",
        currency="EUR",
    ),
    Sample(
        "finnish_small",
        "payable",
        """
Siivous Mäkinen Tmi
# LASKU
Laskunro: 4711
Päiväys: 01.02.2026
Eräpäivä: 15.02.2026

Kuvaus                  Hinta (sis. alv)
Siivous                       62,75

Veroton hinta yhteensä        50,00
Arvonlisävero 25,5 %          12,75
Maksettava yhteensä           62,75 €

IBAN: FI21 1234 5600 0007 85
BIC: NDEAFIHH
""",
        number="4711",
        account="FI2112345600000785",
        amount="62.75",
        currency="EUR",
    ),
    Sample(
        "finnish_reminder",
        "not_payable",
        """
Siivous Mäkinen Tmi
# MAKSUMUISTUTUS
Lasku nro 4711, eräpäivä 15.02.2026
Maksettava yhteensä           62,75 €
IBAN: FI21 1234 5600 0007 85
""",
    ),
    Sample(
        "czech_tax_document",
        "payable",
        """
Faktura - daňový doklad č. 260100042

Dodavatel:                                     Odběratel:
Novák Elektro s.r.o.                           Stavby Brno a.s.
Dlouhá 12                                      Masarykova 3
110 00 Praha 1                                 602 00 Brno
IČO: 25596641                                  IČO: 00177041
DIČ: CZ25596641                                DIČ: CZ00177041

Datum vystavení:         10.03.2026            Forma úhrady:       převodním příkazem
Datum splatnosti:        24.03.2026            Variabilní symbol:  260100042
Datum uskutečnění zdanitelného plnění: 10.03.2026
Bankovní spojení: Česká spořitelna, číslo účtu 19-2000145399/0800
IBAN: CZ65 0800 0000 1920 0014 5399   SWIFT: GIBACZPX

Označení dodávky                 Množství    J.cena    Sazba    Cena bez DPH      DPH      Cena s DPH
Elektroinstalace                        1  10 000,00     21%       10 000,00  2 100,00      12 100,00

Celkem bez DPH                                                                              10 000,00
DPH 21 %                                                                                     2 100,00
Celkem k úhradě                                                                           12 100,00 Kč
""",
        number="260100042",
        account="CZ6508000000192000145399",
        amount="12100.00",
        currency="CZK",
    ),
    Sample(
        "czech_freelancer",
        "payable",
        """
# FAKTURA
Číslo faktury: FV-2026-0015                       Vystaveno: 5. 3. 2026
                                                  Splatnost: 19. 3. 2026
DODAVATEL                                         ODBĚRATEL
Jana Malá                                         Kavárna Slunce s.r.o.
Lipová 4, 370 01 České Budějovice                 Náměstí 1, 370 01 České Budějovice
IČ: 00177041                                      IČ: 25596641

Položka                                  Cena
Grafické práce                      3 000,00 Kč
Základ daně                         3 000,00 Kč
DPH 21 %                              630,00 Kč
Celkem k úhradě                     3 630,00 Kč

Číslo účtu: 19-2000145399/0800
IBAN: CZ6508000000192000145399
Variabilní symbol: 20260015
""",
        number="FV-2026-0015",
        account="CZ6508000000192000145399",
        amount="3630.00",
        currency="CZK",
    ),
    Sample(
        "czech_paid",
        "not_payable",
        """
# FAKTURA - DAŇOVÝ DOKLAD
Číslo faktury: FV-2026-0016                       Datum vystavení: 5. 3. 2026
Celkem s DPH                        3 630,00 Kč
Uhrazeno zálohou                   -3 630,00 Kč
K úhradě                                0,00 Kč
NEPLAŤTE - již uhrazeno
IBAN: CZ6508000000192000145399
""",
    ),
    Sample(
        "czech_proforma",
        "not_payable",
        """
# ZÁLOHOVÁ FAKTURA - PROFORMA
Není daňovým dokladem
Číslo: ZF-16        Datum vystavení: 5. 3. 2026
Celkem k úhradě                        3 630,00 Kč
IBAN: CZ6508000000192000145399
""",
    ),
    Sample(
        "spanish_withholding",
        "payable",
        """
# FACTURA
Carpintería Gómez S.L.                     Nº de factura: 2026-F-88
CIF: B58378431                             Fecha: 15/03/2026
Calle Mayor 3                              Vencimiento: 14/04/2026
28013 Madrid
Cliente: Hotel Sol S.A.
Concepto                     Cantidad    Precio    Importe
Servicios profesionales             1   1.000,00  1.000,00
                          Base imponible     1.000,00 €
                          IVA 21%              210,00 €
                          Retención IRPF 15%  -150,00 €
                          Total a pagar      1.060,00 €
Forma de pago: Transferencia bancaria
IBAN: ES91 2100 0418 4502 0005 1332
""",
        number="2026-F-88",
        account="ES9121000418450200051332",
        amount="1060.00",
        currency="EUR",
    ),
    Sample(
        "italian",
        "payable",
        """
Rossi Costruzioni S.r.l.
Via Roma 10 - 20121 Milano
P. IVA 00743110157
                                        Spett.le
                                        Bianchi S.p.A.
                                        Corso Italia 5
                                        10121 Torino
FATTURA N. 45/2026 del 10/03/2026
Descrizione                  Q.tà    Prezzo    Importo
Lavori edili                    1  1.000,00   1.000,00
Imponibile                                    1.000,00
IVA 22%                                         220,00
Totale fattura                              € 1.220,00
Modalità di pagamento: Bonifico bancario 30 gg
Scadenza: 09/04/2026
IBAN: IT60 X054 2811 1010 0000 0123 456
""",
        number="45/2026",
        account="IT60X0542811101000000123456",
        amount="1220.00",
        currency="EUR",
    ),
    Sample(
        "polish_table",
        "payable",
        """
Faktura VAT nr FV/12/03/2026
Data wystawienia: 12.03.2026        Data sprzedaży: 12.03.2026
Sprzedawca                          Nabywca
Kowalski Sp. z o.o.                 ABC Handel S.A.
ul. Polna 3                         ul. Długa 7
00-001 Warszawa                     31-147 Kraków
NIP: 5260250274                     NIP: 5260305408
Lp. Nazwa           Ilość  Cena netto   Wartość netto  VAT   Kwota VAT  Wartość brutto
1   Usługa              1    1 000,00        1 000,00  23%      230,00        1 230,00
    Razem                                    1 000,00           230,00        1 230,00
Do zapłaty: 1 230,00 PLN
Sposób zapłaty: przelew     Termin płatności: 26.03.2026
Nr konta: PL61 1090 1014 0000 0712 1981 2874
""",
        number="FV/12/03/2026",
        account="PL61109010140000071219812874",
        amount="1230.00",
        currency="PLN",
    ),
    Sample(
        "swedish",
        "payable",
        """
# Faktura
Svensson Bygg AB                       Fakturanr        10234
Storgatan 1                            Fakturadatum     2026-03-10
111 22 Stockholm                       Förfallodatum    2026-04-09
                                       Kundnr           77
Artikel            Antal   À-pris    Belopp
Arbete                10   100,00   1 000,00
Netto                                1 000,00
Moms 25%                               250,00
Att betala                       SEK 1 250,00
Bankgiro 123-4567
IBAN SE45 5000 0000 0583 9825 7466   BIC ESSESESS
Org.nr 556012-5790  Momsreg.nr SE556012579001
""",
        number="10234",
        account="SE4550000000058398257466",
        amount="1250.00",
        currency="SEK",
    ),
    Sample(
        "danish",
        "payable",
        """
Hansen VVS ApS                          Faktura nr. 5501
Nørregade 4                             Fakturadato: 10-03-2026
5000 Odense C                           Forfaldsdato: 24-03-2026
CVR 13585628
Beskrivelse         Antal   Pris      Beløb
Arbejde                10   100,00  1.000,00
Subtotal                            1.000,00
Moms 25%                              250,00
Total DKK                           1.250,00
IBAN DK50 0040 0440 1162 43
""",
        number="5501",
        account="DK5000400440116243",
        amount="1250.00",
        currency="DKK",
    ),
    Sample(
        "portuguese",
        "payable",
        """
Padaria Central Lda
NIF 501964843
# Fatura FT 2026/15
Data: 10/03/2026    Vencimento: 09/04/2026
Exmo(s) Sr(s)
Cliente Exemplo SA
Total ilíquido        100,00
IVA 23%                23,00
Total a pagar        123,00 EUR
IBAN PT50 0002 0123 1234 5678 9015 4
""",
        number="FT 2026/15",
        account="PT50000201231234567890154",
        amount="123.00",
        currency="EUR",
    ),
    Sample(
        "british",
        "payable",
        """
Smith & Co Ltd
10 High Street
London SW1A 1AA
VAT Reg No: GB 980 7806 84
# INVOICE
Invoice No: INV-2026-009           Date: 03/04/2026
Due Date: 03/05/2026
Bill To: Acme Trading Ltd
Description          Qty    Unit     Amount
Consultancy            5   100.00    500.00
Subtotal                           £500.00
VAT @ 20%                          £100.00
Total Due                          £600.00
Please pay by bank transfer: Sort code 60-16-13 Account 31926819
IBAN GB29 NWBK 6016 1331 9268 19
""",
        number="INV-2026-009",
        account="GB29NWBK60161331926819",
        amount="600.00",
        currency="GBP",
    ),
    Sample(
        "german_cash_discount",
        "payable",
        """
Max Bauer GmbH - Hauptstr. 1 - 10115 Berlin

Firma
Kunde AG
Nebenweg 2
20095 Hamburg
                                               Rechnungsnummer: R-2026-77
                                               Datum: 10.03.2026
                                               Kundennummer: 4455
# Rechnung
Pos  Bezeichnung          Menge   Einzelpreis   Gesamtpreis
1    Beratung                10        100,00      1.000,00
                                 Zwischensumme    1.000,00 €
                                 zzgl. 19% MwSt.    190,00 €
                                 Gesamtbetrag     1.190,00 €
Zahlbar innerhalb von 30 Tagen ohne Abzug, bei Zahlung innerhalb 10 Tagen 2% Skonto (23,80 €).
Zahlbetrag bei Skonto: 1.166,20 €
Bankverbindung: Commerzbank, IBAN DE89 3704 0044 0532 0130 00, BIC COBADEFFXXX
USt-IdNr. DE136695976
""",
        number="R-2026-77",
        account="DE89370400440532013000",
        amount="1190.00",
        currency="EUR",
    ),
    Sample(
        "german_two_accounts",
        "doubtful",
        """
Max Bauer GmbH
# Rechnung Nr. R-2026-78
Datum: 10.03.2026
Nettobetrag      1.000,00 €
MwSt. 19%          190,00 €
Rechnungsbetrag  1.190,00 €
Commerzbank IBAN DE89 3704 0044 0532 0130 00
Deutsche Bank IBAN DE02 1203 0000 0000 2020 51
""",
        number="R-2026-78",
        amount="1190.00",
        currency="EUR",
    ),
    Sample(
        "german_new_account",
        "doubtful",
        """
Max Bauer GmbH
# Rechnung Nr. R-2026-79
Datum: 10.03.2026
Nettobetrag      1.000,00 €
MwSt. 19%          190,00 €
Rechnungsbetrag  1.190,00 €
Bitte beachten Sie unsere neue Bankverbindung!
IBAN DE89 3704 0044 0532 0130 00
""",
        number="R-2026-79",
    ),
    Sample(
        "german_reminder",
        "not_payable",
        """
Max Bauer GmbH
# 1. Mahnung
zur Rechnung Nr. R-2026-78 vom 10.03.2026
Offener Betrag   1.190,00 €
Mahngebühr           5,00 €
Zu zahlen        1.195,00 €
IBAN DE89 3704 0044 0532 0130 00
""",
    ),
    Sample(
        "german_table_of_numbers",
        "payable",
        """
Max Bauer GmbH
# Rechnung
Rechnungs-Nr.   Lieferschein-Nr.   Auftrags-Nr.   Kunden-Nr.   Datum
R-2026-80       L-5512             A-9981         4455         10.03.2026
Position      Netto     MwSt     Brutto
Ware         100,00    19,00     119,00
Summe        100,00    19,00     119,00 EUR
Zahlung per Überweisung auf IBAN DE89 3704 0044 0532 0130 00
Steuernummer 12/345/67890
""",
        number="R-2026-80",
        account="DE89370400440532013000",
        amount="119.00",
        currency="EUR",
    ),
    Sample(
        "order_confirmation",
        "not_payable",
        """
Holz Meier GmbH
# Auftragsbestätigung
Auftrags-Nr.: 99812         Datum: 10.03.2026
Rechnungsadresse: Kunde AG, Nebenweg 2, 20095 Hamburg
Nettobetrag      1.000,00 €
MwSt. 19%          190,00 €
Gesamtbetrag     1.190,00 €
IBAN DE89 3704 0044 0532 0130 00
""",
    ),
    Sample(
        "order_confirmation_in_small_print",
        "not_payable",
        """
Holz Meier GmbH
Auftragsbestätigung Nr. 99812
Datum: 10.03.2026
Nettobetrag      1.000,00 €
MwSt. 19%          190,00 €
Gesamtbetrag     1.190,00 €
Die Rechnung erhalten Sie separat.
IBAN DE89 3704 0044 0532 0130 00
""",
    ),
    Sample(
        "quote_in_small_print",
        "not_payable",
        """
Holz Meier GmbH
Angebot Nr. 99812 vom 10.03.2026
Nettobetrag      1.000,00 €
MwSt. 19%          190,00 €
Gesamtbetrag     1.190,00 €
Zahlbar 14 Tage nach Rechnungserhalt auf IBAN DE89 3704 0044 0532 0130 00
""",
    ),
    Sample(
        "instalments",
        "doubtful",
        """
Holz Meier GmbH
# Rechnung Nr. R1001
Datum: 10.03.2026
Nettobetrag      1.000,00 €
MwSt. 19%          190,00 €
Gesamtbetrag     1.190,00 €
Zu zahlen in zwei Raten:
Zu zahlen bis 10.04.2026     595,00 €
Zu zahlen bis 10.05.2026     595,00 €
IBAN DE89 3704 0044 0532 0130 00
""",
        number="R1001",
    ),
    Sample(
        "deposit_without_balance",
        "doubtful",
        """
Holz Meier GmbH
# Rechnung Nr. R1002
Nettobetrag      1.000,00 €
MwSt. 19%          190,00 €
Gesamtbetrag     1.190,00 €
abzgl. Anzahlung   500,00 €
IBAN DE89 3704 0044 0532 0130 00
""",
        number="R1002",
    ),
    Sample(
        "two_invoices_in_one_file",
        "doubtful",
        """
Holz Meier GmbH
# Rechnung Nr. R1002
Nettobetrag      1.000,00 €
MwSt. 19%          190,00 €
Gesamtbetrag     1.190,00 €
IBAN DE89 3704 0044 0532 0130 00
---
Holz Meier GmbH
# Rechnung Nr. R1003
Nettobetrag      2.000,00 €
MwSt. 19%          380,00 €
Gesamtbetrag     2.380,00 €
IBAN DE89 3704 0044 0532 0130 00
""",
    ),
    Sample(
        "account_to_collect_from",
        "not_payable",
        """
Stadtwerke Musterstadt GmbH
Rechnungsnummer: SW-2026-1       Rechnungsdatum: 01.02.2026
Nettobetrag      100,00 €
MwSt. 19%         19,00 €
Rechnungsbetrag  119,00 €
Den Betrag von 119,00 € buchen wir am 15.02.2026 von Ihrem Konto ab.
Ihre IBAN: DE89 3704 0044 0532 0130 00
""",
    ),
    Sample(
        "refund",
        "not_payable",
        """
Stadtwerke Musterstadt GmbH
# Ihre Jahresrechnung
Rechnungsnummer: SW-2026-1       Rechnungsdatum: 01.02.2026
Nettobetrag                100,00 €
MwSt. 19%                   19,00 €
Rechnungsbetrag            119,00 €
Bereits gezahlte Abschläge 200,00 €
Guthaben                   -81,00 €
Wir überweisen den Betrag auf Ihr Konto DE89 3704 0044 0532 0130 00
""",
    ),
    Sample(
        "carried_over_to_page_two",
        "payable",
        """
Holz Meier GmbH
# Rechnung Nr. R1009
Datum: 10.03.2026
Pos  Bezeichnung      Menge   Einzelpreis      Gesamt
1    Brett               10        100,00    1.000,00
                                 Übertrag    1.000,00
---
Rechnung Nr. R1009    Seite 2
                                 Übertrag    1.000,00
2    Balken              10        100,00    1.000,00
                              Nettosumme     2.000,00
                              MwSt. 19%        380,00
                              Gesamtbetrag   2.380,00 EUR
IBAN DE89 3704 0044 0532 0130 00
""",
        number="R1009",
        account="DE89370400440532013000",
        amount="2380.00",
    ),
    Sample(
        "statement_of_account",
        "not_payable",
        """
Smith & Co Ltd
# STATEMENT OF ACCOUNT
Date: 31/03/2026
Invoice No     Date          Amount      Balance
INV-1          01/03/2026    £100.00     £100.00
INV-2          15/03/2026    £200.00     £300.00
Balance due                              £300.00
IBAN GB29 NWBK 6016 1331 9268 19
""",
    ),
    Sample(
        "paid_stamp",
        "not_payable",
        """
Smith & Co Ltd
# INVOICE
# PAID
Invoice No: INV-7      Date: 13/04/2026
Subtotal    £500.00
VAT 20%     £100.00
Total       £600.00
IBAN GB29 NWBK 6016 1331 9268 19
""",
    ),
    Sample(
        "nothing_paid_yet",
        "payable",
        """
Smith & Co Ltd
# INVOICE
Invoice No: INV-8      Date: 13/04/2026
Subtotal       £500.00
VAT 20%        £100.00
Total          £600.00
Amount Paid      £0.00
Balance Due    £600.00
IBAN GB29 NWBK 6016 1331 9268 19
""",
        number="INV-8",
        account="GB29NWBK60161331926819",
        amount="600.00",
    ),
    Sample(
        "balance_zero",
        "not_payable",
        """
Smith & Co Ltd
# INVOICE
Invoice No: INV-8      Date: 13/04/2026
Subtotal       £500.00
VAT 20%        £100.00
Total          £600.00
Amount Paid    £600.00
Balance Due      £0.00
IBAN GB29 NWBK 6016 1331 9268 19
""",
    ),
    Sample(
        "quotation_in_small_print",
        "not_payable",
        """
Smith & Co Ltd
QUOTATION Q-55
Date: 13/04/2026
Subtotal       £500.00
VAT 20%        £100.00
Total          £600.00
IBAN GB29 NWBK 6016 1331 9268 19
""",
    ),
    Sample(
        "charged_to_card",
        "not_payable",
        """
Cloud Hosting Ltd
# Invoice
Invoice number: 99-1      Invoice date: 13 April 2026
Subtotal       £500.00
VAT 20%        £100.00
Total          £600.00
Charged to card ending in 4242 on 13 April 2026
IBAN GB29 NWBK 6016 1331 9268 19
""",
    ),
    Sample(
        "french_instalments",
        "doubtful",
        """
Assurances Lion SA
# FACTURE N° 5500
Date : 01/03/2026
Total HT       1 000,00 €
TVA 20 %         200,00 €
Total TTC      1 200,00 €
Échéancier
01/04/2026   Montant à payer   600,00 €
01/05/2026   Montant à payer   600,00 €
IBAN : FR76 3000 6000 0112 3456 7890 189
""",
    ),
    Sample(
        "french_previous_balance",
        "payable",
        """
Menuiserie Lion SA
# FACTURE N° 5501
Date : 01/03/2026
Total HT         1 000,00 €
TVA 20 %           200,00 €
Total TTC        1 200,00 €
Solde antérieur    150,00 €
Total à payer    1 350,00 €
IBAN : FR76 3000 6000 0112 3456 7890 189
""",
        number="5501",
        amount="1350.00",
    ),
    Sample(
        "french_factor",
        "doubtful",
        """
Menuiserie Lion SA
# FACTURE N° 5502
Date : 01/03/2026
Total HT         1 000,00 €
TVA 20 %           200,00 €
Total TTC        1 200,00 €
Net à payer      1 200,00 €
Pour être libératoire, votre règlement doit être effectué directement à FACTO SA, subrogée dans nos droits.
IBAN : FR76 3000 6000 0112 3456 7890 189
""",
    ),
    Sample(
        "french_without_vat",
        "payable",
        """
Julie Martin - Graphiste
5 rue Verte, 31000 Toulouse
SIRET 732 829 320 00074

Facture n° 2026-03                                   Toulouse, le 5 mars 2026

Client : Agence Bleue, 3 place Wilson, 31000 Toulouse

Prestation                                  Montant
Création de logo                           600,00 €
Carte de visite                            250,00 €
Total                                      850,00 €
TVA non applicable, art. 293 B du CGI
Paiement par virement sous 30 jours : IBAN FR76 3000 6000 0112 3456 7890 189
""",
        number="2026-03",
        account="FR7630006000011234567890189",
        amount="850.00",
    ),
    Sample(
        "french_rib_alone",
        "payable",
        """
Menuiserie Lion SA
# FACTURE N° 5503
Date : 01/03/2026
Total HT         1 000,00 €
TVA 20 %           200,00 €
Total TTC        1 200,00 €
RIB : 30006 00001 12345678901 89
""",
        number="5503",
        account="FR7630006000011234567890189",
    ),
    Sample(
        "french_total_with_tax",
        "payable",
        """
SYNDIC IMMO SARL                              FACTURE
1 rue X                                       N° FC-2026-118
75002 PARIS                                   du 12/03/2026

                                              Monsieur DUPONT
                                              3 rue Y
                                              75003 PARIS

Désignation                              Montant TTC
Honoraires                                     80,42
TVA 20%                                        16,08
TOTAL TTC A REGLER                             96,50 €
Conditions de règlement : à réception par virement
Code banque  Code guichet  N° de compte  Clé
30006        00001         12345678901   89
IBAN FR76 3000 6000 0112 3456 7890 189    BIC AGRIFRPP
""",
        number="FC-2026-118",
        account="FR7630006000011234567890189",
        amount="96.50",
    ),
    Sample(
        "dutch_club",
        "payable",
        """
Sportvereniging De Bal
Factuur
Factuurnummer : 20260045
Datum         : 1 maart 2026
Vervaldatum   : 31 maart 2026

Omschrijving                    Bedrag
Contributie                  €   50,00

Totaal exclusief BTW         €   50,00
21% BTW                      €   10,50
Totaal inclusief BTW         €   60,50

Gelieve het totaalbedrag van € 60,50 voor 31 maart over te maken op NL91 ABNA 0417 1643 00.
""",
        number="20260045",
        account="NL91ABNA0417164300",
        amount="60.50",
    ),
    Sample(
        "belgian",
        "payable",
        """
Peeters BV                                     FACTUUR
Kerkstraat 1                                   Nr. VF2026/118
2000 Antwerpen                                 Datum 12/03/2026
BE 0403.019.261                                Vervaldag 11/04/2026

Aan: Janssens NV
Grote Markt 1
3000 Leuven

Omschrijving          Aantal    Prijs    Totaal
Levering                   1   100,00    100,00
Maatstaf van heffing                     100,00
BTW 21%                                   21,00
Te betalen                            121,00 EUR
Gestructureerde mededeling: +++090/9337/55493+++
IBAN BE68 5390 0754 7034  BIC TRIOBEBB
""",
        number="VF2026/118",
        account="BE68539007547034",
        amount="121.00",
    ),
    Sample(
        "finnish_table",
        "payable",
        """
Sähkö Oy                                        LASKU                   Sivu 1
PL 100                                          Laskunumero             1002003
00101 HELSINKI                                  Laskun pvm              1.3.2026
                                                Asiakasnro              88771
Matti Meikäläinen                               Viitteemme
Esimerkkikatu 1                                 Maksuehto               14 pv
00200 HELSINKI                                  Eräpäivä                15.3.2026

Kuvaus                         Veroton     ALV%       Vero     Verollinen
Sähkön siirto                   150,00     24,0      36,00         186,00
Yhteensä EUR                    150,00               36,00         186,00

Saajan          IBAN                           BIC
tilinumero      FI21 1234 5600 0007 85         NDEAFIHH
Saaja           Sähkö Oy                       Viitenro    1232
Maksaja         Matti Meikäläinen              Eräpäivä    15.3.2026      Euro   186,00
""",
        number="1002003",
        account="FI2112345600000785",
        amount="186.00",
    ),
    Sample(
        "finnish_wrong_account",
        "doubtful",
        """
Sähkö Oy
# LASKU
Laskun numero 1002004
Veroton yhteensä 150,00
Alv 36,00
Yhteensä 186,00 EUR
Nordea FI21 1234 5600 0007 85
OP FI56 5000 0120 0002 37
""",
    ),
    Sample(
        "czech_columns",
        "payable",
        """
FAKTURA - DAŇOVÝ DOKLAD                                Faktura číslo:  2026000123

Dodavatel                                 Odběratel
ABC Servis s.r.o.                         XYZ Obchod s.r.o.
Nová 1                                    Stará 2
150 00 Praha 5                            612 00 Brno
IČ 25596641   DIČ CZ25596641              IČ 00177041   DIČ CZ00177041

Způsob úhrady: převodem                   Datum vystavení: 01.03.2026
Číslo účtu: 19-2000145399/0800            Datum splatnosti: 15.03.2026
IBAN: CZ6508000000192000145399            DUZP: 01.03.2026
Variabilní symbol: 2026000123             Konstantní symbol: 0308

Text                      Počet   Cena/ks      Bez DPH    DPH %       DPH        Celkem
Servis                        2  1 000,00     2 000,00       21    420,00      2 420,00

Rekapitulace DPH
Sazba       Základ       DPH       Celkem
21 %      2 000,00    420,00     2 420,00

Celkem k úhradě:                                        2 420,00 CZK
""",
        number="2026000123",
        account="CZ6508000000192000145399",
        amount="2420.00",
        currency="CZK",
    ),
    Sample(
        "czech_deposit",
        "payable",
        """
# Faktura č. 2026000124
Datum vystavení: 01.03.2026   Datum splatnosti: 15.03.2026
Celkem bez DPH          2 000,00 Kč
DPH 21 %                  420,00 Kč
Celkem s DPH            2 420,00 Kč
Zaplacená záloha       -1 000,00 Kč
Zbývá uhradit           1 420,00 Kč
Způsob platby: bankovním převodem
IBAN: CZ6508000000192000145399
""",
        number="2026000124",
        amount="1420.00",
        currency="CZK",
    ),
    Sample(
        "spanish_totals_under_headings",
        "payable",
        """
EMPRESA EJEMPLO SL                                  FACTURA
C/ Mayor 1                                          Número: A/2026/55
28001 Madrid                                        Fecha: 01/03/2026
NIF B58378431

CLIENTE
Comercial Norte SA
Av. Libertad 5
48001 Bilbao
NIF A58818501

Ref   Concepto                 Uds    Precio    Importe
1     Servicio                   1    100,00     100,00

Base imponible       % IVA      Cuota IVA       TOTAL FACTURA
      100,00           21         21,00           121,00 €
Forma de pago: Transferencia a 30 días
Vencimiento: 31/03/2026
Cuenta: ES91 2100 0418 4502 0005 1332
""",
        number="A/2026/55",
        account="ES9121000418450200051332",
        amount="121.00",
    ),
    Sample(
        "italian_withholding",
        "payable",
        """
Avv. Mario Verdi
PARCELLA N. 12/2026 del 10/03/2026
Compenso                             1.000,00
Imponibile                           1.000,00
IVA 22%                                220,00
Totale parcella                      1.220,00
Ritenuta d'acconto 20%                -200,00
Netto a pagare                     € 1.020,00
IBAN IT60X0542811101000000123456
""",
        number="12/2026",
        account="IT60X0542811101000000123456",
        amount="1020.00",
    ),
    Sample(
        "no_account",
        "doubtful",
        """
# INVOICE
Invoice number 5
Total due $120.00
""",
    ),
    Sample(
        "letter",
        "not_payable",
        """
Sehr geehrter Herr Meier,
anbei erhalten Sie unsere Unterlagen. Der Jahresbeitrag beträgt 100,00 EUR.
Unsere IBAN lautet DE89 3704 0044 0532 0130 00.
Gesamtbetrag 100,00 EUR
""",
    ),
    Sample(
        "receipt",
        "not_payable",
        """
Holz Meier GmbH
# Quittung
Nr. 55      Datum 10.03.2026
Gesamtbetrag   119,00 €
Betrag dankend erhalten
IBAN DE89 3704 0044 0532 0130 00
""",
    ),
    Sample(
        "in_cash",
        "not_payable",
        """
Holz Meier GmbH
# Rechnung 556
Datum 10.03.2026
Nettobetrag    100,00 €
MwSt. 19%       19,00 €
Gesamtbetrag   119,00 €
Zahlungsart: Bar
IBAN DE89 3704 0044 0532 0130 00
""",
    ),
    Sample(
        "german_small",
        "payable",
        """
Holz Meier GmbH
# Rechnung R-1
Datum 10.03.2026
Nettobetrag    100,00 €
MwSt. 19%       19,00 €
Gesamtbetrag   119,00 €
Zahlungsart: Überweisung
IBAN DE89 3704 0044 0532 0130 00
""",
        number="R-1",
    ),
    Sample(
        "american",
        "doubtful",
        """
Acme Inc.
# INVOICE
Invoice #      1001
Date           03/04/2026
Due            04/03/2026
Subtotal   $1,000.00
Tax           $80.00
Total      $1,080.00
Routing 021000021 Account 123456789
""",
        number="1001",
    ),
    Sample(
        "swiss_with_euro_value",
        "payable",
        """
Muster AG
# Rechnung Nr. 881
Datum: 10.03.2026
Netto                    CHF 100.00
MwSt 8.1%                CHF   8.10
Total inkl. MwSt         CHF 108.10
Gegenwert EUR 112.00
IBAN CH93 0076 2011 6238 5295 7
""",
        amount="108.10",
        currency="CHF",
    ),
    Sample(
        "totals_of_parts_only",
        "doubtful",
        """
Muster AG
# Rechnung Nr. 882
Datum: 10.03.2026
Total Position 1     CHF 100.00
Total Position 2     CHF  50.00
IBAN CH93 0076 2011 6238 5295 7
""",
    ),
    Sample(
        "totals_in_a_row_under_headings",
        "payable",
        """
Mill Works Ltd                                     Invoice no    2026/0041
# Invoice                                          Due date      20/12/2026

Item                          Qty        Price        VAT %      Amount
White paint                     2        10.00        20 %        20.00
Shelf, solid oak                1        80.00        20 %        80.00

Net total               VAT total               Gross total
100.00 GBP              20.00 GBP               120.00 GBP

Payee
Mill Works Ltd
IBAN GB29 NWBK 6016 1331 9268 19
""",
        number="2026/0041",
        account="GB29NWBK60161331926819",
        amount="120.00",
        currency="GBP",
    ),
    Sample(
        "wrong_sum_in_a_row_under_headings",
        "doubtful",
        """
Mill Works Ltd                                     Invoice no    2026/0042
# Invoice                                          Due date      20/12/2026

Net total               VAT total               Gross total            Amount due
100.00 GBP              20.00 GBP               150.00 GBP             150.00 GBP

IBAN GB29 NWBK 6016 1331 9268 19
""",
        number="2026/0042",
        account="GB29NWBK60161331926819",
    ),
    Sample(
        "french_wrong_sum",
        "doubtful",
        """
Jardins Dupuis SA
# FACTURE F2026-0030
Date : 11 novembre 2026
Total HT                8 504,63 EUR
TVA à 21 %                949,34 EUR
TVA à 6 %                 239,04 EUR
Montant TTC             9 783,01 EUR
Montant à payer         9 783,01 EUR
IBAN FR76 3000 6000 0112 3456 7890 189
""",
        number="F2026-0030",
        account="FR7630006000011234567890189",
    ),
    Sample(
        "french_vat_table_beside_the_totals",
        "payable",
        """
Menuiserie Dupuis SA
# Facture F2026-0645
Date : 03/11/2026
TVA %        Base HT    Montant TVA          Total hors taxes          2 472,36 €
10 %          740,00          74,00          TVA à 10 %                   74,00 €
5,5 %       1 732,36          95,28          TVA à 5,5 %                  95,28 €
                                             Total toutes taxes comprises   2 641,64 €
                                             Acompte déjà réglé          -792,49 €
                                             Net à payer                1 849,15 €
IBAN FR76 3000 6000 0112 3456 7890 189
""",
        number="F2026-0645",
        account="FR7630006000011234567890189",
        amount="1849.15",
        currency="EUR",
    ),
    Sample(
        "english_brought_forward",
        "payable",
        """
Mill Works Ltd
# Invoice 4711
Item                     Amount
Paint                    100.00
Carried over             100.00
---
Invoice 4711
Brought forward          100.00
Shelf                    100.00
Net total               £200.00
VAT 20%                  £40.00
Total incl. VAT         £240.00
IBAN GB29 NWBK 6016 1331 9268 19
""",
        number="4711",
        account="GB29NWBK60161331926819",
        amount="240.00",
        currency="GBP",
    ),
    Sample(
        "purchase_order_named_in_small_print",
        "payable",
        """
Jardins Dupuis SA
N° de facture INV-00644
Date : 17 novembre 2026
Bon de commande: PO-24240
Total hors taxes        100,00 €
TVA à 20 %               20,00 €
Montant TTC             120,00 €
IBAN FR76 3000 6000 0112 3456 7890 189
""",
        number="INV-00644",
        account="FR7630006000011234567890189",
        amount="120.00",
        currency="EUR",
    ),
    Sample(
        "heading_that_runs_into_the_name",
        "not_payable",
        """
# Papierhandel Auer KG Zahlungserinnerung
Rechnung Nr.: 2600110                 Fällig am: 01.03.2026
Gesamt netto            100,00 EUR
Umsatzsteuer 19 %        19,00 EUR
Bruttobetrag            119,00 EUR
IBAN DE89 3704 0044 0532 0130 00
""",
    ),
    Sample(
        "paid_in_a_sentence",
        "not_payable",
        """
Papierhandel Auer KG
# Rechnung Nr. 2600111
Gesamt netto            100,00 EUR
Umsatzsteuer 19 %        19,00 EUR
Bruttobetrag            119,00 EUR
Betrag per Kreditkarte dankend erhalten. Es ist keine Zahlung fällig.
IBAN DE89 3704 0044 0532 0130 00
""",
    ),
    Sample(
        "table_of_rates_with_its_sum_last",
        "payable",
        """
Auer Warenhandel GmbH                              Beleg-Nr : R8765432
WARENRECHNUNG                                      Beleg-Datum : 06.08.2013

 Warenwert    Nettobetrag    MwSt-Betrag    MwSt-%    Endbetrag
    326,50         321,40          61,07      19,0       382,47
    130,70         127,59           8,93       7,0       136,52

    457,20         448,99          70,00       EUR       518,99
IBAN DE89 3704 0044 0532 0130 00
""",
        number="R8765432",
        account="DE89370400440532013000",
        amount="518.99",
        currency="EUR",
    ),
    Sample(
        "larger_sum_without_a_name_below",
        "doubtful",
        """
Auer Warenhandel GmbH
# Rechnung Nr. R8765433
Nettobetrag    100,00 EUR
MwSt. 19%       19,00 EUR
Endbetrag      119,00 EUR
19.08.2013     219,00 EUR
IBAN DE89 3704 0044 0532 0130 00
""",
        number="R8765433",
    ),
)
