"""Finds the logs of an installation by its settings: where they are, what they are called, whose keys count."""

from pathlib import Path

from app.audit_log.keys import known_keys, log_name, origin_of, sealing_key
from app.audit_log.log import SealedLog
from app.audit_log.place import FolderPlace, Place
from app.audit_log.place_s3 import BucketPlace, s3_client
from app.documents.store import parse_location
from app.extraction import documents_config
from app.settings import Settings
from schemas.topics import AUDIT_ENTRY

# Below the documents' own place: they lie in folders of two digits, so that no name is taken twice.
BELOW_DOCUMENTS = "audit"


def audit_location(settings: Settings) -> str:
    """Return where the segments are kept."""
    return settings.audit or f"{settings.documents.rstrip('/')}/{BELOW_DOCUMENTS}"


class Places:
    """Makes the places of logs. One client serves all that are in buckets."""

    def __init__(self, settings: Settings, home: str | None = None, second: str | None = None) -> None:
        """Nothing is asked of a storage here. `home` and `second` stand in for what the settings say, if any is given.

        Raises:
            ValueError: where a setting names neither a folder nor a bucket.
        """
        self._settings = settings
        beside = second if home or second else settings.audit_checkpoints
        self._home = parse_location(home or audit_location(settings))
        self._second = parse_location(beside) if beside else None
        config = documents_config(settings).s3
        in_bucket = isinstance(self._home, tuple) or isinstance(self._second, tuple)
        self._client = s3_client(config) if in_bucket else None

    def home(self, name: str) -> Place:
        """Return the place of the log of a name."""
        return self.at(self._home, name)

    def second(self, name: str) -> Place | None:
        """Return where its checkpoints are kept too, None where nowhere."""
        return None if self._second is None else self.at(self._second, name)

    def at(self, location: Path | tuple[str, str], name: str) -> Place:
        """Return the place of a name below a location."""
        if isinstance(location, Path):
            return FolderPlace(location / name)
        bucket, prefix = location
        below = f"{prefix}/{name}/" if prefix else f"{name}/"
        return BucketPlace(self._client, bucket, below, self._settings.audit_retention_days)


def sealed_log(settings: Settings, places: Places, partition: int) -> SealedLog:
    """Return the log of a partition, not yet opened.

    Raises:
        AuditKeyWrong: where no key is configured to seal with, or a file of keys is not one.
    """
    name, key = log_name(partition), sealing_key(settings.audit_key_file)
    known = known_keys(settings)
    return SealedLog(places.home(name), places.second(name), origin_of(settings, partition), key, known)


def logs_at(places: Places) -> list[int]:
    """Return the partitions that have a log, or had one: the second place knows of those that are gone.

    Raises:
        PlaceUnavailable: where the storage does not answer.
    """
    second = places.second(AUDIT_ENTRY.name)
    return sorted({*places.home(AUDIT_ENTRY.name).children(), *(second.children() if second else ())})
