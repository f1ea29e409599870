# make run    the window on a virtual pump; without a display, its showcase in build/showcase
# make test   everything a change must pass
# make bench  the benchmarks, each beside its peer
# make guide  the tables of the user guide, from those of the program
# make detection  how soon a pump notices faults, and its false alarms, measured anew for the guide
# make lock   new pinned versions in requirements.lock
#
# Each does its own set-up (.ci/setup.py).  PYTHON=python3.13 chooses another Python.

PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
READY := .venv/.ready
DEMO := sim:?seed=7&speed=60
BENCHMARKS = $(filter-out table _%,$(notdir $(basename $(wildcard tests/benchmarks/*.py))))

.PHONY: run test bench guide detection lock

run: $(READY)
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" = Darwin ]; then \
		exec $(BIN)/pump-programmer gui --target '$(DEMO)'; \
	else \
		QT_QPA_PLATFORM=offscreen exec $(BIN)/python -m programmer_gui.showcase; \
	fi

test: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n auto --maxprocesses 4

bench: $(READY)
	@for name in $(BENCHMARKS); do \
		echo "== $$name"; QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.benchmarks.$$name || exit 1; \
	done

guide: $(READY)
	$(BIN)/python -m rig.guide

detection: $(READY)
	$(BIN)/python -m tests.benchmarks.detection --keep

lock: $(READY)
	$(BIN)/python -m venv build/lock
	build/lock/bin/pip --quiet --disable-pip-version-check install uv==0.13.8
	build/lock/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-emit-find-links --all-extras --group dev pyproject.toml -o requirements.lock

$(READY): requirements.lock pyproject.toml .ci/setup.py
	@python="$(PYTHON)"; \
	[ -n "$$python" ] || { echo "Pump Programmer needs Python 3.11 or newer: install it, or say make PYTHON=..." >&2; exit 1; }; \
	exec "$$python" .ci/setup.py
