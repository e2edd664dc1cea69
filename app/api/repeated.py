"""`Idempotency-Key`: the same request gets the same answer, whatever happened to the first one's connection."""

from collections.abc import Awaitable, Callable

from fastapi import Response

from app.api.keys import Principal
from app.api.ports import Ports
from app.api.problems import Problem
from app.readmodel.remembered import Answer, Claimed, InFlight, OtherRequest

REPLAYED_HEADER = "Idempotent-Replayed"
RETRY_AFTER_SECONDS = 1


async def once(
    ports: Ports, principal: Principal, key: str | None, meaning: str, work: Callable[[], Awaitable[Response]]
) -> Response:
    """Do the work, or give again the answer that it had under this key.

    `meaning` is a digest of what is asked for. A request that failed has used no key up.

    Raises:
        Problem: 422 where the key was used for something else, 409 while its first request runs.
    """
    if key is None:
        return await work()
    owner = f"{principal.tenant}/{principal.name}"
    match await ports.remembered.claim(owner, key, meaning, ports.now()):
        case Answer() as answer:
            return _again(answer)
        case OtherRequest():
            raise Problem("idempotency-key-reused")
        case InFlight():
            raise Problem("request-in-flight", headers={"Retry-After": str(RETRY_AFTER_SECONDS)})
        case Claimed():
            return await _first(ports, owner, key, work)


async def _first(ports: Ports, owner: str, key: str, work: Callable[[], Awaitable[Response]]) -> Response:
    try:
        response = await work()
    except BaseException:
        await ports.remembered.give_back(owner, key)
        raise
    answer = Answer(response.status_code, bytes(response.body).decode(), response.headers.get("location"))
    await ports.remembered.complete(owner, key, answer)
    return response


def _again(answer: Answer) -> Response:
    headers = {REPLAYED_HEADER: "true"} | ({"Location": answer.location} if answer.location else {})
    return Response(answer.body, answer.status_code, headers=headers, media_type="application/json")
