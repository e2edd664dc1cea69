from pathlib import Path

from app.local.kafka.configuration import Member, Quorum, Way, server_properties

ONE = Quorum("MkU3OEVBNTcwNTJENDM2Qg", (Member(1, 20001, 20002),))
THREE = Quorum("MkU3OEVBNTcwNTJENDM2Qg", tuple(Member(n, 20000 + n, 21000 + n) for n in (1, 2, 3)))


def rendered(quorum: Quorum, node_id: int) -> dict[str, str]:
    lines = server_properties(quorum, node_id, Path("/data/log")).splitlines()
    return {name: value for name, _, value in (line.partition("=") for line in lines)}


def test_a_node_alone_keeps_one_copy() -> None:
    properties = rendered(ONE, 1)
    assert properties["controller.quorum.voters"] == "1@127.0.0.1:20002"
    assert properties["offsets.topic.replication.factor"] == "1"
    assert properties["min.insync.replicas"] == "1"


def test_three_nodes_keep_three_copies_and_survive_the_loss_of_one() -> None:
    properties = rendered(THREE, 2)
    assert properties["node.id"] == "2"
    assert properties["controller.quorum.voters"] == "1@127.0.0.1:21001,2@127.0.0.1:21002,3@127.0.0.1:21003"
    assert properties["default.replication.factor"] == "3"
    assert properties["min.insync.replicas"] == "2"
    assert THREE.bootstrap_servers == "127.0.0.1:20001,127.0.0.1:20002,127.0.0.1:20003"


def test_topics_are_never_made_by_a_misspelling() -> None:
    assert rendered(ONE, 1)["auto.create.topics.enable"] == "false"


def test_nothing_listens_beyond_this_machine() -> None:
    properties = rendered(THREE, 1)
    addresses = properties["listeners"].split(",") + properties["advertised.listeners"].split(",")
    assert all("://127.0.0.1:" in address for address in addresses)


def test_a_way_through_something_in_between_advertises_its_port() -> None:
    member = Member(1, 20001, 20002, (Way(20003, 20004), Way(20005, 20006)))
    properties = rendered(Quorum(ONE.cluster_id, (member,)), 1)
    assert properties["listeners"].split(",") == [
        "PLAINTEXT://127.0.0.1:20001",
        "WAY0://127.0.0.1:20003",
        "WAY1://127.0.0.1:20005",
        "CONTROLLER://127.0.0.1:20002",
    ]
    assert properties["advertised.listeners"] == (
        "PLAINTEXT://127.0.0.1:20001,WAY0://127.0.0.1:20004,WAY1://127.0.0.1:20006"
    )
    assert "WAY1:PLAINTEXT" in properties["listener.security.protocol.map"]


def test_nodes_that_share_a_machine_take_less_memory() -> None:
    assert (ONE.heap, THREE.heap) == ("512m", "256m")
