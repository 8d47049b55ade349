"""Run a program under a chosen set of guards, as the broker is asked to; used to plant weakenings."""

import os
import shutil
import subprocess
import sys

import pytest

from labkit.sandbox import Limits, capabilities
from labkit.sandbox.broker import Pool
from labkit.sandbox.request import make_request

LIMITS = Limits(wall_s=5, processes=8, memory_mib=256, output_kib=64, disk_mib=8)


@pytest.fixture
def attempt():
    """attempt(code, without={...}) -> (the broker's reply, stdout)"""
    pools = {}

    def run(code, without=(), limits=LIMITS):
        guards = tuple(
            name for name, problem in capabilities().items() if not problem and name not in without
        )
        pool = pools.setdefault(guards, Pool(guards))
        reply = pool.request(make_request(["script", "main.py"], limits, files={"main.py": code.encode()}))
        return reply, reply.get("stdout", b"").decode(errors="replace").strip()

    yield run
    for pool in pools.values():
        pool.close()


@pytest.fixture
def needs():
    """needs("landlock"): skip where this machine does not offer the guard."""

    def check(*names):
        for name in names:
            if capabilities()[name]:
                pytest.skip(f"{name} is not to be had here: {capabilities()[name]}")

    return check


@pytest.fixture
def ordinary_user(tmp_path):
    """ordinary_user(*arguments) -> the finished Python process; for root this is really another user."""

    def python(*arguments):
        if os.geteuid() != 0:
            return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, cwd="/")
        command = [interpreter, *arguments]
        environment = {"PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1", "PATH": "/usr/bin:/bin"}
        return subprocess.run([*OTHER, *command], capture_output=True, text=True, cwd="/", env=environment)

    if os.geteuid() == 0:
        interpreter = next((p for p in ("/usr/bin/python3", sys.executable) if _usable_by_others(p)), None)
        if interpreter is None:
            pytest.skip("no interpreter that another user may run")
        # the package is copied where another user can read it
        package = os.path.dirname(sys.modules["labkit"].__file__)
        shutil.copytree(package, tmp_path / "labkit", ignore=shutil.ignore_patterns("__pycache__"))
        subprocess.run(["chmod", "-R", "a+rX", tmp_path], check=True)
        for folder in tmp_path.parents:
            if folder.stat().st_uid == os.geteuid() and folder != folder.parent and str(folder) != "/tmp":
                folder.chmod(folder.stat().st_mode | 0o055)
    return python


OTHER = ["setpriv", "--reuid=12345", "--regid=12345", "--clear-groups"]


def _usable_by_others(path):
    check = [*OTHER, path, "-c", "import sys; assert sys.version_info >= (3, 11)"]
    return subprocess.run(check, capture_output=True).returncode == 0
