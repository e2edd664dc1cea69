"""`Prefer: wait=SECONDS` (RFC 7240, section 4.3): how long a client is ready to wait for the result."""

import re

# Longer than any document takes; proxies cut a request after a minute.
WAIT_SECONDS_MAX = 30.0

_WAIT = re.compile(r"""(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})"?(?=$|[,;\s])""", re.IGNORECASE)


def parse_wait(prefer: str | None) -> float | None:
    """Return the seconds to wait, at most the bound; None where the client did not ask.

    >>> parse_wait("respond-async, wait=100")
    30.0
    """
    found = _WAIT.search(prefer or "")
    return None if found is None else min(float(found[1]), WAIT_SECONDS_MAX)
