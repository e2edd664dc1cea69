"""The filter is judged by running it, for both machines, in the kernel's own instruction set."""

import errno
import struct

import pytest

from app.sandbox.seccomp import program

ALLOWED = 0x7FFF0000
REFUSED = 0x00050000 | errno.EPERM
UNKNOWN = 0x00050000 | errno.ENOSYS
KILLED = 0x80000000
PID = 4711
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

READ_ONLY, WRITE_ONLY, CREATE = 0, 1, 0o100


def verdict(machine: str, number: int, *arguments: int, architecture: int | None = None) -> int:
    """Runs the filter as the kernel would: a classic BPF program over struct seccomp_data."""
    words = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
    call = struct.pack("=IIQ6Q", number, architecture or ARCHITECTURES[machine], 0, *words)
    instructions: list[tuple[int, int, int, int]] = list(struct.iter_unpack("=HBBI", program(PID, machine)))
    accumulator = counter = 0
    while True:
        code, if_true, if_false, operand = instructions[counter]
        counter += 1
        match code:
            case 0x20:
                (accumulator,) = struct.unpack_from("=I", call, operand)
            case 0x15:
                counter += if_true if accumulator == operand else if_false
            case 0x35:
                counter += if_true if accumulator >= operand else if_false
            case 0x54:
                accumulator &= operand
            case 0x05:
                counter += operand
            case 0x06:
                return operand
            case _:
                pytest.fail(f"instruction {code:#x}")


# name: (x86_64, aarch64); numbers from the kernel's tables, typed anew here
NUMBERS = {
    "read": (0, 63),
    "write": (1, 64),
    "mmap": (9, 222),
    "exit_group": (231, 94),
    "getrandom": (318, 278),
    "socket": (41, 198),
    "connect": (42, 203),
    "sendto": (44, 206),
    "sendmsg": (46, 211),
    "execve": (59, 221),
    "execveat": (322, 281),
    "clone": (56, 220),
    "ptrace": (101, 117),
    "kill": (62, 129),
    "tkill": (200, 130),
    "unlinkat": (263, 35),
    "renameat2": (316, 276),
    "ftruncate": (77, 46),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "bpf": (321, 280),
    "prctl": (157, 167),
    "seccomp": (317, 277),
    "process_vm_readv": (310, 270),
    "memfd_create": (319, 279),
    "setuid": (105, 146),
    "shmget": (29, 194),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
}
FREE = ("read", "write", "mmap", "exit_group", "getrandom")


@pytest.mark.parametrize("machine", ARCHITECTURES)
@pytest.mark.parametrize("call", NUMBERS)
def test_calls_without_a_condition(machine: str, call: str) -> None:
    number = NUMBERS[call][list(ARCHITECTURES).index(machine)]
    assert verdict(machine, number) == (ALLOWED if call in FREE else REFUSED)


@pytest.mark.parametrize(("machine", "number"), [("x86_64", 257), ("aarch64", 56)])
@pytest.mark.parametrize("flags", [READ_ONLY, 0o2000000, WRITE_ONLY, 2, CREATE, 0o1000, WRITE_ONLY | CREATE])
def test_files_are_opened_for_reading_only(machine: str, number: int, flags: int) -> None:
    expected = ALLOWED if flags in {READ_ONLY, 0o2000000} else REFUSED
    assert verdict(machine, number, 0, 0, flags) == expected


@pytest.mark.parametrize(("machine", "number"), [("x86_64", 234), ("aarch64", 131)])
def test_signals_go_to_oneself_only(machine: str, number: int) -> None:
    assert verdict(machine, number, PID, PID, 6) == ALLOWED
    assert verdict(machine, number, PID + 1, PID, 9) == REFUSED


@pytest.mark.parametrize(("machine", "number"), [("x86_64", 302), ("aarch64", 261)])
def test_limits_of_others_are_out_of_reach(machine: str, number: int) -> None:
    assert verdict(machine, number, 0) == ALLOWED
    assert verdict(machine, number, 1) == REFUSED


@pytest.mark.parametrize(("machine", "number"), [("x86_64", 72), ("aarch64", 25)])
def test_a_descriptor_cannot_be_made_to_signal(machine: str, number: int) -> None:
    assert verdict(machine, number, 3, 3) == ALLOWED
    assert verdict(machine, number, 3, 8) == REFUSED  # F_SETOWN


@pytest.mark.parametrize("machine", ARCHITECTURES)
@pytest.mark.parametrize("number", [425, 434, 435, 437, 444, 500, 0x40000000, 0xFFFFFFFF])
def test_modern_and_foreign_numbers_do_not_exist(machine: str, number: int) -> None:
    assert verdict(machine, number) == UNKNOWN


def test_the_other_table_of_the_same_machine_is_death() -> None:
    assert verdict("x86_64", 0, architecture=0x40000003) == KILLED  # 32-bit calls have other numbers


def test_a_machine_without_a_table_is_refused() -> None:
    with pytest.raises(OSError, match="no list of system calls for riscv64"):
        program(PID, "riscv64")
