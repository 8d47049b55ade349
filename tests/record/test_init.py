"""The room's front door: its examples are true, every verb has one, and opening it is cheap."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

from labkit import record

MODULES = [f"labkit.record.{module.name}" for module in pkgutil.iter_modules(record.__path__)]


@pytest.mark.parametrize("module", MODULES)
def test_examples(module, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert doctest.testmod(importlib.import_module(module)).failed == 0


@pytest.mark.parametrize("name", [name for name in record.__all__ if name[0].islower()])
def test_every_verb_has_an_example(name):
    assert ">>>" in getattr(record, name).__doc__


LIGHT = """
import sys, types
labkit = types.ModuleType("labkit")  # what labkit/__init__ imports is not this room's doing
labkit.__path__ = [sys.argv[1]]
sys.modules["labkit"] = labkit
import labkit.record
heavy = {"pandas", "torch", "numpy", "subprocess", "hashlib", "importlib.metadata", "statistics"}
print(sorted(heavy & set(sys.modules)))
"""


def test_importing_the_record_room_is_light(finished):
    assert finished(LIGHT, Path(record.__file__).parents[1]) == "[]"
