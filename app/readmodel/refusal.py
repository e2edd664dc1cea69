"""Whose fault a refusal of the database is: the record's, which can never be stored, or the database's own.

What is the record's is passed over for good, so that only what surely is counts as that. SQLAlchemy's classes do not
tell on PostgreSQL: for asyncpg a value that cannot be stored, a server that shuts down, a full disk and a deadlock are
all the same plain error, and only the SQLSTATE tells them apart.
"""

import asyncpg
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

# PostgreSQL, appendix A: a value that does not fit its type, a broken constraint, a row larger than a page or an index
# can hold. Every other class speaks of the connection, the transaction, the statement or the server.
RECORD_CLASSES = ("22", "23", "54")


def is_of_record(refused: DBAPIError) -> bool:
    """Tell whether a database refuses a record for what the record says, however often it is tried."""
    if isinstance(refused, IntegrityError | DataError):
        return True
    driver = refused.orig
    if driver is not None and isinstance(
        driver.__cause__, asyncpg.DataError
    ):  # refused by the driver, before the server saw it
        return True
    return str(getattr(driver, "sqlstate", None) or "").startswith(RECORD_CLASSES)
