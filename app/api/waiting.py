"""Waits for a document's result, for clients that prefer to wait."""

import asyncio

from app.api.ports import Ports
from app.readmodel.views import DocumentSummary, DocumentView

# Another process may be the one that projects: look again after so long without a word from our own.
LOOK_AGAIN_SECONDS = 0.5
# Nothing more will happen to these by themselves, or the payment is out.
_RESULTS = frozenset({"held", "payment_initiated", "payment_accepted"})


def is_result(document: DocumentSummary) -> bool:
    """Tell whether a document has come as far as it goes without a person or a bank."""
    return document.final or document.state in _RESULTS


async def await_result(ports: Ports, tenant: str, document_id: str, timeout_seconds: float) -> DocumentView | None:
    """Return the document once it has a result, None where it has none in time."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout_seconds
    while True:
        document = await ports.read_model.document(tenant, document_id)
        if document is not None and is_result(document):
            return document
        left = deadline - loop.time()
        if left <= 0:
            return None
        await ports.progress.change(min(left, LOOK_AGAIN_SECONDS))
