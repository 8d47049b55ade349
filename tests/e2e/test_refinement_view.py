"""RefinementView in a real JupyterLab: turns arrive, Stop stops, keys work, a stored record replays."""

import re

import pytest

pytestmark = pytest.mark.e2e

ROWS = ".labkit [role=treegrid] tbody tr"


def test_turns_arrive_and_stop_stops_the_loop(open_notebook, lab):
    book = open_notebook("02_refinement")
    book.set_parameter(task="load_order", turns=40)
    book.run(4)  # title, parameters, and the cell that starts the view
    page = book.page
    page.wait_for_selector(f"{ROWS} >> nth=1", timeout=60_000)
    assert book.badge().inner_text() == "running"
    book.shot("running-light")
    seen = page.locator(ROWS).count()
    page.get_by_role("button", name="Stop").click()
    page.wait_for_function(
        "() => document.querySelector('.labkit .badge').textContent === 'stopped'", timeout=15_000
    )
    after = page.locator(ROWS).count()
    assert seen <= after <= seen + 1
    page.wait_for_timeout(3_000)
    assert page.locator(ROWS).count() == after, "the loop went on after Stop"
    assert page.get_by_role("button", name="Stop").count() == 0
    book.shot("stopped-light")
    assert not book.outside(lab)


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_a_finished_view_can_be_explored_by_keyboard_and_scrubbed(open_notebook, theme):
    book = open_notebook("02_refinement", theme)
    book.set_parameter(task="load_order", turns=3)
    book.run(4)
    page = book.page
    page.wait_for_function(
        "() => document.querySelector('.labkit .badge')?.textContent === 'finished'", timeout=90_000
    )
    assert re.search(
        r"x less time \(.* pairs, measured, on fresh inputs\)", page.locator(".labkit .headline").inner_text()
    )
    book.shot(f"finished-{theme.split()[1].lower()}")
    rows = page.locator(ROWS)
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    assert rows.nth(1).get_attribute("aria-selected") == "true"
    assert page.locator(".labkit pre .add").count() > 0
    page.get_by_role("button", name="Accept 0.1").click()
    page.wait_for_function(
        "() => document.querySelector('.labkit .tools')?.textContent.includes('accepted: 0.1')"
    )
    page.locator(".labkit details.hot summary").click()
    assert "%" in page.locator(".labkit details.hot table").inner_text()
    book.shot(f"accepted-{theme.split()[1].lower()}")
    page.get_by_label("from turn").select_option("0.1")
    page.get_by_label("to turn").select_option("0.0")
    assert page.locator(".labkit pre .del").count() > 0, "the difference runs the other way, too"
    page.get_by_label("from turn").select_option("0.0")
    rows.nth(1).focus()
    page.keyboard.press("ArrowUp")
    assert rows.nth(0).get_attribute("aria-selected") == "true"
    scrub = page.get_by_role("slider", name="turns shown")
    scrub.focus()
    scrub.press("Home")
    assert rows.count() == 1 and page.locator(".labkit svg circle.kept").count() == 1
    page.get_by_role("slider", name="turns shown").press("End")
    assert rows.count() > 1
    assert book.contrast() > 4.5


def test_the_tour_runs_from_top_to_bottom(open_notebook, lab):
    book = open_notebook("00_tour")
    book.run_all()
    page = book.page
    page.wait_for_function(
        "() => document.querySelector('.labkit .badge')?.textContent === 'finished'", timeout=120_000
    )
    book.wait_until_run()
    assert book.errors() == [] and not book.outside(lab)
