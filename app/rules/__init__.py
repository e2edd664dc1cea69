"""The official rules of e-invoices, run in one process of their own.

    worker (asyncio)  --pipes-->  rules process (Saxon, compiled stylesheets, confined)

Saxon aborts the process in which two threads make processors, reads external entities, and holds 250 MB: so it lives
alone, is asked one thing at a time, and is killed where it hangs (docs/rules.md). See `OfficialRules` for the one
method, `RulesLimits` for every bound.
"""

from app.rules.limits import RulesLimits
from app.rules.rules import OfficialRules

__all__ = ["OfficialRules", "RulesLimits"]
