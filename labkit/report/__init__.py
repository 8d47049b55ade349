"""Reports: a notebook is a function; run it with papermill, keep a page, a record and a comparison.

`run_report` runs one notebook, `begin` is what a notebook calls to put figures into its record. The story
starts in `runner.py`; `worker.py` lives in the notebook's own process, `page.py` and `index.py` write HTML.
"""

from labkit.report.begin import Report, begin
from labkit.report.index import write_index
from labkit.report.notebook import Notebook, Parameter, find_notebooks
from labkit.report.runner import run_report

__all__ = ["Notebook", "Parameter", "Report", "begin", "find_notebooks", "run_report", "write_index"]
