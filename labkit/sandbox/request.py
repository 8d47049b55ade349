"""What a broker is asked to run, checked first; and what its reply says of how the run ended."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any, Literal

from labkit.errors import BadInput

from .broker import FLAGS, THREADS, packages, python
from .counts import valgrind
from .inside.watch import SAMPLE_S
from .languages import Toolchain
from .results import Limits, Mode

MODES = ("measure", "fast")
MAX_SOURCE_MIB = 8
Count = Literal["", "perf", "cachegrind"]
_HARNESS = (Path(__file__).parent / "inside" / "child.py").read_text()


def checked_source(code: str) -> bytes:
    """The source as UTF-8; BadInput when it is not text or absurdly long."""
    if not isinstance(code, str):
        raise BadInput(f"the program is a {type(code).__name__}: give its source as a str")
    try:
        source = code.encode()
    except UnicodeEncodeError as error:
        raise BadInput(f"the program is not valid text: {error.reason} at character {error.start}") from None
    if len(source) > MAX_SOURCE_MIB << 20:
        raise BadInput(f"the program has {len(source) >> 20} MiB: at most {MAX_SOURCE_MIB} MiB of source")
    return source


def checked_stdin(stdin: str | bytes) -> bytes:
    if isinstance(stdin, bytes):
        return stdin
    if not isinstance(stdin, str):
        raise BadInput(f"stdin is a {type(stdin).__name__}: give a str or bytes")
    try:
        return stdin.encode()
    except UnicodeEncodeError as error:
        raise BadInput(f"stdin is not valid text: {error.reason} at character {error.start}") from None


def checked_limits(limits: Limits | None, default: Limits | None = None) -> Limits:
    if limits is not None and not isinstance(limits, Limits):
        raise BadInput(f"limits is a {type(limits).__name__}: give labkit.Limits(wall_s=..., memory_mib=...)")
    return limits or default or Limits()


def check_mode(mode: str) -> None:
    if mode not in MODES:
        raise BadInput(f"mode={mode!r}: choose one of {', '.join(MODES)}")


def check_repeats(repeats: int) -> None:
    if not isinstance(repeats, int) or isinstance(repeats, bool) or repeats < 1:
        raise BadInput(f"repeats={repeats!r}: give a whole number from 1 on")


def make_request(
    arguments: list[str],
    limits: Limits,
    *,
    mode: Mode = "measure",
    files: dict[str, bytes] | None = None,
    stdin: bytes = b"",
    messages: list[bytes] | None = None,
    hash_seed: int = 0,
    chain: Toolchain | None = None,
    count: Count = "",
    sample_s: float = SAMPLE_S,
) -> dict[str, Any]:
    """What the broker is asked to run; `arguments` are the harness's (inside/child.py)."""
    check_mode(mode)
    if mode == "fast" and hash_seed:
        raise BadInput("mode='fast' has one hash seed, 0: use mode='measure' for another")
    env = {
        "PATH": "/usr/bin:/bin",
        "HOME": "/tmp",
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": str(hash_seed),
        **THREADS,
    }
    language = chain.language if chain else None
    if language and language.run:
        argv, mark = chain.command(language.run, limits.memory_mib), "exec"
        env.update(language.env or {})
    elif mode == "fast":
        argv, mark = None, "greet"
    else:
        argv, mark = [python(), *FLAGS, "-c", _HARNESS, *arguments, *packages()], "hello"
    if count == "cachegrind":
        argv, mark = [*valgrind(), *argv], "exec"
    return {
        "argv": argv,
        "arguments": arguments,
        "mark": "calls" if messages else mark,
        "env": env,
        "files": files or {},
        "stdin": stdin,
        "messages": messages or [],
        "limits": {**limits.to_json(), "threads": language.threads if language else 0},
        "address_space": count != "cachegrind" and (language.address_space if language else True),
        "core": None,
        "count": count == "perf",
        "sample_s": sample_s,
    }


def exception_status(name: str) -> str:
    named = {"MemoryError": "memory_limit", "PermissionError": "denied", "BlockingIOError": "process_limit"}
    return named.get(name, "runtime_error")


def ending(reply: dict[str, Any], stderr: str) -> tuple[str, str, int | None]:
    """(status, detail, exit code) from what the broker saw; stderr only names a failure more exactly."""
    wait = reply.get("wait_status")
    code = None if wait is None else os.waitstatus_to_exitcode(wait)
    if reply.get("status"):
        return reply["status"], reply["detail"], code
    if code is None:
        return "internal_error", "the program's end was not seen", None
    if code == 0:
        return "ok", "", 0
    if code < 0:
        name = signal.Signals(-code).name if -code in signal.valid_signals() else f"signal {-code}"
        status = {"SIGXCPU": "timeout", "SIGXFSZ": "output_limit"}.get(name, "runtime_error")
        return status, f"ended by {name}", code
    last = stderr.strip().rpartition("\n")[2]
    kind = last.partition(":")[0] if code == 1 else ""
    if last.startswith(("OSError: [Errno 27]", "OSError: [Errno 28]")):  # file too large, no space left
        return "output_limit", last, code
    status = exception_status(kind)
    if status == "denied":
        last = f"{last}, at: {_tried(stderr)}"
    return status, last if kind else f"exit code {code}", code


def _tried(stderr: str) -> str:
    """The program's own line in its traceback that was refused."""
    lines = [line.strip() for line in stderr.splitlines()]
    at = [i for i, line in enumerate(lines) if line.startswith('File "main.py"')]
    return lines[at[-1] + 1] if at and at[-1] + 1 < len(lines) else "its start"
