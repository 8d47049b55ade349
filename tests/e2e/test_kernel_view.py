"""KernelView in a real JupyterLab: turns arrive with their tiers, the picture is drawn, dark and light."""

import pytest

pytestmark = pytest.mark.e2e

ROWS = ".labkit [role=treegrid] tbody tr"


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_a_search_is_watched(open_notebook, lab, theme):
    book = open_notebook("03_kernels", theme)
    book.set_parameter(task="row_sum", turns=2)
    book.run(13)  # up to the cell that starts the view
    page = book.page
    page.wait_for_function(
        "() => document.querySelector('.labkit .badge')?.textContent === 'finished'", timeout=180_000
    )
    rows = page.locator(ROWS)
    assert rows.count() >= 2 and "measured-cpu" in rows.first.inner_text()
    page.locator(".labkit .single svg").scroll_into_view_if_needed()
    assert "roof" in page.locator(".labkit .single").inner_text()
    book.shot(f"finished-{theme.split()[1].lower()}")
    assert not book.outside(lab)
