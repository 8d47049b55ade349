"""The browser's tests come last: their event loop runs in the main thread, which async tests may not find."""


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: "e2e" in item.path.parts)
