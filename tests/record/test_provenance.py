"""Provenance is true, cheap, and gives nothing away."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import labkit.record
from labkit.record import provenance


def test_it_names_no_path_no_host_no_command(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["secret-argument"])
    monkeypatch.chdir(tmp_path)
    text = str(provenance.provenance("x"))
    package = str(Path(labkit.record.__file__).parent)
    for hidden in ("secret", str(tmp_path), sys.prefix, package, os.uname().nodename):
        assert hidden not in text


def test_git_state(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert provenance.git_state() is None

    def git(*args):
        who = ("-c", "user.name=t", "-c", "user.email=t@example.org")
        return subprocess.run(["git", *who, *args], check=True, capture_output=True, text=True).stdout.strip()

    git("init")
    assert provenance.git_state() == {"commit": None, "dirty": False}
    Path("a").write_text("1")
    git("add", "a")
    git("commit", "-m", "a")
    commit = git("rev-parse", "HEAD")
    Path("runs").mkdir()
    Path("runs/new").write_text("records do not make a tree dirty")
    assert provenance.git_state() == {"commit": commit, "dirty": False}
    Path("a").write_text("2")
    assert provenance.git_state() == {"commit": commit, "dirty": True}


def test_no_git_is_null(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert provenance.git_state() is None


def test_the_source_hash_follows_the_code_not_where_it_lies(tmp_path):
    """The same in a checkout (widgets beside labkit) and installed (widgets inside it)."""
    package = Path(labkit.record.__file__).parents[1]
    checkout, installed = tmp_path / "checkout", tmp_path / "site-packages"
    only_code = shutil.ignore_patterns("__pycache__", "*.pyc")
    for place in (checkout / "labkit", installed / "labkit"):
        shutil.copytree(package / "record", place / "record", ignore=only_code)
    for widgets in (checkout / "widgets", installed / "labkit" / "widgets"):
        widgets.mkdir()
        (widgets / "run.js").write_text("export default {}")
    (checkout / "pyproject.toml").write_text("")
    (checkout / "labkit" / ".#run.py").symlink_to("nowhere")
    (installed / "widgets").mkdir()
    (installed / "widgets" / "somebody_elses.py").write_text("")

    def code(place):
        return sorted((name, path.read_bytes()) for name, path in provenance._code(place / "labkit"))

    assert code(checkout) == code(installed)
    assert "widgets/run.js" in dict(code(checkout))
    assert provenance.source_hash("x") not in (provenance.source_hash(), provenance.source_hash("y"))
