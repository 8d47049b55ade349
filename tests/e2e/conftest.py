"""A real JupyterLab in a real Chromium: LABKIT_CHROMIUM names the browser, or it is found on PATH."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="session")
def chromium():
    path = os.environ.get("LABKIT_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not path or not os.path.exists(path):
        pytest.skip("no Chromium: install Debian's chromium, or name one in LABKIT_CHROMIUM")
    return path


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """Base URL of a JupyterLab over a copy of the notebooks, with settings of its own."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    news = folder / "settings" / "@jupyterlab" / "apputils-extension"
    news.mkdir(parents=True)
    (news / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}')
    env = {**os.environ, "JUPYTER_PREFER_ENV_PATH": "1"}
    for name in ("CONFIG", "DATA", "RUNTIME"):
        env[f"JUPYTER_{name}_DIR"] = str(folder / name.lower())
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}", "--ServerApp.port_retries=0",
        "--IdentityProvider.token=", "--LabApp.news_url=", "--LabApp.extension_manager=readonly",
        "--LabApp.expose_app_in_browser=True", "--allow-root",
        f"--LabApp.user_settings_dir={folder / 'settings'}", f"--LabApp.workspaces_dir={folder / 'workspaces'}",
        f"--ServerApp.root_dir={folder}",
    ]  # fmt: skip
    with (folder / "lab.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, env=env, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{url}/lab", server, folder / "lab.log")
        yield url
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_for(url, server, log, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"JupyterLab did not answer: {log.read_text()[-2000:]}")


@pytest.fixture(
    scope="session"
)  # it runs an event loop in this thread, which tests of async code may not find
def browser(chromium):
    from playwright.sync_api import sync_playwright

    flags = [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ]  # fmt: skip
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield opened
        opened.close()


def _luminance(rgb):
    scale = 1 if "srgb" in rgb else 255  # a mixed colour comes as color(srgb 0.1 0.2 0.3)
    parts = [float(v) / scale for v in re.findall(r"[\d.]+", rgb)[:3]]
    r, g, b = (v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


class Notebook:
    """One notebook open in the lab."""

    def __init__(self, page, url, name, theme):
        self.page, self.requests = page, []
        page.on("request", lambda request: self.requests.append(request.url))
        page.goto(f"{url}/lab/tree/notebooks/{name}.ipynb?reset")
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        page.wait_for_function("() => window.jupyterapp !== undefined")
        if theme:
            page.evaluate(
                "(theme) => { window.jupyterapp.commands.execute('apputils:change-theme', {theme}); }", theme
            )
            page.wait_for_selector(f"body[data-jp-theme-name='{theme}']", state="attached")
        page.wait_for_function(
            "() => { const c = window.jupyterapp.shell.currentWidget.sessionContext;"
            " return c.isReady && c.session?.kernel?.status === 'idle'; }",
            timeout=60_000,
        )

    def set_parameter(self, **values):
        """Write other values into the parameters cell, as a user would by typing."""
        self.page.evaluate(
            """(values) => {
              const model = window.jupyterapp.shell.currentWidget.content.model;
              for (const cell of model.cells) {
                if (!(cell.getMetadata('tags') || []).includes('parameters')) continue;
                let source = cell.sharedModel.getSource();
                for (const [name, value] of Object.entries(values))
                  source = source.replace(new RegExp(`^${name}(: \\\\w+)? = [^#\\\\n]*`, 'm'), `${name} = ${value} `);
                cell.sharedModel.setSource(source);
              }
            }""",
            {name: repr(value) for name, value in values.items()},
        )

    def run(self, cells):
        """Select the first cell and run so many, one after another."""
        self.page.evaluate("() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 0; }")
        for _ in range(cells):
            self.page.evaluate(
                "() => { window.jupyterapp.commands.execute('notebook:run-cell-and-select-next'); }"
            )
            self.page.wait_for_timeout(150)

    def run_all(self):
        self.page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")

    def wait_until_run(self):
        """Until every code cell has run."""
        self.page.wait_for_function(
            "() => [...window.jupyterapp.shell.currentWidget.content.model.cells]"
            ".every((c) => c.type !== 'code' || c.executionCount !== null)", timeout=120_000,
        )  # fmt: skip

    def errors(self):
        return self.page.evaluate(
            "() => [...window.jupyterapp.shell.currentWidget.content.model.cells].flatMap("
            "(c) => c.type === 'code' ? c.outputs.toJSON() : []).filter((o) => o.output_type === 'error')"
        )

    def badge(self):
        return self.page.locator(".labkit .badge")

    def wait_for_badge(self, word, timeout=90_000):
        self.page.wait_for_function(
            "(word) => document.querySelector('.labkit .badge')?.textContent === word",
            arg=word,
            timeout=timeout,
        )

    def shot(self, name):
        """A picture of the view, where LABKIT_SCREENSHOTS names a folder for them."""
        if folder := os.environ.get("LABKIT_SCREENSHOTS"):
            self.page.locator(".labkit").last.screenshot(path=f"{folder}/{name}.png")

    def contrast(self, selector=".labkit"):
        """WCAG contrast ratio of the view's ink on its ground."""
        colours = self.page.locator(selector).first.evaluate(
            "(e) => [getComputedStyle(e).color, getComputedStyle(e.closest('.labkit')).backgroundColor]"
        )
        a, b = sorted(map(_luminance, colours))
        return (b + 0.05) / (a + 0.05)

    def outside(self, url):
        """Requests that went anywhere but to the lab's own server."""
        return [
            r for r in self.requests if not r.startswith((url, "data:", "blob:", url.replace("http", "ws")))
        ]


@pytest.fixture
def open_notebook(browser, lab):
    """open_notebook(name, theme=None) -> Notebook in a fresh browser context."""
    contexts = []

    def open_(name, theme=None):
        context = browser.new_context(viewport={"width": 1280, "height": 1000})
        contexts.append(context)
        return Notebook(context.new_page(), lab, name, theme)

    yield open_
    for context in contexts:
        context.close()
