"""The API as the command line sees it: one client, answers or a sentence."""

import os
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx

from app.api.preferences import WAIT_SECONDS_MAX

# An upload of the largest document over a slow line, and the longest wait, with room.
TIMEOUT_SECONDS = 60.0 + WAIT_SECONDS_MAX


class ApiRefused(Exception):  # noqa: N818 - it says what happened
    """The API refused, or could not be reached; the message is one sentence for a person."""


class ApiClient:
    """Asks the API with one key."""

    def __init__(self, url: str, key: str, transport: httpx.BaseTransport | None = None) -> None:
        """`transport` is replaced in tests."""
        headers = {"Authorization": f"Bearer {key}"}
        self._client = httpx.Client(base_url=url, headers=headers, timeout=TIMEOUT_SECONDS, transport=transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def submit(self, path: Path, *, source: str | None, wait_seconds: float) -> dict[str, Any]:
        """Submit a file and return the document as the API has it.

        Raises:
            ApiRefused: where it does not take it.
            OSError: where the file cannot be read.
        """
        headers = {"Prefer": f"wait={wait_seconds:.0f}"} if wait_seconds else {}
        with path.open("rb") as file:
            fields = {"source": source} if source else {}
            files = {"file": (os.fsencode(path.name).decode("utf-8", errors="replace"), file)}
            return self._ask("POST", "/v1/documents", files=files, data=fields, headers=headers)

    def document(self, document_id: str) -> dict[str, Any]:
        """Return a document.

        Raises:
            ApiRefused: where it is not known, or the API cannot be asked.
        """
        return self._ask("GET", f"/v1/documents/{document_id}")

    def releases(self) -> dict[str, Any]:
        """Return all releases, and which are in force; errors as of `document`."""
        return self._ask("GET", "/v1/releases")

    def release(self, release_id: str) -> dict[str, Any]:
        """Return one release with its bundle; errors as of `document`."""
        return self._ask("GET", f"/v1/releases/{quote(release_id, safe='')}")

    def draft_release(self, bundle: Any) -> dict[str, Any]:
        """Write down a new release.

        Raises:
            ApiRefused: where it is no bundle, or the API cannot be asked.
        """
        return self._ask("POST", "/v1/releases", json=bundle)

    def advance_release(self, release_id: str, wish: str, step: dict[str, Any]) -> dict[str, Any]:
        """Take a release a step further, or back.

        Raises:
            ApiRefused: where it cannot take this step, or the API cannot be asked.
        """
        return self._ask("POST", f"/v1/releases/{quote(release_id, safe='')}/{wish}", json=step)

    def causes(self, by: str, limit: int) -> dict[str, Any]:
        """Return why things went wrong, the dearest cause first.

        Raises:
            ApiRefused: where the API cannot be asked.
        """
        return self._ask("GET", "/v1/quality/causes", params={"by": by, "limit": limit})

    def _ask(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        try:
            response = self._client.request(method, path, **more)
        except (httpx.HTTPError, httpx.InvalidURL) as failed:
            raise ApiRefused(f"{self._client.base_url} cannot be asked: {failed or type(failed).__name__}") from None
        if response.is_success:
            answer: dict[str, Any] = response.json()
            return answer
        raise ApiRefused(_sentence(response))


def _sentence(response: httpx.Response) -> str:
    try:
        problem = response.json()
        title, detail = problem["title"], problem["detail"]
    except (ValueError, KeyError, TypeError):
        return f"the API answers {response.status_code}"
    return title if detail == title else f"{title}: {detail}"
