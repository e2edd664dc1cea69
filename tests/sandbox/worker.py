"""A worker to be killed: `python -m tests.sandbox.worker` reads two long documents at once.

It prints the process ids of its descendants once both are being read.
"""

import asyncio
import sys

import psutil

from app.sandbox import Sandbox


async def main() -> None:
    async with Sandbox("tests.sandbox.hostile_readers:read", processes=2) as sandbox:
        busy = [asyncio.create_task(sandbox.read(deed)) for deed in (b"sleep:14", b"spin for:9")]
        while sandbox.forks < len(busy):  # noqa: ASYNC110 - the counter is a plain attribute, made for being looked at
            await asyncio.sleep(0.05)
        family = psutil.Process().children(recursive=True)
        sys.stdout.write(" ".join(str(member.pid) for member in family) + "\n")
        sys.stdout.flush()
        await asyncio.gather(*busy)


asyncio.run(main())
