"""What every record of the vocabulary shares: frozen, named fields only, tolerant of fields added later."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, PlainSerializer, StringConstraints

# A text field longer than this is no invoice term; it bounds every message that we write.
TEXT_LENGTH_MAX = 4_000
# Ids and codes are short; a longer one is an attack or a mistake.
CODE_LENGTH_MAX = 256

Text = Annotated[str, StringConstraints(max_length=TEXT_LENGTH_MAX)]
Code = Annotated[str, StringConstraints(max_length=CODE_LENGTH_MAX)]


class Record(BaseModel):
    """An immutable value. Unknown fields are ignored: a newer writer may know more than we do."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


# A moment in UTC with milliseconds, written as 2026-11-24T10:00:00.412Z.
Moment = Annotated[AwareDatetime, PlainSerializer(_iso, return_type=str, when_used="json")]
