"""A3: our proofs hold for somebody else's verifier, and theirs for ours; the formats are C2SP's to the byte."""

import random

import pytest
from pymerkle import InmemoryTree, InvalidProof, verify_consistency, verify_inclusion
from pymerkle.proof import InclusionProof as TheirInclusion

from app.audit_log.offline.note import Checkpoint, Note, NoteWrong, VerifierKey, opened, sealed
from app.audit_log.offline.proof import ConsistencyProof, InclusionProof, ProofWrong
from app.audit_log.offline.tree import (
    EMPTY_ROOT,
    Frontier,
    PathWrong,
    consistency_ranges,
    inclusion_ranges,
    leaf_hash,
    node_hash,
    range_hash,
    root_by_inclusion,
    roots_by_consistency,
)
from app.audit_log.prover import NotSealed, Prover
from tests.audit_log.logs import KEY, ORIGIN, MemoryPlace, sealing_key
from tests.audit_log.logs import sealed as sealed_place

INCLUSIONS, CONSISTENCIES = 10_000, 1_000
SIZE_MAX = 3_000
KEYS = (KEY.named(ORIGIN),)


def test_the_tree_is_that_of_the_rfc() -> None:
    """RFC 6962 section 2.1: the empty tree, a leaf, and the seven leaves of section 2.1.3."""
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    a, b, c, d, e, f, j = (leaf_hash(bytes([each])) for each in range(7))
    g, h, i = node_hash(a, b), node_hash(c, d), node_hash(e, f)
    k = node_hash(g, h)
    left_of_j = node_hash(i, j)
    tree = Frontier().grown([a, b, c, d, e, f, j])
    assert tree.root == node_hash(k, left_of_j)
    nodes = Frontier().nodes([a, b, c, d, e, f, j])

    def path(index: int) -> list[bytes]:
        return [range_hash(each, nodes.__getitem__) for each in inclusion_ranges(index, 7)]

    assert [path(0), path(3), path(4), path(6)] == [[b, h, left_of_j], [c, g, left_of_j], [f, j, k], [i, k]]
    grown = [[range_hash(each, nodes.__getitem__) for each in consistency_ranges(older, 7)] for older in (3, 4, 6)]
    assert grown == [[c, d, g, left_of_j], [left_of_j], [i, j, k]]


@pytest.fixture(scope="module")
def theirs() -> InmemoryTree:
    tree = InmemoryTree(algorithm="sha256")
    for number in range(SIZE_MAX):
        tree.append_entry(f"entry {number}".encode())
    return tree


@pytest.fixture(scope="module")
def hashes() -> list[bytes]:
    return [leaf_hash(f"entry {number}".encode()) for number in range(SIZE_MAX)]


def test_ten_thousand_inclusion_proofs_agree_with_an_independent_verifier(
    theirs: InmemoryTree, hashes: list[bytes]
) -> None:
    nodes, choice = Frontier().nodes(hashes), random.Random(3)
    roots = {size: theirs.get_root(size) for size in choice.sample(range(1, SIZE_MAX + 1), 500)}
    for _ in range(INCLUSIONS):
        size = choice.choice(list(roots))
        index = choice.randrange(size)
        path = [range_hash(each, nodes.__getitem__) for each in inclusion_ranges(index, size)]
        proof = theirs.prove_inclusion(index + 1, size)
        assert their_path(proof) == [hashes[index], *path]
        verify_inclusion(hashes[index], roots[size], proof)
        assert root_by_inclusion(index, size, hashes[index], path) == roots[size]


def test_a_thousand_consistency_proofs_agree_with_an_independent_verifier(
    theirs: InmemoryTree, hashes: list[bytes]
) -> None:
    nodes, choice = Frontier().nodes(hashes), random.Random(4)
    for _ in range(CONSISTENCIES):
        newer = choice.randrange(2, SIZE_MAX + 1)
        older = choice.randrange(1, newer)
        roots = theirs.get_root(older), theirs.get_root(newer)
        path = [range_hash(each, nodes.__getitem__) for each in consistency_ranges(older, newer)]
        verify_consistency(*roots, theirs.prove_consistency(older, newer))
        assert roots_by_consistency(older, newer, roots[0], path) == roots


def test_both_refuse_a_path_that_was_tampered_with(theirs: InmemoryTree, hashes: list[bytes]) -> None:
    proof = theirs.prove_inclusion(12, 100)
    with pytest.raises(InvalidProof):
        verify_inclusion(hashes[12], theirs.get_root(100), proof)
    nodes = Frontier().nodes(hashes[:100])
    path = [range_hash(each, nodes.__getitem__) for each in inclusion_ranges(11, 100)]
    assert root_by_inclusion(11, 100, hashes[12], path) != theirs.get_root(100)
    for wrong in (path[:-1], [*path, bytes(32)]):
        with pytest.raises(PathWrong):
            root_by_inclusion(11, 100, hashes[11], wrong)


def their_path(proof: TheirInclusion) -> list[bytes]:
    return [bytes(each) for each in proof.path]


@pytest.fixture(scope="module")
def log() -> MemoryPlace:
    return sealed_place([1, 6, 13, 2, 30, 1, 11])


