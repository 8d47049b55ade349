"""The sandbox's conformance suite: hostile programs against this machine, with canaries on the host.

Any other implementation of the sandbox must pass it too; for a user it says what holds here. A case
fails when a program reaches its aim, ends with another status than it should, or leaves a trace; a
candidate fails when the judge accepts what is wrong, or is charged too little for it.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from labkit.errors import BadInput

from .cases import Candidate, Program, hostile
from .execution import capabilities, guards_for, run
from .judge import CANDIDATE_LIMITS, CodeJudge
from .judge import Program as Source
from .languages import languages
from .results import Execution, Isolation, Limits, Mode

LIMITS = {"wall_s": 1, "cpu_s": 1, "memory_mib": 256, "processes": 16, "output_kib": 256, "disk_mib": 16}
PATIENT = {"wall_s": 10, "cpu_s": 10}

# A killed namespace is taken down by the kernel after the run has been answered for: milliseconds on a quiet
# machine, a good part of a second on a full one. What outlives this was not killed (the cases sleep longer).
FALL_S = 3.0


@dataclass(frozen=True)
class Checked:
    """One case's verdict; `problem` is empty when it passed."""

    name: str
    family: str
    status: str
    problem: str = ""

    @property
    def passed(self) -> bool:
        return not self.problem


class Canary:
    """Things on the host that a confined program must not read, change, contact or leave behind."""

    def __init__(self) -> None:
        self.secret, self.marker, self.neighbour = (secrets.token_hex(12) for _ in range(3))
        self.variable = f"LABKIT_CANARY_{secrets.token_hex(4)}"
        self.folder = Path(tempfile.mkdtemp(prefix="labkit-canary-"))
        (self.folder / "secret").write_text(self.secret)
        self.open = self.folder / "open"
        self.open.mkdir()
        self.open.chmod(0o777)
        (self.open / "kept").write_text("as it was")
        self.before = self._look()
        self.folder.chmod(0o755)
        os.environ[self.variable] = self.secret
        self.contacts: list[str] = []
        self.tcp = socket.create_server(("127.0.0.1", 0))
        self.unix, self.abstract = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
        self.unix.bind(str(self.folder / "socket"))
        self.name = f"labkit-{secrets.token_hex(6)}"
        self.abstract.bind(f"\0{self.name}")
        for listener in (self.unix, self.abstract):
            listener.listen()
        for listener in (self.tcp, self.unix, self.abstract):
            threading.Thread(target=self._listen, args=(listener,), daemon=True).start()

    def _listen(self, listener: socket.socket) -> None:
        try:
            while True:
                listener.accept()[0].close()
                self.contacts.append(str(listener.family))
        except OSError:
            return

    def _look(self) -> tuple:
        """Everything about the open folder that a program could change."""
        kept = self.open / "kept"
        facts = [
            (path.stat().st_mode, path.stat().st_mtime_ns, os.listxattr(path)) for path in (self.open, kept)
        ]
        return sorted(os.listdir(self.open)), kept.read_text(), facts

    def fill(self, code: str) -> str:
        """The program with its placeholders filled in."""
        values = {
            "SECRET_FILE": self.folder / "secret", "SECRET_ENV": self.variable, "HOST_DIR": self.open,
            "PORT": self.tcp.getsockname()[1], "UNIX_SOCKET": self.folder / "socket", "ABSTRACT": self.name,
            "MARKER": self.marker, "HOST_PID": os.getpid(), "NEIGHBOUR": self.neighbour,
        }  # fmt: skip
        for name, value in values.items():
            code = code.replace(f"@{name}@", str(value))
        return code

    def breach(self, output: str) -> str:
        """What of the host was reached; '' when nothing was."""
        if "ESCAPED" in output:
            return next(line for line in output.splitlines() if "ESCAPED" in line)[:200]
        if self.secret in output:
            return "the secret came out"
        if (now := self._look()) != self.before:
            return f"the host's folder was changed: {now}"
        if self.contacts:
            return f"contacted the host: {self.contacts[0]}"
        gone_by = time.monotonic() + FALL_S
        while pids := _with_word(self.marker):
            if time.monotonic() > gone_by:
                return f"processes left behind: {pids[:3]}"
            time.sleep(0.005)
        return ""

    def close(self) -> None:
        for listener in (self.tcp, self.unix, self.abstract):
            listener.close()
        os.environ.pop(self.variable, None)
        shutil.rmtree(self.folder, ignore_errors=True)


