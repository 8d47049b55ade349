"""Hostile programs: what a generated program may try against the sandbox and the judge.

Ten families, one file each, all data. A `Program` attacks the sandbox, a `Candidate` the judge.
Written without sight of the guards, so that the suite says what must hold, not what happens to.

Covered: using up resources, outliving limits, files, network, kernel, information, crashes, forged
results, tampered clocks, tampered graders. Not covered: hardware side channels and unknown kernel bugs.

A program prints ESCAPED and what it got when its attack worked; those whose success would harm the
host ask for the right to do harm (signal 0, an empty kexec image) and stop there. Two-part attacks
("leave_..." and then "find_...") stand next to each other and must run in the order of `hostile()`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module

FAMILIES = (
    "resources",
    "clocks_and_waiting",
    "files",
    "network",
    "kernel",
    "information",
    "crashes",
    "forged_results",
    "clock_tampering",
    "grader_tampering",
)

# `call(x86_number, aarch64_number, ...)`: a raw system call; -1 and `errno()` when refused.
RAW = """\
import ctypes, os, platform
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
ARM = platform.machine() == "aarch64"
def call(x86, arm, *args):
    wide = [ctypes.c_long(a) if isinstance(a, int) else a for a in args]
    return libc.syscall(ctypes.c_long(arm if ARM else x86), *wide)
def errno():
    return ctypes.get_errno()
"""

# `brand()`: write the marker over this process' own command line, which needs no exec.
BRAND = """\
import ctypes, os, signal, sys, time
def brand():
    fields = open("/proc/self/stat").read().rpartition(")")[2].split()
    word = b"@MARKER@"
    ctypes.memmove(int(fields[45]), word + bytes(1), len(word) + 1)
"""


@dataclass(frozen=True)
class Program:
    """A whole program for `sandbox.run(code, limits)`; `expect` holds the acceptable statuses.

    `limits` overrides wall_s=1, cpu_s=1, memory_mib=256, processes=16, output_kib=256, disk_mib=16.
    Placeholders in `code`: @SECRET_FILE@ @SECRET_ENV@ @HOST_DIR@ @PORT@ @UNIX_SOCKET@ @ABSTRACT@
    @MARKER@ @HOST_PID@ @NEIGHBOUR@.
    """

    name: str
    family: str
    code: str
    expect: frozenset[str]
    why: str = ""
    limits: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Candidate:
    """A function `f` that the judge must not be fooled by, beside the original it claims to improve.

    `expect`: "rejected"; "honest_cost" (if accepted, its measured CPU seconds or peak MiB are at least
    half of the original's); "honest_answer" (if accepted, its values were really equal).
    """

    name: str
    family: str
    original: str
    code: str
    inputs: tuple[tuple, ...]
    expect: str
    objective: str = "time"
    why: str = ""


def program(family: str, name: str, why: str, expect: str, code: str, prelude: str = "", **limits) -> Program:
    """A Program from an indented text; `expect` is a line of statuses."""
    return Program(name, family, prelude + clean(code), frozenset(expect.split()), why, limits)


def clean(code: str) -> str:
    """The text without its common indentation and outer blank lines."""
    return textwrap.dedent(code).strip("\n") + "\n"


def hostile() -> tuple[Program | Candidate, ...]:
    """Every case, family by family, in the order in which the cases should run."""
    modules = [import_module(f".{family}", __name__) for family in FAMILIES]
    return tuple(case for module in modules for case in module.CASES)
