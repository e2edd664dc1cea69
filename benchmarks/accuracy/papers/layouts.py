"""The layouts. Which of them nobody may tune on follows from their names (see `is_held_out`)."""

import hashlib
from functools import cache

from benchmarks.accuracy.papers.desk import Layout

# One in three is kept back. By hash, so that no one chooses, and a new layout falls on its side by itself.
HELD_OUT_ONE_IN = 3

# name | sector | head | meta | table | sums | pay | foot | font size colour | traits
_TABLE = """
letter-window        |goods    |window     |columns    |ruled         |right     |rows    |columns|helvetica 9 #1f4e79|late foot_bank
letter-sentence      |service  |window     |sentence   |bare          |left      |sentence|line   |times 11 #222222   |payable
letter-skonto        |goods    |window     |right_block|grid          |flush     |footer  |columns|sans 9 #7a2e2e      |skonto retention due_in_words order
letter-centred       |service  |centred    |rows       |quantity_first|right     |rows    |none   |serif 10 #333333   |late vat_in_one
letter-french        |goods    |buyer_right|boxed      |ruled         |rates     |cells   |line   |helvetica 9 #0b3d2e|domestic payable late
letter-dotted        |service  |buyer_right|dotted     |bare          |dotted    |rows    |page   |courier 9 #111111   |due_in_words
table-dense          |goods    |two_boxes  |strip      |grid          |headings  |rows    |page   |helvetica 8 #333333|order delivery_note payable buyer_vat
table-gross          |goods    |two_boxes  |boxed      |gross         |rates     |box     |line   |sans 8 #20435c      |payable buyer_vat delivery
table-long           |goods    |title_right|right_block|article       |right     |box     |page   |helvetica 9 #205030|many carry order
table-long-carry     |goods    |window     |strip      |grid          |flush     |footer  |columns|vera 7.5 #444444   |many carry notes_in_lines payable
table-notes          |goods    |logo_right |columns    |quantity_first|right     |rows    |columns|caladea 10 #5b2c6f |notes_in_lines delivery_note late
table-dark           |goods    |band       |above      |zebra         |flush     |box     |line   |sans 9 #283747      |dark_header
utility-water        |energy   |logo_right |rows       |two_columns   |right     |rows    |columns|helvetica 9 #1a5276|summary contract period previous payable
utility-electricity  |energy   |title_right|columns    |ruled         |rates     |slip    |none   |sans 9 #b9770e      |summary meters contract period payable
utility-gas          |energy   |band       |boxed      |dated         |final_only|box     |line   |vera 8 #117864     |meters contract period previous late
energy-advance       |energy   |window     |subject    |bare          |right     |sentence|columns|helvetica 9.5 #7d6608|contract prepaid payable
energy-plain         |energy   |plain      |rows       |bare          |left      |rows    |none   |courier 9 #000000   |meters contract period
telecom-account      |telecom  |logo_right |above      |two_columns   |final_only|footer  |columns|light 9.5 #a93226  |summary period previous contract
telecom-summary      |telecom  |sidebar    |columns    |two_columns   |right     |sidebar |none   |sans 9 #0e6655      |period contract payable
telecom-slip         |telecom  |title_right|strip      |dated         |flush     |slip    |none   |helvetica 9 #21618c|period payable vat_in_one
saas-receipt         |service  |title_right|columns    |zebra         |right     |box     |line   |light 10 #5d6d7e   |period payable vat_in_one
saas-minimal         |service  |plain      |above      |two_columns   |right     |rows    |line   |sans 10 #000000     |no_bic payable
saas-sidebar         |service  |sidebar    |above      |bare          |final_only|sidebar |none   |light 9 #6c3483    |vat_in_one
freelancer-simple    |service  |title_right|rows       |quantity_first|right     |rows    |none   |caladea 11 #2e4053 |withheld payable one
freelancer-letter    |service  |centred    |sentence   |bare          |left      |sentence|none   |serif 11 #333333   |untaxed one
freelancer-hours     |service  |buyer_right|columns    |ruled         |flush     |box     |line   |sans 10 #148f77     |withheld due_in_words
freelancer-exempt    |service  |window     |rows       |two_columns   |right     |rows    |line   |times 11 #000000    |untaxed payable
hotel-folio          |hotel    |centred    |boxed      |dated         |rates     |rows    |columns|serif 9.5 #6e2c00  |several_rates prepaid payable
hotel-group          |hotel    |band       |strip      |dated         |right     |footer  |columns|caladea 10 #784212 |several_rates
freight-waybill      |freight  |two_boxes  |strip      |article       |headings  |cells   |page   |helvetica 8.5 #1b2631|order delivery_note payable reverse
freight-simple       |freight  |logo_right |right_block|ruled         |right     |split   |line   |vera 8.5 #1b4f72   |reverse due_in_words
freight-customs      |freight  |title_right|subject    |grid          |rates     |box     |line   |helvetica 9 #0b5345|equivalent order
insurance-premium    |insurance|logo_right |columns    |two_columns   |right     |slip    |none   |sans 10 #4a235a     |contract untaxed payable period
insurance-letter     |insurance|window     |sentence   |two_columns   |left      |sentence|columns|times 10.5 #1c2833  |contract untaxed
rent-monthly         |rent     |window     |subject    |two_columns   |right     |rows    |line   |helvetica 10 #1e8449|period contract one
rent-statement       |rent     |buyer_right|above      |bare          |final_only|box     |columns|serif 10 #512e5f   |period previous contract
public-fee           |public   |buyer_right|rows       |two_columns   |left      |slip    |none   |times 11 #000000    |untaxed payable
public-notice        |public   |window     |dotted     |two_columns   |dotted    |rows    |columns|helvetica 10 #17202a|untaxed contract
public-table         |public   |two_boxes  |boxed      |grid          |headings  |cells   |page   |helvetica 8.5 #000000|untaxed payable no_bic
subscription-card    |service  |band       |above      |two_columns   |right     |box     |line   |sans 10 #af601a     |period payable prepaid
subscription-press   |telecom  |logo_right |subject    |bare          |flush     |slip    |none   |light 10 #922b21   |period payable one
two-column-modern    |service  |buyer_first|right_block|zebra         |right     |split   |columns|sans 9.5 #2874a6    |dark_header late
two-column-buyer     |goods    |buyer_first|columns    |ruled         |flush     |rows    |line   |helvetica 9 #515a5a|buyer_vat customer_first
sidebar-goods        |goods    |sidebar    |rows       |quantity_first|right     |sidebar |none   |sans 8.5 #1f618d    |late discount
sidebar-table        |goods    |sidebar    |boxed      |bare          |flush     |rows    |none   |vera 8 #4d5656     |payable delivery
banks-footer         |goods    |window     |right_block|grid          |right     |footer  |columns|helvetica 9 #154360|several_banks retention
banks-table          |goods    |title_right|columns    |article       |rates     |footer  |line   |serif 9 #424949    |several_banks payable
slip-goods           |goods    |buyer_right|strip      |ruled         |right     |slip    |none   |helvetica 9 #000000|payable order
slip-service         |service  |title_right|rows       |bare          |flush     |slip    |none   |caladea 10 #283747 |payable due_in_words
slip-summary         |telecom  |band       |columns    |two_columns   |final_only|slip    |none   |sans 9 #196f3d      |summary contract
domestic-goods       |goods    |two_boxes  |columns    |grid          |right     |rows    |line   |helvetica 9 #000000|domestic payable
domestic-service     |service  |logo_right |above      |ruled         |flush     |box     |columns|sans 9.5 #943126    |domestic late
domestic-cells       |goods    |centred    |strip      |article       |headings  |cells   |page   |vera 8 #0e6251     |domestic payable
deposit-goods        |goods    |window     |rows       |ruled         |right     |box     |columns|helvetica 9 #5b2c6f|prepaid payable discount shipping
deposit-works        |service  |buyer_right|right_block|two_columns   |flush     |rows    |line   |times 10 #212f3c    |prepaid several_rates payable
discount-goods       |goods    |title_right|strip      |grid          |right     |cells   |columns|sans 8.5 #117a65    |discount shipping skonto
rounded-total        |goods    |logo_right |boxed      |quantity_first|right     |rows    |page   |helvetica 9 #1c2833|rounded payable shipping
rates-many           |goods    |two_boxes  |dotted     |gross         |rates     |rows    |line   |caladea 9 #4a235a  |several_rates payable buyer_vat
reverse-charge       |service  |window     |columns    |bare          |right     |box     |columns|helvetica 10 #1a5276|reverse buyer_vat
equivalent-export    |goods    |centred    |above      |article       |rates     |rows    |columns|serif 9 #1b2631    |equivalent order payable
old-program          |goods    |plain      |dotted     |article       |dotted    |rows    |page   |courier 8.5 #000000 |bare_totals order customer_first
old-form             |goods    |plain      |strip      |grid          |headings  |cells   |page   |courier 8 #000000   |bare_totals payable compact
compact-iban         |service  |logo_right |rows       |ruled         |right     |rows    |line   |helvetica 9 #7b241c|compact no_reference date_first
nbsp-everywhere      |service  |band       |right_block|ruled         |flush     |sentence|columns|sans 10 #1a5276     |nbsp payable
date-first           |goods    |buyer_right|subject    |quantity_first|left      |split   |line   |serif 10 #6e2c00   |date_first customer_first late
words-total          |service  |centred    |dotted     |ruled         |final_only|rows    |none   |times 10 #000000    |holder late
shop-order           |goods    |title_right|above      |zebra         |right     |box     |line   |light 9.5 #d35400  |order ship_to shipping discount
shop-small           |goods    |band       |subject    |bare          |right     |footer  |line   |sans 10 #8e44ad     |order vat_in_one payable
construction         |service  |window     |boxed      |article       |right     |cells   |columns|helvetica 9 #7e5109|prepaid reverse contract payable
medical-lab          |service  |logo_right |dotted     |dated         |right     |slip    |none   |vera 8.5 #2471a3   |untaxed customer_first
agency-retainer      |service  |sidebar    |columns    |quantity_first|flush     |split   |none   |light 10 #17a589   |due_in_words discount
"""


@cache
def layouts() -> dict[str, Layout]:
    """Return every layout by its name."""
    found = (_parsed(row) for row in _TABLE.strip().splitlines())
    return {layout.name: layout for layout in found}


def _parsed(row: str) -> Layout:
    name, sector, head, meta, table, sums, pay, foot, look, traits = (cell.strip() for cell in row.split("|"))
    font, size, colour = look.split()
    return Layout(
        name, sector, head, meta, table, sums, pay, foot, font, float(size), colour, frozenset(traits.split())
    )


def is_held_out(name: str) -> bool:
    """Tell whether a layout is kept from everyone who tunes the reader."""
    return hashlib.sha256(name.encode()).digest()[0] % HELD_OUT_ONE_IN == 0


def split(name: str) -> str:
    return "held_out" if is_held_out(name) else "tuning"
