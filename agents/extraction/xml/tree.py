"""Reading an element tree by local names: a path is `PaymentMeans/PayeeFinancialAccount`.

The namespace of the root decides the dialect (dialects.py); below it prefixes and versions vary between issuers, names
do not.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from lxml import etree

Element = etree._Element  # noqa: SLF001 - lxml has no public name for the type that it returns


@lru_cache(maxsize=1024)
def _pattern(path: str) -> str:
    return "/".join(f"{{*}}{step}" for step in path.split("/"))


def local_name(element: Element) -> str:
    """Return the element's name without its namespace."""
    return etree.QName(element).localname


def namespace(element: Element) -> str:
    """Return the element's namespace, empty where it has none."""
    return etree.QName(element).namespace or ""


def every(element: Element | None, path: str) -> list[Element]:
    """Return all elements at the path, in the order of the document."""
    return [] if element is None else element.findall(_pattern(path))


def first(element: Element | None, *paths: str) -> Element | None:
    """Return the first element of the first path that has one."""
    return next((found for path in paths for found in every(element, path)), None)


def content(element: Element) -> str | None:
    """Return an element's own text. One with children has none: half a value is no value."""
    return None if len(element) else (element.text or "").strip() or None


def texts(element: Element | None, *paths: str) -> list[str]:
    """Return the texts of all elements at the paths, without empty ones."""
    return [text for path in paths for found in every(element, path) if (text := content(found))]


def text(element: Element | None, *paths: str) -> str | None:
    """Return the first text at the paths, in the order of the paths."""
    return next(iter(texts(element, *paths)), None)


def where(elements: Iterable[Element], path: str, *values: str) -> Iterator[Element]:
    """Yield those elements whose text at the path is one of the values, whatever its case."""
    return (element for element in elements if (text(element, path) or "").upper() in values)
