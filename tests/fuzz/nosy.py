"""`python -m tests.fuzz.nosy`: reads the documents that reach out; a test runs it under strace."""

import asyncio

from tests.fuzz.readings import read_all
from tests.fuzz.verdicts import nosy

if __name__ == "__main__":
    asyncio.run(read_all(nosy(), processes=1))
