"""What runs beyond the process boundary: read as text, run in the sandbox, never imported by the judge."""

import re
from pathlib import Path

_FROM_HOST = re.compile(r"^from labkit\.kernels\.inside\.host import .*\n", re.M)


def _text(name: str) -> str:
    return (Path(__file__).parent / name).read_text()


HOST = _text("host.py")  # a candidate's side, and the baseline's
TASK = HOST + _FROM_HOST.sub("", _text("task.py"))  # the reference's
BOUNDS = _text("bounds.c")  # beside a C kernel whose every access is looked at
AOT = _text("aot.py")  # the compilers'