def _with_word(word: str) -> list[int]:
    found, needle = [], word.encode()
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != os.getpid():
            try:
                if needle in Path(f"/proc/{name}/cmdline").read_bytes():
                    found.append(int(name))
            except OSError:
                continue
    return found


def self_check(
    cases: Iterable[Program | Candidate] | None = None,
    *,
    mode: Mode = "measure",
    runner: Callable[..., Execution] = run,
    judge: Callable[..., CodeJudge] = CodeJudge,
    progress: Callable[[Checked], None] = lambda _: None,
) -> list[Checked]:
    """Run the hostile suite in order; `runner` and `judge` may be another implementation's."""
    found = []
    canary = Canary()
    try:
        for case in cases if cases is not None else hostile():
            if isinstance(case, Program):
                checked = _check_program(case, canary, runner, mode)
            else:
                checked = _check_candidate(case, judge)
            progress(checked)
            found.append(checked)
    finally:
        canary.close()
    return found


def summary(
    cases: Sequence[Program | Candidate], mode: Mode = "measure", isolation: Isolation = "auto"
) -> int:
    """Run the cases, print a row a family, what failed, and one line of JSON; 0 when all passed."""
    guards_for(isolation)
    problems = capabilities(isolation)
    for guard, problem in problems.items():
        print(f"{guard:14} {problem or 'on'}")
    for language, version in languages().items():
        print(f"{language:14} {version}")
    found = self_check(cases, mode=mode, **implementation(isolation))
    families = {checked.family: [c for c in found if c.family == checked.family] for checked in found}
    for family, checks in families.items():
        print(f"{family:20} {sum(c.passed for c in checks):3} of {len(checks)}")
    for checked in found:
        if not checked.passed:
            print(f"FAILED {checked.family}/{checked.name}: {checked.problem}")
    passed = sum(checked.passed for checked in found)
    unavailable = sum(map(bool, problems.values()))
    print(json.dumps({"cases": len(found), "passed": passed, "unavailable": unavailable}))
    return 0 if passed == len(found) else 1


def implementation(isolation: Isolation) -> dict[str, Callable]:
    """The runner and the judge of one implementation of the sandbox, for `self_check`."""
    return {"runner": partial(run, isolation=isolation), "judge": partial(CodeJudge, isolation=isolation)}


def _check_program(case: Program, canary: Canary, runner: Callable[..., Execution], mode: Mode) -> Checked:
    neighbour = None
    if "@NEIGHBOUR@" in case.code:
        code = f"import time; word = {canary.neighbour!r}; open('note', 'w').write(word); time.sleep(2)"
        neighbour = threading.Thread(target=runner, args=(code,))
        neighbour.start()
        time.sleep(0.2)
    try:
        patience = (
            {} if "timeout" in case.expect else PATIENT
        )  # what ends by itself may be slow on a full machine
        limits = Limits(**{**LIMITS, **patience, **case.limits})
        done = runner(canary.fill(case.code), limits=limits, mode=mode)
    except BadInput:  # a source that is no text never reaches the sandbox
        return Checked(case.name, case.family, "refused")
    if neighbour:
        neighbour.join()
    problem = canary.breach(done.stdout + done.stderr)
    if not problem and done.status not in case.expect:
        problem = f"ended as {done.status} ({done.detail[:80]}), not {' or '.join(sorted(case.expect))}"
    if not problem and runner("print('fine')", mode=mode).stdout != "fine\n":
        problem = "the next run was affected"
    return Checked(case.name, case.family, done.status, problem)


def _check_candidate(case: Candidate, judge: Callable[..., CodeJudge]) -> Checked:
    limits = replace(CANDIDATE_LIMITS, wall_s=5, memory_mib=512)
    by = judge(objective=case.objective, limits=limits)
    original = Source(case.original, "f")
    reference = by.learn(original, case.inputs)
    outcome = by.judge(reference, Source(case.code, "f"))
    problem = ""
    if case.expect == "rejected" and outcome.ok:
        problem = "was accepted"
    elif case.expect == "honest_cost" and outcome.ok:
        honest, charged = by.cost(by.judge(reference, original)), by.cost(outcome)
        if charged < 0.5 * honest:
            problem = f"was charged {charged:.3g} where the original costs {honest:.3g}"
    return Checked(case.name, case.family, outcome.status, problem)
