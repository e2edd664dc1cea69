"""`python -m tests.chaos.table`: the results in docs/chaos as the table of docs/chaos.md."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path("docs/chaos")
HEAD = (
    (
        "| kind | seed | documents | faults | lost | commands missing or invented | commands twice | events again |"
        " longest stand | clean |"
    ),
    "|---|---|---|---|---|---|---|---|---|---|",
)


def table(folder: Path = FOLDER) -> str:
    """Return one row a result, in the order of their names."""
    return "\n".join((*HEAD, *(_row(json.loads(file.read_text())) for file in sorted(folder.glob("*.json")))))


def _row(result: dict[str, Any]) -> str:
    counts, anomalies = result["verifier"]["counts"], result["verifier"]["anomalies"]

    def count(*kinds: str) -> int:
        return sum(anomalies.get(kind, {"count": 0})["count"] for kind in kinds)

    again = sum(number for what, number in counts.items() if what.startswith("repeated ") and what.endswith(EVENTS))
    cells = (
        f"{result['scenario']} {result['scale']}",
        result["seed"],
        f"{result['documents']:,}",
        sum(result["faults"].values()),
        count("lost"),
        count("missing command", "invented command"),
        counts["duplicated identical"],
        f"{again:,}",
        f"{result['seconds']['longest stand']:.0f} s",
        "yes" if result["clean"] else "**no**",
    )
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


# Statuses and audit entries are repeated with them.
EVENTS = ("extracted", "normalized", "validated", "decided", "issued")

if __name__ == "__main__":
    print(table())  # noqa: T201 - a command
