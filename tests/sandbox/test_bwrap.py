"""bubblewrap behind the same interface: the same ends, the same hostile suite; missing, it is one clear error."""

import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from labkit import cli
from labkit.errors import SandboxUnavailable
from labkit.sandbox import Limits, Stopped, call, capabilities, run
from labkit.sandbox.broker import Pool
from labkit.sandbox.cases import hostile
from labkit.sandbox.conformance import LIMITS, implementation, self_check


@pytest.fixture
def bwrap():
    """Its path; skips where it is missing or may not make namespaces."""
    found = shutil.which("bwrap")
    if not found:
        pytest.skip("no bwrap here: apt-get install bubblewrap")
    if problem := capabilities("bwrap")["pid_ns"]:
        pytest.skip(f"bwrap does not work here: {problem}")
    return found


@pytest.mark.parametrize("mode", ["measure", "fast"])
def test_a_program_runs_and_is_measured(bwrap, mode):
    code = "import sys, os; print(sys.stdin.read().upper(), os.getcwd()); x = b'x' * (30 << 20)"
    done = run(code, stdin="hello", isolation="bwrap", mode=mode)
    assert (done.status, done.stdout) == ("ok", "HELLO /tmp\n"), done
    assert {"pid_ns", "mount_ns", "net_ns"} <= set(done.guards)
    assert done.figures["cpu_s"].value > 0 and 10 < done.figures["peak_mib"].value < 60


ENDS = {
    "sleeps": ("import time; time.sleep(60)", "timeout", Limits(wall_s=1)),
    "spins": ("while True: pass", "timeout", Limits(cpu_s=0.3)),
    "one big object": ("bytearray(2 << 30)", "memory_limit", Limits(memory_mib=256)),
    "memory of two": (
        "import os, time\nos.fork()\nx = b'x' * (160 << 20)\ntime.sleep(9)", "memory_limit", Limits(memory_mib=256)
    ),
    "fork bomb": ("import os\nwhile True: os.fork()", "process_limit", Limits(processes=8)),
    "output": ("while True: print('x' * 999)", "output_limit", Limits(output_kib=64)),
    "full disk": ("open('x', 'wb').write(bytes(8 << 20))", "output_limit", Limits(disk_mib=1)),
    "raises": ("1 / 0", "runtime_error", Limits()),
    "crashes": ("import ctypes; ctypes.string_at(0)", "runtime_error", Limits()),
    "denied": ("import os; os.chroot('/tmp')", "denied", Limits()),
}  # fmt: skip


@pytest.mark.parametrize("what", ENDS)
def test_every_end_has_the_same_status_as_without_bwrap(bwrap, what):
    code, status, limits = ENDS[what]
    by_bwrap, by_zygote = (run(code, limits=limits, isolation=by) for by in ("bwrap", "auto"))
    assert (by_bwrap.status, by_zygote.status) == (status, status), (by_bwrap, by_zygote)


def test_functions_are_called_and_compilers_confined(bwrap):
    done = call("def f(n): return [n] * n", "f", [(3,), (2,)], isolation="bwrap")
    assert done.values == ([3, 3, 3], [2, 2])
    done = run("int main(void) { return 3; }", language="c", isolation="bwrap")
    assert done.status == "unavailable" or done.exit_code == 3, done


# All of network, and some of what leads to files, the kernel and the neighbours; the whole suite runs by the command.
SAMPLE = {
    "files": "secret_file secret_file_by_symlink write_in_host_folder",
    "kernel": "mount unshare signal_the_host",
    "information": "environment_of_others processes_of_others namespaces_of_the_host",
}


def test_hostile_programs_are_held(bwrap):
    network = [case for case in hostile() if case.family == "network"]
    sample = [case for case in hostile() if case.name in SAMPLE.get(case.family, "").split()]
    assert len(network) > 20 and len(sample) == sum(len(names.split()) for names in SAMPLE.values())
    # the run between two cases under their limits too, or each case would have to wait for three bwraps
    runner = partial(implementation("bwrap")["runner"], limits=Limits(**LIMITS))
    with ThreadPoolExecutor(2) as threads:
        halves = threads.map(
            lambda half: self_check(half[0], mode=half[1], runner=runner),
            [(network, "fast"), (sample, "measure")],
        )
        found = [checked for half in halves for checked in half]
    assert len(found) == len(network) + len(sample)
    failures = [f"{c.family}/{c.name}: {c.problem}" for c in found if not c.passed]
    assert not failures, failures


def test_the_sample_notices_when_bwrap_is_not_there_at_all(bwrap):
    """The planted mutant: the runner that says bwrap and gives no isolation."""
    runner = implementation("none")["runner"]
    cases = [case for case in hostile() if case.name in ("secret_file", "processes_of_others", "ipv4")]
    assert not any(checked.passed for checked in self_check(cases, runner=runner))


def test_stop_ends_a_run_under_bwrap(bwrap):
    stop = threading.Event()
    threading.Timer(0.5, stop.set).start()
    started = time.monotonic()
    with pytest.raises(Stopped):
        run("import time; time.sleep(30)", isolation="bwrap", stop=stop)
    assert time.monotonic() - started < 10


def test_a_bwrap_that_does_not_work_says_why_and_nothing_is_run(tmp_path):
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\necho 'bwrap: no permission' >&2\nexit 1\n")
    broken.chmod(0o755)
    pool = Pool(bwrap=str(broken))
    try:
        on, problems = pool.known()
        assert "pid_ns" not in on and problems["pid_ns"] == "bwrap: no permission"
    finally:
        pool.close()


def test_without_namespaces_by_bwrap_a_run_is_refused(tmp_path, monkeypatch):
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\necho 'bwrap: no permission' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SandboxUnavailable, match=r"no permission.*isolation='none'") as caught:
        run("print(1)", isolation="bwrap")
    assert "\n" not in str(caught.value)


def test_a_missing_bwrap_is_one_clear_error(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SandboxUnavailable, match="apt-get install bubblewrap") as caught:
        run("print(1)", isolation="bwrap")
    assert "\n" not in str(caught.value)
    file = tmp_path / "x.py"
    file.write_text("print(1)")
    assert cli.main(["run", str(file), "--isolation", "bwrap"]) == 1
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and "bubblewrap" in err
    assert run("print(1)").ok, "the other implementation goes on"
