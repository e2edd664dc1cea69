"""Puts an XML invoice into the PDF that shows it: Factur-X 1.0 / ZUGFeRD 2, and ZUGFeRD 1.0."""

import io
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from pypdf import PdfReader, PdfWriter
from pypdf.constants import AFRelationship
from pypdf.generic import ArrayObject, NameObject, TextStringObject

# The page brings its own fixed id; the attachment's dates are fixed as well, so that the bytes are.
_CREATED = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Attachment:
    """How a standard names its XML inside a PDF. `namespace` and `level` go into the XMP packet."""

    file_name: str
    namespace: str
    prefix: str
    version: str
    level: str


FACTUR_X = Attachment("factur-x.xml", "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#", "fx", "1.0", "EN 16931")
ZUGFERD_1 = Attachment(
    "ZUGFeRD-invoice.xml", "urn:ferd:pdfa:CrossIndustryDocument:invoice:1p0#", "zf", "1.0", "COMFORT"
)

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
   <pdfaid:part>3</pdfaid:part>
   <pdfaid:conformance>B</pdfaid:conformance>
  </rdf:Description>
  <rdf:Description rdf:about="" xmlns:{prefix}="{namespace}">
   <{prefix}:DocumentType>INVOICE</{prefix}:DocumentType>
   <{prefix}:DocumentFileName>{file_name}</{prefix}:DocumentFileName>
   <{prefix}:Version>{version}</{prefix}:Version>
   <{prefix}:ConformanceLevel>{level}</{prefix}:ConformanceLevel>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
"""


def attach(page: bytes, xml: bytes, attachment: Attachment = FACTUR_X) -> bytes:
    """Return the PDF with the XML attached as its alternative representation (ISO 32000-2, 14.13)."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(page)))
    embedded = writer.add_attachment(attachment.file_name, xml)
    embedded.associated_file_relationship = NameObject(AFRelationship.ALTERNATIVE)
    embedded.alternative_name = TextStringObject(attachment.file_name)
    embedded.description = TextStringObject("Invoice")
    embedded.subtype = NameObject("/text/xml")
    embedded.creation_date = embedded.modification_date = _CREATED
    writer.root_object[NameObject("/AF")] = ArrayObject([embedded.pdf_object.indirect_reference])
    writer.xmp_metadata = _XMP.format(**asdict(attachment)).encode()
    result = io.BytesIO()
    writer.write(result)
    return result.getvalue()
