"""SandboxView and %%sandbox in a real JupyterLab: pairs arrive, Stop stops, keys work, options complete."""

import pytest

pytestmark = pytest.mark.e2e

DRAWN = ".labkit.sandbox svg path.area"


def set_source(book, cell, text):
    book.page.evaluate(
        "([i, text]) => window.jupyterapp.shell.currentWidget.content.model.cells.get(i).sharedModel.setSource(text)",
        [cell, text],
    )


ENDLESS = """from labkit.widgets import SandboxView
view = SandboxView.start("x = [0] * 400_000", "x = [0] * 400_000 ", max_pairs=5000, record=False)
view"""


def test_pairs_arrive_and_stop_stops_them(open_notebook, lab):
    book = open_notebook("01_sandbox", "JupyterLab Light")
    set_source(book, 1, ENDLESS)
    book.run(2)
    page = book.page
    page.wait_for_selector(".labkit.sandbox svg path.band", timeout=60_000)
    assert book.badge().inner_text() == "running"
    assert page.locator(".labkit .program").count() == 2 and page.locator(DRAWN).count() == 2
    book.shot("sandbox-running-light")
    page.get_by_role("button", name="Stop").click()
    book.wait_for_badge("stopped", timeout=15_000)
    words = page.locator(".labkit .headline").inner_text()
    page.wait_for_timeout(1_500)
    assert page.locator(".labkit .headline").inner_text() == words, "it went on after Stop"
    assert page.get_by_role("button", name="Stop").count() == 0
    book.shot("sandbox-stopped-light")
    assert not book.outside(lab)


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_a_comparison_can_be_read_scrubbed_and_unfolded(open_notebook, theme):
    book = open_notebook("01_sandbox", theme)
    source = ENDLESS.replace('"x = [0] * 400_000 "', '"print(len([0] * 100_000))"').replace("5000", "30")
    set_source(book, 1, source)
    book.run(2)
    page = book.page
    book.wait_for_badge("finished")
    assert "b is cheaper" in page.locator(".labkit .headline").inner_text()
    scrub = page.get_by_role("slider", name="pairs shown")
    scrub.focus()
    scrub.press("Home")
    assert page.locator(".labkit path.band").count() == 0
    page.get_by_role("slider", name="pairs shown").press("End")
    assert page.locator(".labkit path.band").count() == 1
    page.locator(".labkit summary").last.focus()
    page.keyboard.press("Enter")
    assert page.get_by_label("source of program b").is_visible()
    assert page.get_by_label("stdout of program b").inner_text() == "100000"
    for part in (".labkit", ".labkit .dim", ".labkit .how.kept", ".labkit td.how"):
        assert book.contrast(part) > 4.5, part
    book.shot(f"sandbox-finished-{theme.split()[1].lower()}")


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_a_program_that_breaks_a_limit_shows_which(open_notebook, theme):
    book = open_notebook("01_sandbox", theme)
    source = """from labkit import Limits
from labkit.widgets import SandboxView
hog = "import time\\nheld = []\\nwhile True: held.append(bytearray(1 << 20)); time.sleep(0.002)"
SandboxView.start(hog, record=False, limits=Limits(memory_mib=64, wall_s=20))"""
    set_source(book, 1, source)
    book.run(2)
    book.wait_for_badge("finished")
    page = book.page
    assert "memory_limit" in page.locator(".labkit .how.failed").inner_text()
    assert page.locator(".labkit line.limit.memory").count() == 1
    assert book.contrast(".labkit .how.failed") > 4.5
    page.set_viewport_size({"width": 640, "height": 900})
    page.wait_for_timeout(300)
    book.shot(f"sandbox-limit-{theme.split()[1].lower()}")


def test_the_notebook_runs_and_the_magic_completes(open_notebook, lab):
    book = open_notebook("01_sandbox")
    book.set_parameter(repeats=3, max_pairs=12)
    book.run_all()
    page = book.page
    book.wait_until_run()
    assert book.errors() == [] and not book.outside(lab)
    book.shot("sandbox-notebook")
    set_source(book, 1, "%%sandbox --objec")
    editor = page.locator(".jp-Notebook .jp-Cell").nth(1).locator(".cm-content")
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Tab")
    page.locator(".jp-Completer-item", has_text="--objective").wait_for(timeout=20_000)
    page.keyboard.press("Enter")
    assert editor.inner_text().strip() == "%%sandbox --objective"
