# The words of the project; CI calls the same ones. `make` alone builds the site.
PYTHON ?= python3
BIN := .venv/bin
export NO_MKDOCS_2_WARNING := 1

.PHONY: site new serve check fix test fuzz faults reproduce bench publish lock generated clean
.DEFAULT_GOAL := site

site: $(BIN)/.site ; $(BIN)/python scripts/build.py
new: $(BIN)/.site ; @$(BIN)/python scripts/new.py $(or $(kind),story)
serve: $(BIN)/.site ; $(BIN)/mkdocs serve
check: $(BIN)/.site ; $(BIN)/python scripts/check.py
fix: $(BIN)/.site ; $(BIN)/python scripts/check.py --fix
test: $(BIN)/.dev ; $(BIN)/python scripts/tools.py && $(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/pytest -n auto
fuzz: $(BIN)/.fuzz ; $(BIN)/python tests/fuzz/run.py
bench: $(BIN)/.dev ; $(BIN)/python scripts/tools.py --bench && $(BIN)/python scripts/bench.py && $(BIN)/python scripts/bench_feeds.py && $(BIN)/python scripts/bench_pages.py
faults: $(BIN)/.dev ; $(BIN)/python scripts/tools.py && $(BIN)/python tests/faults/run.py
reproduce: $(BIN)/.site ; $(BIN)/python scripts/reproduce.py $(if $(SITE),"$(SITE)")
publish: $(BIN)/.site ; @$(BIN)/python scripts/publish.py "$(or $(TARGET),$(error Hãy ghi chỗ đăng: make publish TARGET=thu (các chỗ khai báo trong publish.yml)))"
generated: $(BIN)/.dev ; $(BIN)/python scripts/generate.py
clean: ; rm -rf site server node_modules .cache .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis

# exact versions with hashes, wheels only, no registry address
PEERS := $(patsubst %.in,%,$(wildcard scripts/benching/kits/*/requirements.in))
LOCK := uv pip compile -q --generate-hashes --python-version 3.11 --universal --no-emit-index-url --no-header --no-annotate
lock:
	for of in requirements requirements-dev requirements-fuzz $(PEERS); do $(LOCK) --only-binary :all: $$of.in -o $$of.txt; done
	$(LOCK) --no-deps requirements-feedgen.in -o requirements-feedgen.txt

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Cần Python 3.11 trở lên ($(PYTHON))." >&2; exit 2; }
	@[ ! -e .venv ] || { echo "Thư mục .venv đã có nhưng không dùng được trên máy này. Hãy xóa nó (rm -rf .venv) rồi chạy lại." >&2; exit 2; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Chưa tạo được .venv. Trên Debian, Ubuntu: apt-get install python3-venv" >&2; exit 2; }
PIP := $(BIN)/pip install -q --disable-pip-version-check --require-hashes --no-deps
$(BIN)/.site: requirements.txt requirements-feedgen.txt | $(BIN)/python
	$(PIP) --only-binary :all: -r requirements.txt && $(PIP) --no-build-isolation -r requirements-feedgen.txt && touch $@
$(BIN)/.dev: requirements-dev.txt $(BIN)/.site
	$(PIP) --only-binary :all: -r requirements-dev.txt && touch $@
# a Python without a wheel of atheris is no fault: the run then says so and goes on with hypothesis alone
$(BIN)/.fuzz: requirements-fuzz.txt $(BIN)/.dev
	$(PIP) --only-binary :all: -r requirements-fuzz.txt || echo "Chưa có gói atheris cho Python này." >&2; touch $@
