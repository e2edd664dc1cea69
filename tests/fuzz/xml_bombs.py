"""XML made to hurt, all made here: by entities, depth, width, size, encodings, and by reaching out."""

from collections.abc import Callable

UBL = b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">'
END = b"</Invoice>"
MEGABYTE = 1_000_000


def _doctype(subset: bytes, body: bytes = b"<x>&e;</x>") -> bytes:
    return b'<?xml version="1.0"?><!DOCTYPE x [' + subset + b"]>" + body


def _around(content: bytes) -> bytes:
    return UBL + content + END


def billion_laughs() -> bytes:
    levels = b"".join(b'<!ENTITY e%d "%b">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 10))
    return _doctype(b'<!ENTITY e0 "lol">' + levels, b"<x>&e9;</x>")


def quadratic() -> bytes:
    return _doctype(b'<!ENTITY e "' + b"a" * 50_000 + b'">', b"<x>" + b"&e;" * 50_000 + b"</x>")


def parameter_entities() -> bytes:
    return _doctype(b"<!ENTITY % p \"<!ENTITY e '&#37;p;'>\"> %p;")


def an_external_file() -> bytes:
    return _doctype(b'<!ENTITY e SYSTEM "file:///etc/passwd">')


def an_external_address() -> bytes:
    return _doctype(b'<!ENTITY e SYSTEM "http://127.0.0.1:9/">')


def an_external_subset() -> bytes:
    return b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><x/>'


def an_external_parameter_entity() -> bytes:
    return _doctype(b'<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;', b"<x/>")


def a_bare_doctype() -> bytes:
    return b"<!DOCTYPE Invoice>" + _around(b"")


def a_doctype_behind_a_comment() -> bytes:
    return b"<!-- <x> --><?pi?><!DOCTYPE x [<!ENTITY e 'a'>]><x>&e;</x>"


def a_doctype_in_utf_16() -> bytes:
    return an_external_file().decode().replace('version="1.0"', 'version="1.0" encoding="UTF-16"').encode("utf-16")


def a_doctype_in_utf_16_without_a_mark() -> bytes:
    return an_external_file().decode().encode("utf-16-le")


def a_doctype_in_utf_7() -> bytes:
    return b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x+AD4APA-x/+AD4-'


def utf_32() -> bytes:
    return "<x/>".encode("utf-32")


def ebcdic() -> bytes:
    return '<?xml version="1.0" encoding="cp037"?><x/>'.encode("cp037")


def two_encodings_at_once() -> bytes:
    return b'<?xml version="1.0" encoding="UTF-8"?>' + _around(b"<ID>\xe9\xff\xfe</ID>")


def a_hundred_thousand_levels() -> bytes:
    return b"<a>" * 100_000 + b"</a>" * 100_000


def a_million_levels_unclosed() -> bytes:
    return b"<a>" * MEGABYTE


def two_million_siblings() -> bytes:
    return _around(b"<a/>" * 2 * MEGABYTE)


def two_hundred_thousand_attributes() -> bytes:
    return b"<x " + b"".join(b'a%d="" ' % n for n in range(200_000)) + b"/>"


def attributes_everywhere() -> bytes:
    return _around(b"".join(b"<a %b/>" % b"".join(b'b%d="" ' % n for n in range(60)) for _ in range(15_000)))


def twice_the_same_attribute() -> bytes:
    return _around(b'<ID a="1" a="2">1</ID>')


def a_text_of_twenty_megabytes() -> bytes:
    return _around(b"<ID>" + b"1" * 20 * MEGABYTE + b"</ID>")


def a_text_of_nine_megabytes() -> bytes:
    return _around(b"<ID>" + b"1" * 9 * MEGABYTE + b"</ID>")


def a_comment_of_nine_megabytes() -> bytes:
    return b"<!--" + b"a" * 9 * MEGABYTE + b"-->" + _around(b"")


def a_comment_that_does_not_end() -> bytes:
    return b"<!--" + b"a" * 9 * MEGABYTE


def a_section_of_nine_megabytes() -> bytes:
    return _around(b"<ID><![CDATA[" + b"<" * 9 * MEGABYTE + b"]]></ID>")


def a_name_of_a_megabyte() -> bytes:
    name = b"a" * MEGABYTE
    return b"<" + name + b"/>"


def an_attribute_of_nine_megabytes() -> bytes:
    return _around(b'<ID a="' + b"a" * 9 * MEGABYTE + b'"/>')


def white_space_of_nine_megabytes() -> bytes:
    return b" \n" * 4_500_000 + _around(b"")


def half_a_million_namespaces() -> bytes:
    return b"<x " + b"".join(b'xmlns:n%d="u" ' % n for n in range(300_000)) + b"/>"


def a_number_of_a_million_digits() -> bytes:
    amount = b"9" * MEGABYTE
    return _around(b"<LegalMonetaryTotal><PayableAmount>" + amount + b"</PayableAmount></LegalMonetaryTotal>")


def an_exponent_without_end() -> bytes:
    return _around(b"<LegalMonetaryTotal><PayableAmount>1E999999999</PayableAmount></LegalMonetaryTotal>")


def characters_that_xml_has_not() -> bytes:
    return _around(b"<ID>&#0;&#xD800;&#x110000;</ID>")


def zero_bytes() -> bytes:
    return _around(b"<ID>4\x002</ID>")


def an_entity_that_nobody_declared() -> bytes:
    return _around(b"<ID>&nobody;</ID>")


def an_inclusion() -> bytes:
    return _around(b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>')


def a_stylesheet() -> bytes:
    return b'<?xml-stylesheet type="text/xsl" href="http://127.0.0.1:9/x.xsl"?>' + _around(b"")


def a_schema_elsewhere() -> bytes:
    instance = b'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="u http://127.0.0.1:9/x.xsd"'
    return UBL[:-1] + b" " + instance + b">" + END


BOMBS: tuple[Callable[[], bytes], ...] = (
    billion_laughs, quadratic, parameter_entities, a_bare_doctype, a_doctype_behind_a_comment, a_doctype_in_utf_16,
    a_doctype_in_utf_16_without_a_mark, a_doctype_in_utf_7, utf_32, ebcdic, two_encodings_at_once,
    a_hundred_thousand_levels, a_million_levels_unclosed, two_million_siblings, two_hundred_thousand_attributes,
    attributes_everywhere, twice_the_same_attribute, a_text_of_twenty_megabytes, a_text_of_nine_megabytes,
    a_comment_of_nine_megabytes, a_comment_that_does_not_end, a_section_of_nine_megabytes, a_name_of_a_megabyte,
    an_attribute_of_nine_megabytes, white_space_of_nine_megabytes, half_a_million_namespaces,
    a_number_of_a_million_digits, an_exponent_without_end, characters_that_xml_has_not, zero_bytes,
    an_entity_that_nobody_declared,
)  # fmt: skip
# Those that reach out: read under strace as well.
NOSY: tuple[Callable[[], bytes], ...] = (
    an_external_file, an_external_address, an_external_subset, an_external_parameter_entity, an_inclusion, a_stylesheet,
    a_schema_elsewhere,
)  # fmt: skip
