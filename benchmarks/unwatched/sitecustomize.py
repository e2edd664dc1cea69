"""Read by each Python that has this folder on its path: takes counting and audit entries out of a worker.

For benchmarks/watching.py alone, which wants to know what they cost. No setting does this, and none should.
"""

import sys
from dataclasses import replace
from typing import Any

if "--role" in sys.orig_argv:
    import agents.stage
    from agents import waves as making
    from app.ports import WorkerPorts

    def plain(stage: str, place: Any, effects: Any, *, release: str, at: Any) -> Any:
        """Return what `agents.waves.waves` does, without the entry."""
        if effects.correlation_id is not None:
            older = place.envelope.model_copy(update={"correlation_id": effects.correlation_id})
            place = replace(place, envelope=older)
        first = making._going_on(stage, place, effects.first)  # noqa: SLF001 - a part is taken out
        then = making._going_on(stage, place, effects.then)  # noqa: SLF001
        told = making._status(place, effects, release, at)  # noqa: SLF001
        status = tuple(making._outgoing(stage, place, each, place.trace) for each in told)  # noqa: SLF001
        retold = making._going_on(stage, place, effects.retelling.then if effects.retelling else ())  # noqa: SLF001
        return first, status, retold or then

    def judged(ports: Any, seen: Any) -> None:
        """Count nothing; whether a stage buries event after event is judged all the same."""
        ports._stops.observe(seen.stage, seen.effects.outcome)  # noqa: SLF001

    vars(agents.stage)["waves"] = plain
    setattr(WorkerPorts, "observe", judged)  # noqa: B010 - a method is replaced
