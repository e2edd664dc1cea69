"""Builds XML elements by prefixed name, so that a writer reads like the document that it writes."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from lxml import etree

Element = etree._Element  # noqa: SLF001 - lxml has no public name for the class
Content = str | Decimal | Element | None


class Markup:
    """Makes elements in the namespaces of one format.

    `tag("cbc:ID", "F1", schemeID="0002")` is an element with text; element arguments become children, and None is left
    out, so that an optional part is one expression.
    """

    def __init__(self, namespaces: Mapping[str, str]) -> None:
        self._namespaces = dict(namespaces)

    def name(self, prefixed: str) -> str:
        """Return the name with its namespace, `{urn}ID` for `cbc:ID`; one without a prefix has none."""
        prefix, _, local = prefixed.rpartition(":")
        return f"{{{self._namespaces[prefix]}}}{local}" if prefix else local

    def __call__(self, prefixed: str, *content: Content, **attributes: str | None) -> Element:
        """Return one element. An attribute or a child that is None is left out."""
        given = {name: value for name, value in attributes.items() if value is not None}
        element = etree.Element(self.name(prefixed), given)
        for part in content:
            if isinstance(part, Element):
                element.append(part)
            elif part is not None:
                element.text = (element.text or "") + str(part)
        return element

    def optional(self, prefixed: str, text: str | Decimal | None, **attributes: str | None) -> Element | None:
        """Return the element, or None where there is nothing to say."""
        return None if text is None else self(prefixed, text, **attributes)

    def document(self, prefixed: str, children: Iterable[Content], **attributes: str) -> bytes:
        """Return a whole document: declaration, root with all namespaces, children."""
        root = etree.Element(self.name(prefixed), attributes, nsmap=self._namespaces)
        root.extend(child for child in children if isinstance(child, Element))
        etree.cleanup_namespaces(root, keep_ns_prefixes=list(self._namespaces))
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
