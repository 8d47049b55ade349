"""A full or missing disk: one clear line, and nothing lost of what was recorded. Real limits, real disks."""

from __future__ import annotations

import json
import subprocess

import pytest

from labkit import record
from labkit.errors import LabkitError, RecordError

# Fills what it is given, then makes room and goes on. Prints what must hold afterwards.
FILLING = """
import json, os, resource, sys
from labkit import record
from labkit.errors import RecordError
from labkit.stats import Figure

how, root = sys.argv[1], sys.argv[2]
room = f"{root}/room"
if how == "disk":
    open(room, "wb").write(bytes(16384))

def make_room():
    if how == "disk":
        os.unlink(room)
    else:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

if how == "limit":  # EFBIG; Python itself ignores SIGXFSZ
    resource.setrlimit(resource.RLIMIT_FSIZE, (20000, resource.RLIM_INFINITY))
run = record.start("demo", {}, root=root)
errors, i = [], 0
while not errors:
    try:
        run.event("step", {"i": i, "pad": "x" * 3000})
        i += 1
    except RecordError as error:
        errors.append(str(error))
whole = len(run.events()) == i
if how == "disk":
    try:
        run.finish()
    except RecordError as error:
        errors.append(str(error))
before = json.loads((run.path / "run.json").read_text())["status"]
make_room()
run.event("again", {})
run.result("speed", Figure(1.0, "x", "measured"))
run.finish()
seqs = [event["seq"] for event in run.events()]
loaded = record.load(run.path)
print(json.dumps({"errors": errors, "whole": whole, "i": i, "before": before, "status": loaded.status,
    "gapless": seqs == list(range(1, i + 3)), "results": list(loaded.results)}))
"""


def private_mounts() -> tuple[str, ...]:
    for prefix in (("unshare", "-rm"), ("unshare", "-m")):
        try:
            subprocess.run(
                [*prefix, "mount", "-t", "tmpfs", "none", "/mnt"], check=True, timeout=10, capture_output=True
            )
            return prefix
        except (OSError, subprocess.SubprocessError):
            continue
    pytest.skip("no private mounts here, so no disk to fill")


def check(out: str) -> list[str]:
    end = json.loads(out)
    errors = end.pop("errors")
    assert end.pop("i") > 3
    assert end == {
        "whole": True,
        "before": "running",
        "status": "ok",
        "gapless": True,
        "results": ["speed"],
    }
    return errors


def test_a_full_disk(finished, tmp_path):
    (tmp_path / "disk").mkdir()
    mount = 'mount -t tmpfs -o size=64k none disk && exec "$@"'
    out = finished(FILLING, "disk", "disk", prefix=(*private_mounts(), "sh", "-c", mount, "-"))
    errors = check(out)
    assert "the 'step' event was not recorded: No space left on device; free some space" in errors[0]
    assert "run.json was not written: No space left" in errors[1]
    assert len(errors) == 2 and "\n" not in "".join(errors)


def test_a_file_size_limit(finished, tmp_path):
    errors = check(finished(FILLING, "limit", tmp_path))
    assert "File too large; free some space; what was recorded before is kept" in errors[0]


def test_an_unwritable_root(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(RecordError, match="could not be started: Not a directory; choose another root"):
        record.start("demo", {}, root=tmp_path / "file")
    assert record.find(tmp_path) == []


def test_a_record_deleted_under_a_run_is_one_clear_error(tmp_path):
    """The exception in flight is the one to see; that its record is gone is noted on it."""
    with pytest.raises(ZeroDivisionError) as caught, record.start("demo", {}, root=tmp_path) as run:
        for file in run.path.iterdir():
            file.unlink()
        run.path.rmdir()
        with pytest.raises(LabkitError, match="No such file or directory; was the folder moved or deleted"):
            run.finish()
        raise ZeroDivisionError
    assert "end was not recorded" in caught.value.__notes__[0]
