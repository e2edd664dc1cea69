"""The persons of the demo, each with a key of their own, and what they ask of the API."""

import asyncio
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import httpx

from app.api.keys import Role
from app.local.samples.parties import Supplier

# Rita corrects, Paul approves, Ada drafts releases, Ada and Bob promote them: nobody does two things alone.
PEOPLE: Mapping[str, frozenset[Role]] = {
    "rita": frozenset({"reviewer"}),
    "paul": frozenset({"approver", "auditor"}),
    "ada": frozenset({"operator", "auditor"}),
    "bob": frozenset({"operator"}),
}
TIMEOUT_SECONDS = 30.0
ASK_AGAIN_SECONDS = 0.2


class Refused(Exception):  # noqa: N818 - it says what happened
    """The API refused what the script asks for; the message is its own."""


class Office:
    """Asks the API in the name of one person or another."""

    def __init__(self, url: str, keys: Mapping[str, str]) -> None:
        """`keys` are those of PEOPLE, by name."""
        self._keys = keys
        self._client = httpx.AsyncClient(base_url=url, timeout=TIMEOUT_SECONDS)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def correct(self, document_id: str, corrections: Mapping[str, str]) -> None:
        """Rita corrects a held document."""
        await self.ask("rita", "POST", f"/v1/reviews/{document_id}", {"action": "correct", "corrections": corrections})

    async def approve(self, document_id: str) -> None:
        """Paul approves it."""
        await self.ask("paul", "POST", f"/v1/reviews/{document_id}", {"action": "approve"})

    async def approve_when_shown(self, document_id: str, number: str) -> None:
        """Paul approves it as soon as he is shown it under its right number.

        Raises:
            Refused: it does not come to that in time.
        """
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            document = await self.ask("paul", "GET", f"/v1/documents/{document_id}")
            if document["state"] == "held" and (document["invoice"] or {}).get("invoice_number") == number:
                await self.approve(document_id)
                return
            await asyncio.sleep(ASK_AGAIN_SECONDS)
        raise Refused(f"{document_id} is not shown as held under {number}")

    async def enter(self, supplier: Supplier, amount_limit: str | None = None) -> None:
        """Ada enters a supplier into the reference data, with the accounts that she vouches for."""
        it = supplier.company
        stated = {
            "name": it.name,
            "vat_identifier": it.vat_identifier,
            "legal_registration_identifier": it.registration_identifier,
            "postal_address": {
                "street": it.street,
                "post_code": it.post_code,
                "town": it.town,
                "country": it.country,
            },
            "accounts": [
                {"identifier": account.iban, "service_provider_identifier": account.bic}
                for account in supplier.verified
            ],
            "amount_limit": amount_limit,
        }
        await self.ask("ada", "PUT", f"/v1/suppliers/{supplier.supplier_id}", stated)

    async def step(self, person: str, release_id: str, wish: str, **more: Any) -> dict[str, Any]:
        """Somebody takes a release one step further, or back."""
        return await self.ask(person, "POST", f"/v1/releases/{release_id}/{wish}", more)

    async def ask(self, person: str, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """Ask for anything.

        Raises:
            Refused: the API does not do it.
        """
        headers = {"Authorization": f"Bearer {self._keys[person]}"}
        response = await self._client.request(method, path, json=body, headers=headers)
        if not response.is_success:
            raise Refused(f"{method} {path}: {response.status_code} {response.text[:500]}")
        answer: dict[str, Any] = response.json()
        return answer
