"""The house itself: one dependency truth, cheap imports, every package shipped, README and CI agree."""

import importlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

import labkit

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
OWNERS_SEVEN = ["jupyterlab", "ipywidgets", "torch", "transformers", "triton", "matplotlib", "papermill"]


def _name(requirement):
    return re.match(r"[\w.-]+", requirement)[0].lower()


def test_environment_yml_names_the_owners_seven_and_pyproject_has_them_all():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    pip = next(d["pip"] for d in environment["dependencies"] if isinstance(d, dict))
    assert pip == [*OWNERS_SEVEN, "-e .[all]"]
    extras = PROJECT["project"]["optional-dependencies"]
    offered = {_name(r) for name, group in extras.items() if name != "all" for r in group}
    assert set(OWNERS_SEVEN) <= offered
    (everything,) = extras["all"]
    assert set(re.search(r"\[(.*)\]", everything)[1].split(",")) == set(extras) - {"all"}


@pytest.mark.parametrize("module", OWNERS_SEVEN)
def test_each_of_the_seven_imports(module):
    assert importlib.import_module(module)


def test_constraints_pin_everything_that_is_asked_for():
    pinned = {_name(line) for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line}
    extras = PROJECT["project"]["optional-dependencies"]
    wanted = {_name(r) for name, group in extras.items() if name != "all" for r in group}
    wanted |= {_name(r) for r in PROJECT["project"]["dependencies"]}
    assert {w.replace("_", "-") for w in wanted} <= {p.replace("_", "-") for p in pinned}
    assert "torch==2.13.0" in (ROOT / "constraints.txt").read_text().splitlines()


def test_every_package_is_shipped():
    found = {
        ".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / "labkit").rglob("__init__.py")
    } | {"labkit.widgets"}
    assert set(PROJECT["tool"]["setuptools"]["packages"]) == found


def test_importing_labkit_needs_neither_torch_nor_jupyter():
    code = "import sys, json, labkit; print(json.dumps(sorted(m for m in sys.modules if '.' not in m)))"
    loaded = set(
        json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
    )
    assert not loaded & {
        "torch",
        "transformers",
        "IPython",
        "ipywidgets",
        "anywidget",
        "libcst",
        "pandas",
        "numpy",
    }


def test_verbs_are_found_lazily_and_unknown_names_are_not():
    assert callable(labkit.run) and callable(labkit.refine) and "refine" in dir(labkit)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = labkit.nothing


def test_no_verb_shares_a_subpackages_name():
    packages = {p.parent.name for p in (ROOT / "labkit").glob("*/__init__.py")}
    assert not packages & set(labkit.__all__)


def test_a_missing_extra_is_one_line_with_the_command():
    code = (
        "import sys; sys.modules['anywidget'] = None\n"
        "try: import labkit.widgets\nexcept ImportError as e: print(e)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
    assert out.strip() == "anywidget is not installed, and this needs it: pip install 'labkit-jupyter[lab]'"


def test_ci_calls_the_readmes_test_command():
    readme = (ROOT / "README.md").read_text()
    assert "make report" in readme and "make test" in readme
    assert (ROOT / ".ci" / "run").read_text().strip().splitlines()[-1] == "make test"


def test_nothing_committed_names_a_machine_or_a_registry():
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout.split()
    wanted = re.compile(r"index-url|find-links|(?<![\w.])/(root|home/\w+)/")
    for name in files:
        path = ROOT / name
        if (
            path.suffix in {".py", ".js", ".md", ".toml", ".yml", ".txt", ".ipynb", ".json"}
            and name != "tests/test_house.py"
        ):
            found = wanted.search(path.read_text(errors="replace"))
            assert not found, f"{name}: {found and found[0]}"


def test_public_examples_run(tmp_path, monkeypatch):
    import doctest

    folders = {"labkit": ROOT / "labkit", "labkit.widgets": ROOT / "widgets"}
    with_examples = [
        f"{package}.{'.'.join(path.relative_to(folder).with_suffix('').parts)}".removesuffix(".__init__")
        for package, folder in folders.items()
        for path in folder.rglob("*.py")
        if ">>> " in path.read_text()
    ]
    assert len(with_examples) >= 12
    for name in with_examples:
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name)
        module = importlib.import_module(name)
        assert doctest.testmod(module).failed == 0, module
