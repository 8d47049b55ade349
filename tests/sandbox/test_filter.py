"""The seccomp filter, run by a small BPF interpreter of our own: every call there is, against the table."""

import ctypes
import struct

import pytest

from labkit.sandbox.inside import guards

pytestmark = pytest.mark.skipif(guards._ARCH is None, reason="no table for this architecture")
COLUMN, ARCH = guards._ARCH or (0, 0)
ALLOW, EPERM, EACCES, ENOSYS, KILL = 0x7FFF_0000, 0x0005_0001, 0x0005_000D, 0x0005_0026, 0x8000_0000
NUMBERS = {name: numbers[COLUMN] for name, numbers in guards.SYSCALLS.items()}


def verdict(number, arguments=(), arch=ARCH, unix_sockets=True):
    code, _ = guards.filter_program(unix_sockets)
    body = ctypes.string_at(code, len(code) - 1)  # a string buffer ends in a zero
    steps = list(struct.iter_unpack("=HBBI", body))
    data = struct.pack("=IIQ6Q", number, arch, 0, *arguments, *[0] * (6 - len(arguments)))
    accumulator = at = 0
    while True:
        operation, yes, no, operand = steps[at]
        at += 1
        if operation == 0x20:
            (accumulator,) = struct.unpack_from("=I", data, operand)
        elif operation == 0x06:
            return operand
        else:
            holds = {
                0x15: accumulator == operand,
                0x35: accumulator >= operand,
                0x45: accumulator & operand != 0,
            }
            at += yes if holds[operation] else no


def test_every_call_is_answered_as_the_table_says():
    by_argument = {"clone", "clone3", "fcntl", "prlimit64", "socket"}
    denied = {n for name, n in NUMBERS.items() if n is not None and name not in guards._NOT_DENIED}
    mixed = {NUMBERS[name] for name in by_argument}
    for number in range(600):
        if number not in mixed:
            assert verdict(number) == (EPERM if number in denied else ALLOW), number
    assert len(denied) > 50


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("clone", (17,), ALLOW),
        ("clone", (17 | guards.CLONE["user_ns"],), EPERM),
        ("clone", (0x0200_0000,), EPERM),
        ("clone3", (), ENOSYS),
        ("prlimit64", (0, 7), ALLOW),
        ("prlimit64", (1, 7), EPERM),
        ("fcntl", (3, 1031), EPERM),
        ("fcntl", (3, 3), ALLOW),
        ("socket", (1, 1), ALLOW),
        ("socket", (2, 1), EACCES),
        ("socket", (16, 3), EACCES),
    ],
)
def test_some_calls_depend_on_their_arguments(name, arguments, expected):
    assert verdict(NUMBERS[name], arguments) == expected


def test_without_a_private_network_there_are_no_sockets_at_all():
    assert verdict(NUMBERS["socket"], (1, 1), unix_sockets=False) == EACCES


def test_another_architectures_calls_end_the_program():
    assert verdict(NUMBERS["mount"], arch=0x4000_0003) == KILL
    assert verdict(0x4000_0000) == verdict(0x4000_0000 + NUMBERS["mount"]) == EPERM
