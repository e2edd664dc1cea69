import json
import os
import socket
from pathlib import Path

import pytest

from app.local.kafka.configuration import Member, Quorum
from app.local.kafka.errors import FolderInUseError, ForeignFolderError
from app.local.kafka.folder import NodeFolder
from app.local.ports import LOOPBACK


@pytest.fixture
def folder(tmp_path: Path) -> NodeFolder:
    """A folder that ran before, as far as its own notes go."""
    folder = NodeFolder(tmp_path)
    folder.adopt(folder.quorum_of_one(), 1)
    folder.log.mkdir()
    return folder


def test_a_folder_in_use_names_the_process_that_has_it(folder: NodeFolder) -> None:
    held = folder.claim()
    with pytest.raises(FolderInUseError, match=rf"is in use by process {os.getpid()} \(.*choose another folder$"):
        folder.claim()
    os.close(held)


def test_a_stale_lock_file_is_no_lock(folder: NodeFolder) -> None:
    folder.lock.write_text("process 1 (long gone)")
    os.close(folder.claim())


def test_a_restart_keeps_cluster_and_ports(folder: NodeFolder) -> None:
    assert folder.quorum_of_one() == NodeFolder(folder.path).quorum_of_one()


def test_a_taken_port_is_replaced(folder: NodeFolder) -> None:
    before = folder.quorum_of_one()
    with socket.create_server((LOOPBACK, before.member(1).client_port)):
        after = folder.quorum_of_one()
    assert after.cluster_id == before.cluster_id
    assert after.member(1).client_port != before.member(1).client_port
    assert after.member(1).controller_port == before.member(1).controller_port


def test_data_of_another_version_is_refused(folder: NodeFolder) -> None:
    folder.identity.write_text(json.dumps(json.loads(folder.identity.read_text()) | {"kafka": "3.9.0"}))
    with pytest.raises(ForeignFolderError, match=r"holds the data of Kafka 3\.9\.0, not 4\.3\.1: remove it, or choose"):
        folder.quorum_of_one()


def test_data_of_another_cluster_is_refused(folder: NodeFolder) -> None:
    (folder.log / "meta.properties").write_text("version=1\ncluster.id=AnotherClusterAltogether\n")
    with pytest.raises(ForeignFolderError, match="another cluster"):
        folder.quorum_of_one()


def test_a_folder_does_not_change_its_cluster_or_its_node(folder: NodeFolder) -> None:
    mine = folder.quorum_of_one()
    with pytest.raises(ForeignFolderError, match="cluster_id"):
        folder.adopt(Quorum("MkU3OEVBNTcwNTJENDM2Qg", mine.members), 1)
    with pytest.raises(ForeignFolderError, match="node_id 1, not 2"):
        folder.adopt(Quorum(mine.cluster_id, (Member(2, 20001, 20002),)), 2)


@pytest.mark.parametrize("notes", [None, "not json"])
def test_data_that_is_not_ours_is_refused(folder: NodeFolder, notes: str | None) -> None:
    folder.identity.unlink()
    if notes is not None:
        folder.identity.write_text(notes)
    with pytest.raises(ForeignFolderError, match=r"(no|an unreadable) node\.json"):
        folder.quorum_of_one()
