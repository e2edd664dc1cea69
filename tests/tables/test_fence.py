"""The fence: whose changes of a changelog count, record by record."""

from tables.fence import CLAIM, EPOCH, Fence, epoch_headers


def claim(fence: Fence, epoch: int, owner: str = "a", *, withdrawn: bool = False) -> bool:
    headers = epoch_headers(epoch, is_claim=True)
    return fence.admits(f"epoch {epoch} {owner}", headers, is_tombstone=withdrawn)


def change(fence: Fence, epoch: int | None, key: str = "k", *, is_tombstone: bool = False) -> bool:
    return fence.admits(key, {} if epoch is None else epoch_headers(epoch), is_tombstone=is_tombstone)


def test_records_of_before_there_were_claims_count() -> None:
    fence = Fence()
    assert change(fence, None)
    assert fence.epoch == 0


def test_a_claim_is_no_change_of_the_table() -> None:
    fence = Fence()
    assert not claim(fence, 1)
    assert (fence.epoch, fence.claims, fence.undone) == (1, {"epoch 1 a"}, set())


def test_a_change_under_the_claim_counts() -> None:
    fence = Fence()
    claim(fence, 1)
    assert change(fence, 1)


def test_a_change_under_an_older_claim_does_not_count_and_is_to_be_undone() -> None:
    fence = Fence()
    claim(fence, 1)
    change(fence, 1)
    claim(fence, 2, "b")
    assert not change(fence, 1)
    assert fence.undone == {"k"}


def test_a_change_without_number_does_not_count_behind_a_claim() -> None:
    fence = Fence()
    claim(fence, 1)
    assert not change(fence, None)


def test_the_owner_writes_over_what_a_zombie_wrote() -> None:
    fence = Fence()
    claim(fence, 2)
    change(fence, 1)
    assert change(fence, 2)
    assert not fence.undone


def test_a_zombies_tombstone_removes_nothing() -> None:
    fence = Fence()
    claim(fence, 2)
    assert not change(fence, 1, is_tombstone=True)


def test_a_late_claim_of_a_number_that_is_taken_fences_nobody() -> None:
    fence = Fence()
    claim(fence, 2, "owner")
    claim(fence, 2, "zombie")
    assert change(fence, 2)
    assert fence.claims == {"epoch 2 owner", "epoch 2 zombie"}


def test_a_late_claim_of_a_lower_number_fences_nobody() -> None:
    fence = Fence()
    claim(fence, 3)
    claim(fence, 2, "zombie")
    assert change(fence, 3)
    assert not change(fence, 2)


def test_a_change_stands_for_its_claim_where_that_was_withdrawn() -> None:
    fence = Fence()
    assert change(fence, 5)
    assert not change(fence, 4)


def test_a_claim_that_is_withdrawn_is_not_withdrawn_again() -> None:
    fence = Fence()
    claim(fence, 1)
    assert not claim(fence, 1, withdrawn=True)
    assert not fence.claims


def test_what_is_no_number_counts_as_none() -> None:
    fence = Fence()
    fence.admits("k", {EPOCH: b"-7"}, is_tombstone=False)
    fence.admits("k", {EPOCH: b"\xff"}, is_tombstone=False)
    fence.admits("k", {EPOCH: None}, is_tombstone=False)
    assert fence.epoch == 0


def test_a_claim_is_told_by_its_header_alone() -> None:
    assert set(epoch_headers(3, is_claim=True)) == {EPOCH, CLAIM}
    assert set(epoch_headers(3)) == {EPOCH}
