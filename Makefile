# Every target makes .venv by itself when it is missing, from constraints.txt (the tested set).
PYTHON ?= python3
BIN := .venv/bin
export HF_HUB_OFFLINE := 1
export HF_HUB_DISABLE_TELEMETRY := 1

.PHONY: report test lab lint bench

report: .venv/ready   ## run every notebook, write reports/index.html
	$(BIN)/labkit report

test: .venv/ready lint   ## lint, then all tests
	$(BIN)/python -m pytest

lab: .venv/ready   ## open the tour in JupyterLab
	$(BIN)/jupyter lab notebooks/00_tour.ipynb

lint: .venv/ready   ## ruff, the layers of the house, notebooks without outputs
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/nbstripout --verify notebooks/*.ipynb

bench: .venv/ready   ## measure this machine
	$(BIN)/labkit bench report
	$(BIN)/labkit bench sandbox
	$(BIN)/labkit bench refine
	$(BIN)/labkit bench kernels

.venv/ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "labkit needs Python 3.11 or newer; say: make PYTHON=python3.12 ...")'
	@echo "setting up .venv: a few minutes, once"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -qq --upgrade pip
	@$(BIN)/python -m pip install -qq -c constraints.txt -e '.[all]'
	@git config filter.nbstripout.clean $(BIN)/nbstripout 2>/dev/null || true  # no clone, no commits
	@touch $@
