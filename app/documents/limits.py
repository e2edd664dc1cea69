"""Every bound of the document store, named, with its reason. An operator may change each; none is without one."""

from dataclasses import dataclass

READ_CHUNK_BYTES = 256 * 1024  # hashed in 0.2 ms: the event loop never waits longer for one document
REFERENCE_CHARACTERS_MAX = 4096  # the longest path of Linux; S3 keys end at 1024 bytes
S3_KEY_BYTES_MAX = 1024  # S3 user guide, "Naming Amazon S3 objects"
FILE_THREADS_MAX = 8  # own threads, so that a hung network mount cannot starve the name resolver's
INCOMING_SECONDS_MAX = 3600  # a part file older than any write can be was left by a process that was killed


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one operation on one document may cost."""

    document_bytes_max: int = 20 * 1024**2
    """Ten times the largest invoice seen; held in memory once a document, times the documents in flight."""

    connections_max: int = 16
    """More than the documents that one worker has in flight, fewer than any S3 server minds."""

    connect_seconds_max: float = 3.0
    """A server that is there answers SYN within a second; one retransmission is granted."""

    stall_seconds_max: float = 10.0
    """The longest silence inside an answer. S3's own advice for first bytes is to retry far sooner."""

    attempt_seconds_max: float = 30.0
    """The largest document at 6 Mbit/s. Bounds the server that drips a byte before each stall would count."""

    operation_seconds_max: float = 90.0
    """All attempts and pauses together: well below Kafka's five minutes between polls."""

    attempts_max: int = 5
    """With the pauses below, outlives the seconds of an S3 slow-down or of a server's restart."""

    pause_seconds_first: float = 0.2
    """Upper end of the first pause; it doubles with each attempt. The pause is drawn from zero to it (full jitter)."""

    pause_seconds_max: float = 5.0
    """Upper end of every pause."""

    probe_seconds_max: float = 3.0
    """A readiness probe is asked every few seconds, and an answer that takes longer is a no."""