def test_every_entry_of_a_log_is_proven_from_its_segments(log: MemoryPlace) -> None:
    prover = Prover(log, KEYS)
    for index in range(prover.checkpoint.size):
        proof = InclusionProof.parse(bytes(prover.inclusion(index)))
        assert proof.verified(KEYS) == prover.checkpoint
        assert proof.leaf is not None
        assert b'"entry_id":"e%d"' % index in proof.leaf


def test_every_older_size_of_a_log_is_proven_to_have_grown_into_it(log: MemoryPlace) -> None:
    prover = Prover(log, KEYS)
    hashes = [leaf_hash(prover.leaf(index)) for index in range(prover.checkpoint.size)]
    for older in range(1, prover.checkpoint.size + 1):
        before = Checkpoint(ORIGIN, older, Frontier().grown(hashes[:older]).root)
        note = sealed(before.text, KEYS[0], KEY.sign)
        proof = ConsistencyProof.parse(bytes(prover.consistency(older)))
        assert proof.verified(KEYS, note) == prover.checkpoint
        lie = sealed(Checkpoint(ORIGIN, older, bytes(32)).text, KEYS[0], KEY.sign)
        with pytest.raises(ProofWrong):
            proof.verified(KEYS, lie)


def test_a_proof_of_another_entry_or_by_another_key_proves_nothing(log: MemoryPlace) -> None:
    proof = Prover(log, KEYS).inclusion(9)
    with pytest.raises(ProofWrong, match="another than this"):
        proof.verified(KEYS, leaf=b"another")
    with pytest.raises(ProofWrong, match="no known key"):
        proof.verified([sealing_key("other").named(ORIGIN)])


def test_every_byte_of_a_proof_matters(log: MemoryPlace) -> None:
    whole = bytes(Prover(log, KEYS).inclusion(9))
    for at in range(len(whole)):
        changed = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        with pytest.raises(ProofWrong):
            InclusionProof.parse(changed).verified(KEYS)


def test_what_is_not_sealed_is_not_proven(log: MemoryPlace) -> None:
    prover = Prover(log, KEYS)
    with pytest.raises(NotSealed):
        prover.inclusion(prover.checkpoint.size)
    with pytest.raises(NotSealed):
        prover.consistency(prover.checkpoint.size + 1)
    with pytest.raises(NotSealed):
        Prover(MemoryPlace(), KEYS)


def test_nothing_is_proven_of_a_damaged_log(log: MemoryPlace) -> None:
    damaged = MemoryPlace(dict(log.objects))
    name = "segments/000/000/004.jsonl"
    damaged.objects[name] = damaged.objects[name].replace(b'"entry_id":"e30"', b'"entry_id":"e31"')
    with pytest.raises(ProofWrong):
        Prover(damaged, KEYS).inclusion(30)


def test_a_proof_is_written_as_the_specification_has_it(log: MemoryPlace) -> None:
    lines = bytes(Prover(log, KEYS).inclusion(0)).decode().split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert lines[1].startswith("extra ")
    assert lines[2] == "index 0"
    empty = lines.index("")
    assert all(len(line) == 44 for line in lines[3:empty])
    assert lines[empty + 1 : empty + 3] == [ORIGIN, "64"]
    assert lines[-2].startswith(f"— {ORIGIN} ")


# From the documentation of Go's module golang.org/x/mod/sumdb/note, which the format comes from, and its public log.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_SUM = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
SIGNED = """If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""


def test_a_note_that_another_program_has_signed_is_verified() -> None:
    key = VerifierKey.parse(NEUMANN)
    assert str(key) == NEUMANN
    assert Note.parse(SIGNED.encode()).signed_by([key]) == key
    with pytest.raises(NoteWrong, match="false"):
        Note.parse(SIGNED.replace("answer", "anchor").encode()).signed_by([key])


def test_a_key_has_the_key_id_that_everybody_gives_it() -> None:
    assert VerifierKey.parse(GO_SUM).key_id.hex() == "033de0ae"
    with pytest.raises(NoteWrong, match="key id"):
        VerifierKey.parse(GO_SUM.replace("033de0ae", "033de0af"))


def test_signatures_of_strangers_are_passed_over_and_false_ones_of_known_keys_are_not() -> None:
    text, other = Checkpoint(ORIGIN, 1, bytes(32)).text, sealing_key("other")
    mine, theirs = sealed(text, KEYS[0], KEY.sign), sealed(text, other.named("witness.example"), other.sign)
    both = mine + theirs.split(b"\n\n")[1]
    assert opened(both, KEYS).size == 1
    false = sealed(text, other.named(ORIGIN), KEY.sign)
    with pytest.raises(NoteWrong, match="false"):
        opened(mine + false.split(b"\n\n")[1], [*KEYS, other.named(ORIGIN)])


def test_a_key_of_another_log_does_not_sign_for_this_one() -> None:
    text = Checkpoint(ORIGIN, 1, bytes(32)).text
    named = KEY.named("example.org/elsewhere")
    with pytest.raises(NoteWrong, match="no known key"):
        opened(sealed(text, named, KEY.sign), [named])


@pytest.mark.parametrize(
    "text",
    ["", "a\n", "a\n1\n", "a\n01\nAAAA\n", "a\n-1\nAAAA\n", "a\n1\nAAAA\n", f"a\n1\n{'A' * 42}B=\n", "\n1\nAAAA\n"],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteWrong):
        Checkpoint.parse(text)
