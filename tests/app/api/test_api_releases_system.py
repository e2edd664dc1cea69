"""`quittance release` against `quittance api` as a process: a real topic, two persons with a key each."""

import json
from pathlib import Path

import pytest

from app.api.keys import digest_of
from app.quality.shelf import FolderObjects, Shelf
from app.release import release_id
from app.settings import Settings
from app.topics import create_topics
from schemas.codec import encode
from tests.app.api.test_api_releases import report
from tests.app.api.test_api_system import KEY, Api

pytestmark = [pytest.mark.kafka, pytest.mark.system]
OTHER_KEY = "inv_live_other"


async def test_a_release_goes_all_the_way_and_back_from_the_command_line(kafka_bootstrap: str, tmp_path: Path) -> None:
    await create_topics(Settings(kafka_bootstrap_servers=kafka_bootstrap))
    api = Api(tmp_path, kafka_bootstrap)
    keys = [f"{name}:operator:{digest_of(key)}" for name, key in (("ann", KEY), ("bob", OTHER_KEY))]
    api.environment["QUITTANCE_API_KEYS"] = ",".join(keys)
    file = tmp_path / "bundle.json"
    file.write_text(json.dumps({"confidence_min": {"text": 0.97}, "reason": "a test"}), encoding="utf-8")
    with api.running():
        drafted = api.quittance("release", "draft", str(file), "--json")
        assert drafted.returncode == 0, drafted.stderr
        release = json.loads(drafted.stdout)["release_id"]
        early = api.quittance("release", "canary", release, "--share", "0.2")
        assert (early.returncode, early.stderr.count("\n")) == (1, 1)
        assert "override" in early.stderr
        unknown = api.quittance("release", "regressed", release, "--report", "sha256:" + "0" * 64)
        assert (unknown.returncode, "no report of a regression" in unknown.stderr) == (1, True)
        kept = Shelf(FolderObjects(tmp_path / "documents" / "quality")).put(
            "reports", encode(report(release, release_id()))
        )
        for step in (["regressed", "--report", kept], ["shadow", "--share", "0.1"], ["canary", "--share", "0.2"]):
            taken = api.quittance("release", step[0], release, *step[1:])
            assert taken.returncode == 0, taken.stderr
        alone = api.quittance("quality", "release", "promote", release)
        assert "1 more needed" in alone.stdout
        assert api.quittance("release", "promote", release, "--api-key", OTHER_KEY).returncode == 0
        (active,) = [line for line in api.quittance("release", "list").stdout.splitlines() if release in line]
        assert active.startswith("* ")
    with api.running():  # what a process knows it reads from the topic
        assert json.loads(api.quittance("release", "show", release).stdout)["promoted_by"] == ["ann", "bob"]
        back = api.quittance("release", "rollback", release, "--reason", "the test is over")
        assert (back.returncode, "retired" in back.stdout) == (0, True), back.stderr
        assert "the code alone" in api.quittance("release", "list").stdout
