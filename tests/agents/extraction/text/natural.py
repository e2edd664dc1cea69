"""Invoices in the words and layouts that are common in their countries, drawn without looking at the lexicons."""

from tests.agents.extraction.text.samples import Sample

NATURAL = (
    Sample(
        "nl_kpn",
        "not_payable",
        """
KPN B.V.                                                        Pagina 1 van 2
Postbus 30000                                                   Klantnummer      1023456789
2500 GA Den Haag                                                Factuurnummer    9912345678
                                                                Factuurdatum     12 maart 2026
J. de Boer
Dorpsstraat 12
1234 AB Amersfoort

Uw factuur van maart

Abonnementen                                                    € 45,00
Gesprekskosten                                                  € 3,50
Totaal te betalen                                               € 48,50
waarvan btw 21%                                                 € 8,42

We schrijven dit bedrag omstreeks 26 maart af van rekening NL91 ABNA 0417 1643 00.
""",
    ),
    Sample(
        "nl_ziggo_transfer",
        "payable",
        """
Glasnet Nederland B.V.                                  Factuur
Postbus 43048
3540 AA Utrecht

Dhr. P. Jansen                                          Datum            03-02-2026
Laan van Meerdervoort 100                               Factuurnummer    3021 4455 66
2517 AN Den Haag                                        Klantnummer      8812345
                                                        Betalingskenmerk 4000 0123 4567 8901

Omschrijving                        Periode                 Excl. btw     Incl. btw
Internet & TV Max                   1 feb t/m 28 feb            41,28         49,95
Huur mediabox                       1 feb t/m 28 feb             4,13          5,00
Subtotaal                                                       45,41         54,95
BTW 21% over € 45,41                                                         € 9,54
Totaal te betalen                                                           € 54,95

Wilt u het bedrag van € 54,95 voor 17-02-2026 overmaken op rekening NL91ABNA0417164300
t.n.v. Glasnet Nederland B.V. o.v.v. betalingskenmerk 4000 0123 4567 8901.
""",
        number="3021 4455 66",
        account="NL91ABNA0417164300",
        amount="54.95",
        currency="EUR",
    ),
    Sample(
        "nl_zzp_stacked",
        "payable",
        """
                                                   Studio Noord
                                                   Oudegracht 1
                                                   3511 AB Utrecht
                                                   KvK-nummer 61234567
                                                   BTW-id NL001234567B01
                                                   NL91 ABNA 0417 1643 00
Gemeente Rotterdam
T.a.v. Crediteurenadministratie
Coolsingel 40
3011 AD Rotterdam

# Factuur 2026-019

Factuurdatum      Vervaldatum       Uw referentie
04-03-2026        03-04-2026        PO 88123

Aantal   Omschrijving                           Tarief        Totaal
   8     Ontwerpuren maart                     € 85,00      € 680,00
   1     Reiskosten                            € 24,50       € 24,50

                              Subtotaal                      € 704,50
                              21% btw                        € 147,95
                              Te betalen                     € 852,45

We verzoeken je vriendelijk om het bovenstaande bedrag binnen 30 dagen te voldoen.
""",
        number="2026-019",
        account="NL91ABNA0417164300",
        amount="852.45",
        currency="EUR",
    ),
    Sample(
        "nl_btw_verlegd",
        "payable",
        """
Staalbouw Twente B.V.
Fabrieksweg 3, 7556 BN Hengelo
Tel. 074-1234567  info@staalbouwtwente.nl
IBAN NL91ABNA0417164300  BIC ABNANL2A
KvK 06012345  BTW NL123456782B12

VERKOOPFACTUUR

Bouwbedrijf Berg B.V.                  Factuurnummer : 26700123
Postbus 10                             Factuurdatum  : 10-02-26
7000 AA Doetinchem                     Debiteurnr.   : 10045
BTW-nr: NL001234567B01                 Onze ref.     : P-4410

Omschrijving                                  Bedrag
Levering en montage staalconstructie       12.500,00
Totaal exclusief BTW                       12.500,00
BTW verlegd 0%                                  0,00
Totaal factuurbedrag EUR                   12.500,00

BTW verlegd naar NL001234567B01.
Betaling binnen 30 dagen na factuurdatum.
""",
        number="26700123",
        account="NL91ABNA0417164300",
        amount="12500.00",
        currency="EUR",
    ),
    Sample(
        "nl_be_factuur",
        "payable",
        """
Drukkerij Peeters BVBA
Kerkstraat 8
9000 Gent
BTW BE 0403.019.261  RPR Gent
IBAN BE68 5390 0754 7034   BIC GKCCBEBB

FACTUUR nr. 2026/143                           Datum: 28/02/2026
                                               Vervaldag: 30/03/2026
Klant: 10233
VZW De Vrienden
Stationsplein 2
9300 Aalst
                          Aantal    Eenheidsprijs    Bedrag
Flyers A5                  5000          0,04        200,00
Affiches A2                 100          1,50        150,00

Maatstaf van heffing      BTW %      BTW bedrag
350,00                    21,00          73,50
                                       TE BETALEN      423,50 EUR

Gelieve te betalen met vermelding van +++090/9337/55493+++
Onze algemene verkoopsvoorwaarden zijn van toepassing.
""",
        number="2026/143",
        account="BE68539007547034",
        amount="423.50",
        currency="EUR",
    ),
    Sample(
        "nl_energy",
        "doubtful",
        """
Vattenfall Energie                      Jaarnota
Klantnummer 1234567890                  Notanummer 550012345
Datum 15 januari 2026

Stroom                                           € 1.020,00
Gas                                              € 1.480,00
Totale kosten incl. btw                          € 2.500,00
In rekening gebrachte termijnbedragen            € 2.280,00 -
U betaalt nog                                    €   220,00

Betaal dit bedrag voor 5 februari op NL91ABNA0417164300.
Nieuw termijnbedrag vanaf februari: € 212,00
""",
    ),
    Sample(
        "nl_offerte",
        "not_payable",
        """
Schildersbedrijf Kok
# Offerte OF-2026-11
Datum 01-02-2026   Geldig tot 01-03-2026
Totaal excl. btw € 1.000,00
Btw 21%   € 210,00
Totaal incl. btw € 1.210,00
Bij akkoord ontvangt u een factuur. IBAN NL91ABNA0417164300
""",
    ),
    Sample(
        "nl_herinnering",
        "not_payable",
        """
Schildersbedrijf Kok
Betreft: betalingsherinnering factuur 2026-11
Geachte heer, mevrouw,
Volgens onze administratie staat onderstaande factuur nog open:
Factuurnummer    Datum        Vervaldatum    Openstaand bedrag
2026-11          01-01-2026   31-01-2026     € 1.210,00
Wij verzoeken u dit bedrag binnen 7 dagen over te maken op IBAN NL91ABNA0417164300.
""",
    ),
    Sample(
        "fi_visma",
        "payable",
        """
Konepaja Lahtinen Oy                                 LASKU                       1 (1)
Tehtaankatu 7
15110 LAHTI                                          Päivämäärä      12.1.2026
                                                     Laskun nro      10452
                                                     Eräpäivä        26.1.2026
Rakennuspalvelu Koski Oy                             Viitteemme      M. Lahtinen
PL 33                                                Viitteenne      Tilaus 4500123
33101 TAMPERE                                        Maksuehto       14 päivää netto
                                                     Viivästyskorko  11,5 %

Koodi   Nimike                     Määrä   Yks   á hinta   Alv %      Yhteensä
100     Hitsaustyö                  10,00   h      60,00    25,5        600,00
200     Teräslevy                    4,00  kpl     45,25    25,5        181,00

Verollinen yhteensä          Veroton yhteensä          Alv yhteensä
980,16                       781,00                    199,16

Maksettava                                                       980,16 EUR

IBAN FI21 1234 5600 0007 85    BIC NDEAFIHH
Viitenumero  10 45203                                 Y-tunnus 2077474-0  Alv-rek.
""",
        number="10452",
        account="FI2112345600000785",
        amount="980.16",
        currency="EUR",
    ),
    Sample(
        "fi_sahko",
        "payable",
        """
Pohjolan Sähkö Oy                            SÄHKÖLASKU
Asiakaspalvelu 0800 12345
                                             Laskun numero    700123456
Matti Meikäläinen                            Laskun pvm       05.02.2026
Kotikatu 3 A 4                               Asiakasnumero    4455667
90100 OULU                                   Käyttöpaikka     643007570012345678

Laskutuskausi 01.01.2026 - 31.01.2026
Energia 1 200 kWh                 8,50 snt/kWh              102,00
Perusmaksu                                                    4,90
Sähkövero                                                    33,48
Yhteensä sis. alv 25,5 %                                    140,38 EUR

Maksettava viimeistään 19.02.2026                           140,38 EUR

Saaja: Pohjolan Sähkö Oy
Tilinumero: FI21 1234 5600 0007 85  NDEAFIHH
Viite: 7 00123 45672
""",
        number="700123456",
        account="FI2112345600000785",
        amount="140.38",
        currency="EUR",
    ),
    Sample(
        "fi_giro",
        "payable",
        """
Tmi Puutarhapalvelu Niemi                        Lasku 2026-7
Koivukuja 2, 02600 Espoo
Asiakas: Taloyhtiö Aurinko
Pvm 1.3.2026    Eräpäivä 15.3.2026

Nurmikon hoito               300,00
ALV 25,5 %                    76,50
Yhteensä EUR                 376,50

Saajan        IBAN                            BIC
tilinumero    FI21 1234 5600 0007 85          NDEAFIHH
Saaja         Tmi Puutarhapalvelu Niemi
Maksaja       Taloyhtiö Aurinko
                                    Viitenro        1 00207
                                    Eräpäivä        15.3.2026      Euro     376,50
""",
        number="2026-7",
        account="FI2112345600000785",
        amount="376.50",
        currency="EUR",
    ),
    Sample(
        "fi_hyvitys",
        "not_payable",
        """
Konepaja Lahtinen Oy                                 HYVITYSLASKU
Laskun nro      10455
Hyvitettävä lasku 10452
Veroton yhteensä   -100,00
Alv yhteensä        -25,50
Maksettava         -125,50 EUR
IBAN FI21 1234 5600 0007 85
""",
    ),
    Sample(
        "fi_tarjous",
        "not_payable",
        """
Konepaja Lahtinen Oy                                 TARJOUS
Tarjousnumero 55       Voimassa 31.3.2026
Veroton yhteensä    100,00
Alv 25,5 %           25,50
Yhteensä            125,50 EUR
IBAN FI21 1234 5600 0007 85
""",
    ),
    Sample(
        "fi_einvoice_direct",
        "not_payable",
        """
Lasku
Laskun numero 4455
Yhteensä 125,50 EUR
IBAN FI21 1234 5600 0007 85
Lasku veloitetaan tililtänne suoramaksuna 15.3.2026.
""",
    ),
    Sample(
        "fi_maksettu",
        "doubtful",
        """
Verkkokauppa Oy
Lasku 889
Yhteensä 125,50 EUR
Maksettu 15.3.2026 kortilla
IBAN FI21 1234 5600 0007 85
""",
    ),
    Sample(
        "cs_fakturoid",
        "payable",
        """
                                                     Faktura 2026-0042

DODAVATEL                                            ODBĚRATEL
Jan Dvořák                                           Kavárna Slunce s.r.o.
Husova 12                                            Náměstí Míru 1
602 00 Brno                                          120 00 Praha 2
IČO 12345679                                         IČO 25596641
Neplátce DPH                                         DIČ CZ25596641

Bankovní účet         19-2000145399/0800
Variabilní symbol     20260042
Způsob platby         Převodem
Datum vystavení       3. 3. 2026
Datum splatnosti      17. 3. 2026

                                              MNOŽSTVÍ      CENA ZA MJ        CENA
Tvorba webu                                         10       1 000,00    10 000,00
Hosting                                              1         500,00       500,00

                                              Celkem k úhradě         10 500,00 Kč
""",
        number="2026-0042",
        account="CZ6508000000192000145399",
        amount="10500.00",
        currency="CZK",
    ),
    Sample(
        "cs_idoklad",
        "payable",
        """
Faktura - daňový doklad                                                 20260015
Dodavatel                                     Odběratel
Stolařství Pokorný s.r.o.                     ACME Praha a.s.
Lesní 8                                       Vodičkova 20
466 01 Jablonec nad Nisou                     110 00 Praha 1
IČ: 25596641    DIČ: CZ25596641               IČ: 00177041    DIČ: CZ00177041

Banka: Česká spořitelna                       Variabilní symbol: 20260015
Číslo účtu: 19-2000145399/0800                Konstantní symbol: 0308
IBAN: CZ6508000000192000145399                Způsob úhrady: Bankovním převodem
SWIFT: GIBACZPX                               Datum vystavení: 02.02.2026
                                              Datum splatnosti: 16.02.2026
                                              Datum zdan. plnění: 02.02.2026

Název položky         Množství   Cena za MJ    Základ    Sazba       DPH      Celkem
Kuchyňská linka           1 ks    45 000,00  45 000,00   12 %   5 400,00   50 400,00
Doprava                   1 ks     1 000,00   1 000,00   21 %     210,00    1 210,00

Rekapitulace DPH         Základ        DPH        Celkem
Základní sazba 21 %     1 000,00     210,00     1 210,00
Snížená sazba 12 %     45 000,00   5 400,00    50 400,00
Celkem                 46 000,00   5 610,00    51 610,00

                                   Celkem k úhradě      51 610,00 CZK
""",
        number="20260015",
        account="CZ6508000000192000145399",
        amount="51610.00",
        currency="CZK",
    ),
    Sample(
        "cs_pohoda_eur",
        "payable",
        """
FAKTURA - DAŇOVÝ DOKLAD                              č.  260100123

Dodavatel:                                      Variabilní symbol:   260100123
Sklárna Nová, s.r.o.                            Konstantní symbol:   0308
Skelná 5                                        Objednávka č.:       OBJ2211
473 01 Nový Bor                                 ze dne:              01.02.2026
IČ:  25596641                                   Odběratel:    IČ:  00177041
DIČ: CZ25596641                                               DIČ: CZ00177041
Telefon:  487 000 000                           Hotel Europa, a.s.
                                                Nádražní 3
Číslo účtu:  2000145399 / 0800                  110 00 Praha
Forma úhrady:        Příkazem
Datum vystavení:     05.02.2026
Datum splatnosti:    19.02.2026
Datum uskutečnění plnění: 05.02.2026

Označení dodávky          Množství   J.cena   Sleva   Cena   %DPH    DPH    Kč Celkem
Sklenice                       100    80,00           8 000,00  21%  1 680,00   9 680,00

Součet položek                                      8 000,00      1 680,00      9 680,00
CELKEM K ÚHRADĚ                                                                 9 680,00
Rekapitulace DPH v Kč:   Základ v Kč    Sazba   DPH v Kč   Celkem s DPH v Kč
                            8 000,00      21%   1 680,00            9 680,00
""",
        number="260100123",
        account=None,
        amount="9680.00",
        currency="CZK",
    ),
    Sample(
        "cs_vyuctovani",
        "not_payable",
        """
Energie a.s.
Vyúčtování záloh - daňový doklad č. 8812345678
Celková částka s DPH   12 000,00 Kč
Zaplacené zálohy      -13 000,00 Kč
Přeplatek              -1 000,00 Kč
Přeplatek Vám vrátíme na účet 19-2000145399/0800.
""",
    ),
    Sample(
        "cs_paid_card",
        "not_payable",
        """
Eshop Boty s.r.o.
Faktura č. 5501
Způsob úhrady: Platba kartou
Uhrazeno
Celkem k úhradě 0,00 Kč
Celkem s DPH 1 210,00 Kč
Číslo účtu 19-2000145399/0800
""",
    ),
    Sample(
        "cs_upominka",
        "not_payable",
        """
Stolařství Pokorný s.r.o.
Upomínka
Dovolujeme si Vás upozornit, že nebyla uhrazena faktura č. 20260015 ve výši 1 210,00 Kč.
IBAN: CZ6508000000192000145399
""",
    ),
    Sample(
        "cs_dobropis",
        "not_payable",
        """
Stolařství Pokorný s.r.o.
Opravný daňový doklad č. 20260016
k faktuře č. 20260015
Celkem k úhradě -1 210,00 Kč
IBAN: CZ6508000000192000145399
""",
    ),
    Sample(
        "cs_dodaci_list",
        "not_payable",
        """
Stolařství Pokorný s.r.o.
Dodací list č. 20260016
Celkem 1 210,00 Kč
IBAN: CZ6508000000192000145399
""",
    ),
    Sample(
        "fr_sncf_services",
        "payable",
        """
SERVICES NETTOYAGE IDF
S.A.S. au capital de 150 000 €                                      Facture
14, avenue de la République                               N° de facture     FC00012458
93100 MONTREUIL                                           Date              31/01/2026
Tél. 01 48 00 00 00                                       Code client       C0004512
                                                          Page              1/1
                               SYNDICAT DES COPROPRIETAIRES
                               8 rue des Acacias
                               94300 VINCENNES

Désignation                               Quantité    P.U. HT    Montant HT   Tx TVA
Entretien parties communes janvier            1,00      480,00        480,00    20,00
Sortie des poubelles                          8,00       12,50        100,00    20,00

  Base HT    Taux    Montant TVA                       Total HT            580,00
   580,00   20,00 %       116,00                       Total TVA           116,00
                                                       Total TTC           696,00
                                                       Acomptes              0,00
                                                       Net à payer       696,00 €

Conditions de règlement : 30 jours fin de mois        Échéance : 28/02/2026
Mode de règlement : Virement bancaire
Domiciliation bancaire : CRCA PARIS
IBAN : FR76 3000 6000 0112 3456 7890 189    BIC : AGRIFRPPXXX
TVA acquittée sur les débits. Pas d'escompte pour paiement anticipé.
En cas de retard de paiement, pénalités de 3 fois le taux d'intérêt légal et indemnité forfaitaire de 40 €.
""",
        number="FC00012458",
        account="FR7630006000011234567890189",
        amount="696.00",
        currency="EUR",
    ),
    Sample(
        "fr_autoentrepreneur",
        "payable",
        """
Claire Fontaine - Graphiste
3 chemin des Vignes, 34000 Montpellier
SIRET 732 829 320 00074
                                              Facture n°2026-03-012
                                              Émise le 15 mars 2026
                                              À régler avant le 14 avril 2026
Client :
Association Les Amis du Livre
12 place de la Comédie
34000 Montpellier

Prestation                                          Montant
Création d'une affiche                                350 €
Déclinaison réseaux sociaux                           150 €

                                        Total à payer   500 €
TVA non applicable, art. 293 B du CGI

Paiement par virement : FR14 2004 1010 0505 0001 3M02 606 (PSSTFRPPPAR)
""",
        number="2026-03-012",
        account="FR1420041010050500013M02606",
        amount="500.00",
        currency="EUR",
    ),
    Sample(
        "fr_artisan_situation",
        "payable",
        """
ENTREPRISE MARTIN MAÇONNERIE
FACTURE DE SITUATION N° 3                                Réf. F2026-0098
Chantier : rénovation mairie                             Le 20/02/2026
Marché n° 2025-14

Montant total du marché HT                          100 000,00
Travaux exécutés cumulés HT                          60 000,00
Situations précédentes HT                            40 000,00
Montant de la situation HT                           20 000,00
TVA 20 %                                              4 000,00
Montant TTC                                          24 000,00
Retenue de garantie 5 %                               1 200,00
Net à payer                                          22 800,00 €
IBAN FR76 3000 6000 0112 3456 7890 189
""",
        account="FR7630006000011234567890189",
        amount="22800.00",
        currency="EUR",
    ),
    Sample(
        "fr_eau",
        "payable",
        """
Eau de la Vallée                                            VOTRE FACTURE D'EAU
Service clients 09 69 00 00 00                              Facture n° 2601 5588741
                                                            du 12/02/2026
Référence client 441-22587                                  Montant à payer 182,45 €
M. et Mme BERNARD                                           avant le 05/03/2026
4 allée des Tilleuls
38000 GRENOBLE

Distribution de l'eau                                       95,10
Collecte et traitement des eaux usées                       61,20
Organismes publics                                          16,64
Total HT                                                   172,94
TVA à 5,5 %                                                  9,51
Total TTC                                                  182,45 €

Pour payer par virement : IBAN FR14 2004 1010 0505 0001 3M02 606
en rappelant la référence 441-22587.
""",
        account="FR1420041010050500013M02606",
        amount="182.45",
        currency="EUR",
    ),
    Sample(
        "fr_honoraires",
        "payable",
        """
Maître Sophie LEROY
Avocat à la Cour
                                          NOTE D'HONORAIRES N° 2026-118
                                          Paris, le 3 mars 2026
Société ALPHA
Honoraires                                    1 500,00 €
Frais et débours                                 83,33 €
Total HT                                      1 583,33 €
TVA 20 %                                        316,67 €
Provision versée                             -  600,00 €
Solde restant dû TTC                          1 300,00 €
RIB : FR76 3000 6000 0112 3456 7890 189
""",
        number="2026-118",
        account="FR7630006000011234567890189",
        amount="1300.00",
        currency="EUR",
    ),
    Sample(
        "sv_foretag",
        "payable",
        """
Snickeri Berg AB                                        Faktura
Verkstadsgatan 4                                        Fakturanr        10234
751 05 Uppsala                                          Fakturadatum     2026-02-10
                                                        Kundnr           1022
Brf Solgläntan                                          OCR-nr           1023400017
Solvägen 2                                              Förfallodatum    2026-03-12
754 21 Uppsala                                          Betalningsvillkor 30 dagar
Er referens: Anna Ek                                    Dröjsmålsränta   8,00 %

Benämning                      Antal    Enhet    À-pris        Belopp
Byte av dörrar                     4    st     2 500,00     10 000,00
Resor                              1    st       400,00        400,00

Netto            Exkl. moms       Moms 25%      Öresavr.       Att betala
10 400,00        10 400,00        2 600,00          0,00   SEK 13 000,00

Bankgiro 5050-1055     IBAN SE45 5000 0000 0583 9825 7466    BIC ESSESESS
Org.nr 556016-0680  Momsreg.nr SE556016068001   Godkänd för F-skatt
Vid försenad betalning debiteras påminnelseavgift med 60 kr.
""",
        number="10234",
        account="SE4550000000058398257466",
        amount="13000.00",
        currency="SEK",
    ),
    Sample(
        "sv_bg_only",
        "doubtful",
        """
Elkraft AB
FAKTURA
Fakturanummer: 88123
Summa exkl. moms 800,00
Moms 25 % 200,00
Att betala 1 000,00 kr
Bankgiro: 5050-1055
OCR: 8812304
""",
        number="88123",
        amount="1000.00",
    ),
    Sample(
        "da_entreprise",
        "payable",
        """
Tømrer Jensen ApS                                        FAKTURA
Industrivej 8
8000 Aarhus C                                            Fakturanr.:    20260045
CVR-nr. 13585628                                         Fakturadato:   12-02-2026
                                                         Kundenr.:      10044
Andelsforeningen Søparken                                Side:          1 af 1
Søvej 3
8200 Aarhus N

Tekst                               Antal     Enhedspris       Beløb
Montering af vinduer                    5       1.200,00    6.000,00
Materialer                              1       1.450,00    1.450,00

                                             Subtotal       7.450,00
                                             25 % moms      1.862,50
                                             Total DKK      9.312,50

Betalingsbetingelser: Netto 14 dage - Forfaldsdato: 26-02-2026
Beløbet indbetales på bankkonto: Danske Bank  Reg.nr. 0040  Kontonr. 0440116243
IBAN: DK5000400440116243   SWIFT: DABADKKK
Ved betaling efter forfald tilskrives der renter på 1,5 % pr. påbegyndt måned.
""",
        number="20260045",
        account="DK5000400440116243",
        amount="9312.50",
        currency="DKK",
    ),
    Sample(
        "pl_vat",
        "payable",
        """
                                                   Kraków, 2026-02-05
Faktura VAT nr FV/15/02/2026
Data sprzedaży: 2026-02-05                         Termin płatności: 2026-02-19
Sposób zapłaty: przelew

Sprzedawca:                                        Nabywca:
Meble Kraków Sp. z o.o.                            Biuro Plus S.A.
ul. Długa 7                                        ul. Prosta 20
31-147 Kraków                                      00-850 Warszawa
NIP: 6762345670                                    NIP: 5252344078

Lp.  Nazwa         J.m.  Ilość   Cena netto   Wartość netto   VAT   Kwota VAT   Wartość brutto
1    Biurko         szt     4       500,00        2 000,00   23%      460,00        2 460,00
2    Krzesło        szt     4       250,00        1 000,00   23%      230,00        1 230,00
                                   Razem          3 000,00            690,00        3 690,00
                                   W tym          3 000,00   23%      690,00        3 690,00

Do zapłaty: 3 690,00 PLN
Słownie: trzy tysiące sześćset dziewięćdziesiąt złotych 00/100
Nr konta: 61 1090 1014 0000 0712 1981 2874  Santander
Zapłacono: 0,00 PLN
""",
        number="FV/15/02/2026",
        account="PL61109010140000071219812874",
        amount="3690.00",
        currency="PLN",
    ),
    Sample(
        "pt_fatura",
        "payable",
        """
Cerâmica do Vouga, Lda.                                 Fatura FT 2026/123
Rua da Indústria 45                                     Original
3810-200 Aveiro                                         Data de emissão: 2026-02-11
NIF: 501964843                                          Data de vencimento: 2026-03-13
                                                        ATCUD: JFXW6B2K-123
Exmo.(s) Sr.(s)
Construções Atlântico S.A.
Av. da Liberdade 100
1250-145 Lisboa
NIF: 503504564

Código   Descrição            Qtd.    Preço Un.    Desc.    IVA      Total
A1       Azulejo 20x20      100,00        12,00     0,00   23,00   1.200,00

Resumo de Impostos                                Total Ilíquido      1.200,00
Taxa 23,00   Incidência 1.200,00   IVA 276,00     Desconto                0,00
                                                  Total Imposto         276,00
                                                  Total a Pagar     1.476,00 €

IBAN: PT50 0002 0123 1234 5678 9015 4   Pagamento: 30 dias
Processado por programa certificado n.º 2230/AT
""",
        number="FT 2026/123",
        account="PT50000201231234567890154",
        amount="1476.00",
        currency="EUR",
    ),
    Sample(
        "es_irpf",
        "payable",
        """
Laura García López
NIF 12345678Z
C/ Mayor 10, 2º B, 28013 Madrid

FACTURA
Nº factura: 2026/014                         Cliente: Editorial Norte S.L.
Fecha: 05-02-2026                            CIF: B58818501
                                             C/ Princesa 5, 28008 Madrid
Concepto                                                 Importe
Traducción manual técnico                               1.200,00 €

                                 Base imponible         1.200,00 €
                                 IVA 21%                  252,00 €
                                 Retención IRPF -15%     -180,00 €
                                 TOTAL A PERCIBIR       1.272,00 €

Forma de pago: transferencia bancaria a la cuenta ES91 2100 0418 4502 0005 1332
""",
        number="2026/014",
        account="ES9121000418450200051332",
        amount="1272.00",
        currency="EUR",
    ),
    Sample(
        "it_split",
        "doubtful",
        """
Edil Rossi S.r.l.
Fattura n. 45/PA del 10/02/2026
Imponibile 1.000,00
IVA 22% 220,00
Totale documento 1.220,00
Operazione soggetta a scissione dei pagamenti art. 17-ter DPR 633/72
IBAN IT60 X054 2811 1010 0000 0123 456
Totale documento € 1.220,00
""",
        number="45/PA",
    ),
    Sample(
        "it_fattura",
        "payable",
        """
Officina Bianchi S.n.c.                                 FATTURA
Via Roma 15                                             Numero: 112/A
20100 Milano                                            Data: 28/02/2026
P.IVA 00743110157
                                                        Spett.le
                                                        Trasporti Verdi S.p.A.
                                                        Via Emilia 100
                                                        40100 Bologna
Descrizione                            Q.tà      Prezzo      IVA        Importo
Manutenzione autocarro                    1      850,00       22         850,00
Ricambi                                   1      320,00       22         320,00

Totale imponibile      Totale IVA       Totale fattura
1.170,00                   257,40         € 1.427,40

Pagamento: Bonifico bancario 30 gg d.f.        Scadenza: 30/03/2026
Banca: Credem    IBAN: IT60 X054 2811 1010 0000 0123 456
""",
        number="112/A",
        account="IT60X0542811101000000123456",
        amount="1427.40",
        currency="EUR",
    ),
    Sample(
        "en_ltd",
        "payable",
        """
Harbour Electrical Ltd
Unit 4, Dock Road, Liverpool L3 4AA
VAT Reg No GB 980 7806 84            Company No 01234567

INVOICE
Invoice To:                                      Invoice No:      INV-0458
Seaview Hotels Ltd                               Invoice Date:    11 Feb 2026
Marine Parade                                    Due Date:        13 Mar 2026
Blackpool FY1 1AA                                PO Number:       PO-99120

Description                   Qty     Unit Price     VAT     Amount GBP
Rewire kitchen                1.00      2,450.00     20%       2,450.00
Testing                       3.00        120.00     20%         360.00

                                         Subtotal              2,810.00
                                         TOTAL VAT 20%           562.00
                                         TOTAL GBP             3,372.00

Please make payment by BACS to: Sort Code 60-16-13, Account No 31926819
IBAN GB29 NWBK 6016 1331 9268 19
Please quote the invoice number when paying. Late payment interest applies to invoices not paid by the due date.
""",
        number="INV-0458",
        account="GB29NWBK60161331926819",
        amount="3372.00",
        currency="GBP",
    ),
    Sample(
        "de_handwerk",
        "payable",
        """
Malermeister Schulz, Gartenweg 3, 04109 Leipzig
                                                              Malermeister Schulz
Frau                                                          Gartenweg 3
Petra Hoffmann                                                04109 Leipzig
Ringstraße 12                                                 Tel. 0341 123456
04177 Leipzig                                                 St.-Nr. 231/123/45678

                                                              Leipzig, den 12.02.2026
Rechnung Nr. 2026-0031
Kunden-Nr. 1177       Leistungszeitraum: 02.-06.02.2026

Pos.   Leistung                        Menge   Einheit     E-Preis      G-Preis
1      Wände streichen                120,00   m²             9,50     1.140,00
2      Decken streichen                60,00   m²             8,00       480,00
                                                 Nettosumme            1.620,00
                                                 zzgl. 19 % USt.         307,80
                                                 Rechnungsbetrag     1.927,80 €

Zahlbar innerhalb von 8 Tagen mit 2 % Skonto = 1.889,24 € oder 30 Tage netto.
In der Rechnung enthaltene Lohnkosten: 1.300,00 € netto.
Bankverbindung: Sparkasse Leipzig, IBAN DE89 3704 0044 0532 0130 00, BIC COBADEFFXXX
""",
        number="2026-0031",
        account="DE89370400440532013000",
        amount="1927.80",
        currency="EUR",
    ),
    Sample(
        "de_strom_abschlag",
        "payable",
        """
Stadtwerke Beispiel GmbH
Ihre Jahresrechnung                         Rechnungsnummer: 7700123456
Vertragskonto: 200123456                    Datum: 15.01.2026

Rechnungsbetrag netto                        1.000,00 €
Umsatzsteuer 19 %                              190,00 €
Rechnungsbetrag brutto                       1.190,00 €
Geleistete Abschläge                        -1.080,00 €
Nachzahlung                                    110,00 €
Bitte überweisen Sie den Betrag bis zum 05.02.2026 auf das Konto DE89 3704 0044 0532 0130 00.
Ihr neuer Abschlag beträgt ab Februar 98,00 €.
""",
        number="7700123456",
        account="DE89370400440532013000",
        amount="110.00",
        currency="EUR",
    ),
)
