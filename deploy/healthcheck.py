"""Ends with 0 when the process of this container says that it is ready, with 1 otherwise. For Docker's HEALTHCHECK."""

import os
import sys
import urllib.error
import urllib.request

READY = 200
TIMEOUT_SECONDS = 4.0
WORKER_PORT = "9100"


def main() -> int:
    """Ask `/readyz` on the port named by READY_PORT (a worker's, where it is not set)."""
    port = os.environ.get("READY_PORT", WORKER_PORT)  # noqa: TID251 - stands alone in the image, beside the packages
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=TIMEOUT_SECONDS) as answer:
            return 0 if answer.status == READY else 1
    except (urllib.error.URLError, OSError):
        return 1


if __name__ == "__main__":
    sys.exit(main())
