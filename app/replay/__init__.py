"""The recorded events once more through the stages that run here, and what differs from what was written then."""

from app.replay.bench import Bench, Ran
from app.replay.readers import Readers, no_bytes
from app.replay.replaying import replay
from app.replay.report import Difference, Replay, Step

__all__ = ["Bench", "Difference", "Ran", "Readers", "Replay", "Step", "no_bytes", "replay"]
