"""Documents are read in limited child processes only; a hostile one costs its own child and nothing else.

    worker (asyncio)  --control-->  zygote (imports the reader, reads no document)
          |                            | fork, on demand
          +-------- channel -------->  child (confined; document in, answer out)

The worker never imports a PDF or XML library. See `Sandbox` for the one method, `Limits` for every bound.
"""

from app.sandbox.death import Death, Reason, Starved
from app.sandbox.errors import SandboxError
from app.sandbox.limits import Limits
from app.sandbox.sandbox import Sandbox

__all__ = ["Death", "Limits", "Reason", "Sandbox", "SandboxError", "Starved"]
