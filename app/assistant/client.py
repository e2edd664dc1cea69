"""Asks any endpoint that speaks as OpenAI's chat completions do. Whatever goes wrong is no answer, never an error."""

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import SecretStr

log = logging.getLogger(__name__)

PATH = "/v1/chat/completions"
# A few values in JSON; a larger answer is none, and is not read to its end.
ANSWER_BYTES_MAX = 64 * 1024


@dataclass(frozen=True)
class Answer:
    """What a model said, not believed yet, and what it cost where that is told."""

    values: Mapping[str, Any]
    tokens: int | None


class ChatClient:
    """One endpoint. Redirects are not followed: the operator has named whom the documents may be shown to."""

    def __init__(self, url: str, key: SecretStr | None, timeout_seconds: float) -> None:
        """Open nothing yet."""
        headers = {"Authorization": f"Bearer {key.get_secret_value()}"} if key else {}
        self._timeout_seconds = timeout_seconds
        self._client = httpx.AsyncClient(
            base_url=url.rstrip("/"), headers=headers, timeout=timeout_seconds, follow_redirects=False, trust_env=False
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def ask(self, body: Mapping[str, Any]) -> Answer | None:
        """Return what the model says, or None where it says nothing that can be used, in time."""
        try:
            async with asyncio.timeout(self._timeout_seconds):
                content = await self._content(body)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as failed:
            log.warning("the assistant cannot be asked: %s", type(failed).__name__)
            return None
        return None if content is None else _answer(content)

    async def _content(self, body: Mapping[str, Any]) -> bytes | None:
        async with self._client.stream("POST", PATH, json=body) as response:
            if response.status_code != httpx.codes.OK:
                log.warning("the assistant answers %s", response.status_code)
                return None
            received = bytearray()
            async for chunk in response.aiter_bytes():
                received += chunk
                if len(received) > ANSWER_BYTES_MAX:
                    log.warning("the assistant's answer is larger than %s bytes", ANSWER_BYTES_MAX)
                    return None
            return bytes(received)


def _answer(content: bytes) -> Answer | None:
    """Return the object that the first choice holds, None for anything else."""
    try:
        completion = json.loads(content)
        values = json.loads(completion["choices"][0]["message"]["content"])
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        return None
    if not isinstance(values, dict):
        return None
    usage = completion.get("usage")
    tokens = usage.get("total_tokens") if isinstance(usage, dict) else None
    return Answer(values, tokens if isinstance(tokens, int) and not isinstance(tokens, bool) else None)
