"""Run records: what a run did, event by event, and what it found, kept so that a kill loses nothing.

A record is the folder `<root>/<name>/<id>/<attempt>/`:
    events.jsonl   one event a line, `{v, seq, t, kind, parent, data}`, written as it happens
    run.json       parameters, provenance, status and results, replaced atomically
    lock           held (flock) while the run is open: a run that nobody holds was killed

Covered: writing, resuming, writing from a second process, loading, finding, comparing.
Not covered: what the events mean (the room that writes them says), and folders shared between machines
whose file system has no flock.

Read in this order: run.py (writing), events.py (the log), loaded.py (reading), comparison.py.
"""

from labkit.record.comparison import Comparison, compare
from labkit.record.loaded import Loaded, find, latest, load
from labkit.record.provenance import run_id, source_hash
from labkit.record.run import Attached, Run, asked_for, attach, start, teller

__all__ = [
    "Attached",
    "Comparison",
    "Loaded",
    "Run",
    "asked_for",
    "attach",
    "compare",
    "find",
    "latest",
    "load",
    "run_id",
    "source_hash",
    "start",
    "teller",
]
