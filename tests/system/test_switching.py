"""Three workers under load, a real Kafka: a release is promoted and rolled back while documents flow.

Every record of every document names exactly one release, from extraction to payment, status and audit; nothing is lost;
and what is published once every worker shows a release is decided by it. How long it takes is measured by
`python -m benchmarks.switching` (docs/quality.md).
"""

import json
from pathlib import Path

import pytest

from app.dossier import collect
from app.replay import replay
from app.replay.readers import open_readers
from schemas.events import PaymentDecided
from tests.local.samples.chain import debtor_of
from tests.system.cluster import Cluster
from tests.system.releases import check_releases
from tests.system.switching import POLICY, Switched, switch
from tests.system.verifier import verify

pytestmark = [pytest.mark.system, pytest.mark.kafka, pytest.mark.timeout(900)]


async def test_a_switch_mixes_no_document_and_loses_none(tmp_path: Path) -> None:
    switched = await switch(tmp_path, then=each_release_is_replayed)
    print(json.dumps(switched.figures(), indent=1))  # noqa: T201 - shown where it fails
    report = verify(switched.records, set(switched.documents), None, may_bury=False)
    releases = check_releases(report, switched.records)
    assert report.is_clean, report.as_json()
    assert set(releases) == set(switched.documents)
    assert set(releases.values()) == {switched.code, switched.bundle.release_id}
    certain = dict(switched.certain())
    assert set(certain.values()) == {switched.code, switched.bundle.release_id}
    assert {name: releases[name] for name in certain} == certain
    the_release_decides_otherwise(switched)


async def each_release_is_replayed(cluster: Cluster, switched: Switched) -> None:
    """From the broker and the store alone: the bundle is on its topic, though its release was rolled back since."""
    certain = {release: document for document, release in switched.certain()}
    debtors = {"default": debtor_of(cluster.samples.debtor)}
    async with open_readers(cluster.settings) as readers:
        for release, document in certain.items():
            dossier = await collect(cluster.settings, document)
            found = await replay(dossier, readers, debtors, running=switched.code)
            assert found.is_equal, (release, found.gaps, found.differences)
            assert found.releases_recorded == (release,)
    assert len(certain) == 2


def the_release_decides_otherwise(switched: Switched) -> None:
    """Each decision says under which policy it fell, and none was approved under the one that approves nothing."""
    approved: dict[bool, int] = {True: 0, False: 0}
    for record in switched.records["payment.decided"]:
        decision = PaymentDecided.model_validate_json(record.value).decision
        by_the_release = decision.release == switched.bundle.release_id
        assert (decision.policy == POLICY.name) == by_the_release
        approved[by_the_release] += decision.outcome == "approve"
    assert approved[True] == 0
    assert approved[False] > 0
