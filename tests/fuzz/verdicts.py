"""What becomes of each bomb. The design's table of them is docs/faults.md's `READ-*` rows."""

from collections.abc import Iterator, Mapping

from tests.fuzz import pdf_bombs, xml_bombs

# Which of its bounds ends a reading depends on the library, and on how busy the machine is.
LIMIT = frozenset(f"EXTRACTION-LIMIT-{bound}" for bound in ("CPU", "MEMORY", "WALL", "CRASH"))
READ, BROKEN = frozenset({"read"}), frozenset({"PDF-BROKEN"})
# A page without text is a picture for the scan lane, which finds none on it either.
NO_TEXT = frozenset({"PDF-NO-TEXT", "SCAN-NO-TEXT", "OCR-UNAVAILABLE"})
DOCTYPE, MALFORMED = frozenset({"XML-DOCTYPE"}), frozenset({"XML-MALFORMED"})
LARGE, DEEP = frozenset({"XML-TOO-LARGE"}), frozenset({"XML-TOO-DEEP"})

# Read: the page beside the bomb is an honest one, and no invoice to pay; nothing of the bomb is a value.
EXPECTED: Mapping[str, frozenset[str]] = {
    "billion_laughs": DOCTYPE,
    "quadratic": DOCTYPE,
    "parameter_entities": DOCTYPE,
    "an_external_file": DOCTYPE,
    "an_external_address": DOCTYPE,
    "an_external_subset": DOCTYPE,
    "an_external_parameter_entity": DOCTYPE,
    "a_bare_doctype": DOCTYPE,
    "a_doctype_behind_a_comment": DOCTYPE,
    "a_doctype_in_utf_16": DOCTYPE,
    "a_doctype_in_utf_16_without_a_mark": DOCTYPE,
    "a_doctype_in_utf_7": MALFORMED,
    "utf_32": MALFORMED,
    "ebcdic": frozenset({"NOT-A-DOCUMENT"}),
    "two_encodings_at_once": frozenset({"XML-ENCODING"}),
    "a_hundred_thousand_levels": DEEP,
    "a_million_levels_unclosed": DEEP,
    "two_million_siblings": LARGE,
    "two_hundred_thousand_attributes": LARGE,
    "attributes_everywhere": LARGE,
    "twice_the_same_attribute": MALFORMED,
    "a_text_of_twenty_megabytes": LARGE,
    "a_text_of_nine_megabytes": READ,
    "a_comment_of_nine_megabytes": READ,
    "a_comment_that_does_not_end": MALFORMED,
    "a_section_of_nine_megabytes": READ,
    "a_name_of_a_megabyte": frozenset({"NOT-A-DOCUMENT"}),
    "an_attribute_of_nine_megabytes": READ,
    "white_space_of_nine_megabytes": frozenset({"EMPTY"}),
    "half_a_million_namespaces": frozenset({"XML-UNKNOWN-DIALECT"}),
    "a_number_of_a_million_digits": READ,
    "an_exponent_without_end": READ,
    "characters_that_xml_has_not": MALFORMED,
    "zero_bytes": MALFORMED,
    "an_entity_that_nobody_declared": MALFORMED,
    "an_inclusion": READ,
    "a_stylesheet": READ,
    "a_schema_elsewhere": READ,
    "flate_two_gigabytes": LIMIT,
    "flate_in_flate": LIMIT,
    "a_thousand_filters": NO_TEXT,
    "run_length": NO_TEXT | LIMIT,
    "lzw": NO_TEXT | LIMIT,
    "predictor_columns": NO_TEXT,
    "forms_of_forms": LIMIT,
    "a_form_that_paints_itself": LIMIT,
    "five_million_saves": LIMIT,
    "a_million_texts": READ | LIMIT,  # twelve, a million times over the same place
    "ten_million_characters": READ | NO_TEXT | LIMIT,  # a picture of digits, which a quick machine reads in time
    "paths_without_end": LIMIT,
    "a_hundred_thousand_pages": NO_TEXT | LIMIT,
    "a_page_count_that_lies": READ,
    "pages_that_are_their_own_parent": BROKEN,
    "a_tree_of_pages_100_000_deep": BROKEN | LIMIT,
    "arrays_in_arrays": BROKEN,
    "dictionaries_in_dictionaries": READ | LIMIT,
    "a_table_that_leads_to_itself": READ,
    "a_length_that_refers_to_itself": READ,
    "objects_in_streams": READ,
    "an_attachment_of_two_gigabytes": READ | LIMIT,
    "a_hundred_thousand_attachments": BROKEN | LIMIT,
    "names_that_lead_to_themselves": READ,
    "a_map_of_characters_without_end": NO_TEXT | LIMIT,
    "a_picture_of_ten_gigapixels": NO_TEXT | LIMIT,
    "a_page_as_large_as_a_country": NO_TEXT | LIMIT,
    "encrypted_with_nothing": frozenset({"PDF-ENCRYPTED"}),
    "a_function_that_calls_for_gigabytes": NO_TEXT | LIMIT,
    "actions": READ,
    "a_stream_in_another_file": NO_TEXT,
    "a_form_in_another_file": NO_TEXT,
    "an_xfa_form_with_an_entity": READ,
    "an_attachment_with_an_entity": READ,
}


NOSY = (*xml_bombs.NOSY, *pdf_bombs.NOSY)
ALL = (*xml_bombs.BOMBS, *pdf_bombs.BOMBS, *NOSY)


def bombs() -> Iterator[tuple[str, bytes]]:
    """Yield each bomb by its name, made only when it is asked for."""
    for bomb in ALL:
        yield bomb.__name__, bomb()


def nosy() -> Iterator[tuple[str, bytes]]:
    """Yield those that reach out."""
    for bomb in NOSY:
        yield bomb.__name__, bomb()
