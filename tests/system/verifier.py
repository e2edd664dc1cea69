"""An independent verifier: reads the topics as any outsider can, knows only what is promised to outsiders.

It imports nothing of ours. Run it against a broker:

    python -m tests.system.verifier --bootstrap HOST:PORT [--expected FILE] [--sealed FOLDER]

where FILE holds `{"documents": [...], "commands": [...]}` and FOLDER the sealed audit logs. It prints a report as JSON
and ends with 1 if anything is wrong: a document without an end, one with two different ends, a command that is missing,
invented, or issued twice with other bytes, an event that comes again and says something else, an order turned round
within a key, a record that no audit entry explains or that none of its reader's entries names, an audit entry of
another version or without its record, a payment that cannot be walked back by digests to the event it came from, a dead
letter, an audit entry that is not in its sealed log exactly once.
"""

import argparse
import asyncio
import json
import sys
from pathlib import Path

from tests.system import anomalies, records
from tests.system.anomalies import DEAD, ENDS, TOPICS, Report
from tests.system.records import Records
from tests.system.sealed import check_sealed

__all__ = ["ENDS", "TOPICS", "Records", "Report", "read_all", "verify"]


async def read_all(bootstrap: str, topics: tuple[str, ...] = (*TOPICS, *DEAD)) -> Records:
    """Return every record, by topic, each partition in order."""
    return await records.read_all(bootstrap, topics)


def verify(found: Records, documents: set[str], commands: set[str] | None, *, may_bury: bool = True) -> Report:
    """Return what is wrong with the records; `commands` None checks no set of commands."""
    report = Report()
    anomalies.check_ends(report, found, documents)
    anomalies.check_commands(report, found, commands)
    anomalies.check_repetitions(report, found)
    entries = anomalies.check_audit(report, found)
    anomalies.check_causes(report, found, entries)
    anomalies.check_order(report, found, entries)
    anomalies.check_walks(report, found, entries)
    if not may_bury:
        anomalies.check_dead(report, found)
    report.counts |= {topic: len(each) for topic, each in found.items() if each}
    return report


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--bootstrap", required=True)
    arguments.add_argument("--expected", help="JSON file with the documents sent and the commands that must come")
    arguments.add_argument("--sealed", type=Path, help="folder of the sealed audit logs; holds audit.entry/0, 1, ...")
    given = arguments.parse_args()
    found = asyncio.run(read_all(given.bootstrap))
    if given.expected:
        with open(given.expected, encoding="utf-8") as file:  # noqa: PTH123 - a stand-alone tool
            expected = json.load(file)
        report = verify(found, set(expected["documents"]), set(expected["commands"]))
    else:
        report = verify(found, {record.name for record in found["document.received"]}, None)
    if given.sealed:
        check_sealed(report, found, given.sealed)
    print(report.as_json())  # noqa: T201 - its output
    return 0 if report.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
