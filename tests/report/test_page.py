"""A page stays a page whatever its notebook's cells show: in HTML, and in a real browser."""

from __future__ import annotations

import doctest
import os
import shutil
import subprocess

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from labkit import record as records
from labkit.report import page, write_index

PANDAS = "<style scoped>\n  .dataframe tbody tr th {\n vertical-align: top; }\n .dataframe thead th { color: red }\n</style>"
STYLER = '<style type="text/css">#T_a1_row0_col0, #T_a1 td { color: red }</style>'


def test_examples():
    assert doctest.testmod(page).failed == 0


@pytest.mark.parametrize(
    "css",
    ["body { display: none }", ".dataframe, body { display: none }", "@import 'x'; .dataframe {}", "* {}",
     "@media screen { body { display: none } }", ".dataframe {} } body { display: none }", "h1", ".dataframes {}",
     "/* .dataframe */ body {}", "#T_a {} body:not(#T_a) {}"],
)  # fmt: skip
def test_styles_of_the_whole_page_are_left_out(css):
    for end in ("</style>", "</STYLE >", ""):
        assert "<style" not in page.confined(f"<p>a</p><style type=x>{css}{end}<p>b</p>")


def test_pandas_own_styles_stay():
    for html in (PANDAS, STYLER):
        assert page.confined(html).split(">", 1)[1] == html.split(">", 1)[1]
    assert page.confined("<svg><metadata>x</metadata></svg>") == "<svg><metadata>x</metadata></svg>"
    assert page.confined("a<link rel=x><META http-equiv=refresh><base href=y>b") == "ab"


@pytest.fixture
def run(tmp_path):
    """A finished report whose cells try to take the page over."""
    html = [
        "<style>body{display:none}</style>",
        "<style>h1{display:none}",
        f"{PANDAS}<table class=dataframe></table>",
    ]
    shown = [new_code_cell("show()", outputs=[new_output("display_data", {"text/html": it})]) for it in html]
    text = new_markdown_cell("<style>main{display:none}</style>\n\nlast *word*")
    with records.start("small", {}, root=tmp_path) as run:
        nbformat.write(new_notebook(cells=[*shown, text]), run.path / "run.ipynb")
    return records.load(run.path)


def test_no_cell_restyles_the_page(run):
    body = page.write_page(run).read_text().partition("</head>")[2]
    assert "display:none" not in body.replace("h1{display:none}", "") and "<em>word</em>" in body
    assert body.count("<style>") == 1 and ".dataframe tbody" in body


def test_the_index_is_readable_on_a_narrow_window(tmp_path):
    """In a real browser: the date on one line, a long error on a few."""
    chromium = os.environ.get("LABKIT_CHROMIUM") or shutil.which("chromium")
    if not chromium:
        pytest.skip("no Chromium")
    records.start("small", {}, root=tmp_path).finish("failed", "ValueError: " + "much too long " * 40)
    index = write_index(tmp_path)
    measure = "<script>const h=s=>Math.round(document.querySelector(s).getBoundingClientRect().height);" \
        "document.title=`row ${h('tbody tr')} link ${h('td:first-child')} window ${innerWidth}`</script></html>"  # fmt: skip
    text = (
        index.read_text()
        .replace("</html>", measure)
        .replace("default-src 'none'", "script-src 'unsafe-inline'")
    )
    index.write_text(text)
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--window-size=600,800", "--dump-dom"]
    said = subprocess.run([*command, index.as_uri()], capture_output=True, text=True, timeout=60).stdout
    height = int(said.partition("<title>row ")[2].split()[0])
    assert 0 < height < 130, height
