"""The hostile suite: every case passes here, and each planted weakening makes some of them fail."""

import json
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from labkit.sandbox import CodeJudge, capabilities
from labkit.sandbox.cases import FAMILIES, Candidate, Program, hostile
from labkit.sandbox.conformance import self_check
from labkit.sandbox.execution import Execution


def test_the_suite_is_large_named_and_complete():
    cases = hostile()
    assert len(cases) >= 70 and len({case.name for case in cases}) == len(cases)
    assert {case.family for case in cases} == set(FAMILIES) and len(FAMILIES) == 10
    assert all(case.why for case in cases)


def run_families(families, keep=lambda case: True, **options):
    """Each family in its own order, three families at a time: most cases only wait for a limit."""
    groups = [[c for c in hostile() if c.family == family and keep(c)] for family in families]
    with ThreadPoolExecutor(3) as pool:
        found = [
            checked
            for checks in pool.map(lambda cases: self_check(cases, **options), groups)
            for checked in checks
        ]
    return found, "\n".join(f"{c.family}/{c.name}: {c.problem}" for c in found if not c.passed)


def test_every_hostile_case_is_held():
    found, failures = run_families(FAMILIES)
    assert len(found) == len(hostile()) and not failures, failures


def test_the_fast_mode_holds_too():
    families = ["resources", "files", "network", "information"]
    _, failures = run_families(families, lambda case: isinstance(case, Program), mode="fast")
    assert not failures, failures


def bare(code, *, limits=None, mode=None):
    """No sandbox at all: what the suite must not accept."""
    with tempfile.TemporaryDirectory() as folder:  # the cases write where they stand
        try:
            done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=5, cwd=folder)
        except (subprocess.TimeoutExpired, ValueError):
            return Execution("timeout", "", "", None, {}, ())
    text = done.stdout.decode(errors="replace")
    return Execution("ok" if done.returncode == 0 else "runtime_error", text, "", done.returncode, {}, ())


def test_without_a_sandbox_the_suite_fails():
    """Only cases whose success harms nothing: reading the canary's own file, variable and port."""
    harmless = [
        c for c in hostile()
        if isinstance(c, Program) and c.family in ("information", "network")
        and any(word in c.code for word in ("@SECRET_ENV@", "@PORT@", "@UNIX_SOCKET@", "@ABSTRACT@"))
    ]  # fmt: skip
    found = self_check(harmless, runner=bare)
    assert len(found) >= 5 and sum(not c.passed for c in found) >= len(found) // 2


class Trusting(CodeJudge):
    """A mutant: takes every answer for right."""

    def _problem(self, reference, done):
        return None if done.ok else super()._problem(reference, done)


def test_a_judge_that_trusts_fails_the_suite():
    cases = [c for c in hostile() if isinstance(c, Candidate) and c.family == "grader_tampering"]
    assert any(not c.passed for c in self_check(cases, judge=Trusting))


def test_the_command_prints_a_table_and_one_line_of_json():
    command = [sys.executable, "-m", "labkit.cli", "self-check", "sandbox", "--family", "crashes"]
    done = subprocess.run(command, capture_output=True, text=True)
    last = json.loads(done.stdout.splitlines()[-1])
    assert done.returncode == 0 and last["cases"] == last["passed"] > 30
    assert last["unavailable"] == sum(bool(problem) for problem in capabilities().values())


def test_the_suite_passes_as_an_ordinary_user(ordinary_user):
    for family in ("files", "network", "information"):
        done = ordinary_user(
            "-m", "labkit.cli", "self-check", "sandbox", "--mode", "fast", "--family", family
        )
        assert done.returncode == 0, done.stdout + done.stderr
        last = json.loads(done.stdout.splitlines()[-1])
        assert last["cases"] == last["passed"] > 15
