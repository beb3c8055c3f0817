# Shortcuts for people; everything is built by CMake and done by the programs in build/bin.
# `make` lists what there is.

ifndef CONFIG
DATASET ?= demo
endif
export CONFIG DATASET MODE SET WORK THREADS ITEMS ADAPT

JOBS := $(shell nproc 2>/dev/null || echo 2)

.PHONY: help align train adapt features labels evaluate report demo test test-report bench screenshots fetch install uninstall deb docs deps \
	deps-test deps-train deps-report deps-browser deps-fuzz deps-deb deps-docs build page asan test-asan fuzz clean
.DEFAULT_GOAL := help
# CMake and the programs use all processors themselves.
.NOTPARALLEL:

help:
	@echo 'Silbe finds the time of every sung word.'
	@echo
	@echo '  make align [DATASET=demo|swd|path/to/folder]   word times and, with a reference, a report'
	@echo '  make align [DATASET=...] MODE=lyrics ADAPT=1   the best that lyrics alone can give; minutes'
	@echo '  make features|labels|posteriors|evaluate [...]  one stage of it'
	@echo '  make report [DATASET=...]                      a page to look at and listen to the results'
	@echo '  make train                                     make the acoustic model from recordings of voices'
	@echo '  make train DATASET=...                         improve it by recordings with scores'
	@echo '  make adapt DATASET=...                         improve it by recordings with lyrics alone'
	@echo '  make fetch DATASET=swd                         download a published dataset'
	@echo '  make demo                                      generate the demo dataset'
	@echo '  make test                                      build and run every test'
	@echo '  make test-report                               drive the page in a browser'
	@echo '  make screenshots                               take the pictures in README.md again'
	@echo '  make bench                                     measure accuracy, time and memory'
	@echo '  make asan, make test-asan                      build or test with sanitizers'
	@echo '  make fuzz                                      damage input at random, with sanitizers'
	@echo '  make install, make uninstall [PREFIX=/usr/local]   the programs and the alignment library'
	@echo '  make docs                                      the reference of the alignment library, build/docs'
	@echo '  make deb                                       Debian packages, in build/deb'
	@echo '  make deps                                      install the packages that are missing (Debian, Ubuntu)'
	@echo '  make clean                                     remove what was built (results stay)'
	@echo
	@echo 'Also: MODE=score|lyrics|joint|all  WORK=folder  ITEMS="*_SC06"  THREADS=4  CONFIG=file.yaml'
	@echo '      SET="features.hop_ms=20 align.mode=score"    (all settings: configs/default.yaml)'

# ---- stages ----

# Turns the variables above into the programs' options, in "$@". They come through the environment,
# so that spaces and quotes in a path stay what they are.
OPTIONS = set -f; set --; \
	if [ -n "$$DATASET" ]; then set -- "$$@" --dataset "$$DATASET"; fi; \
	if [ -n "$$CONFIG" ]; then set -- "$$@" --config "$$CONFIG"; fi; \
	if [ -n "$$WORK" ]; then set -- "$$@" --work "$$WORK"; fi; \
	if [ -n "$$ITEMS" ]; then set -- "$$@" --items "$$ITEMS"; fi; \
	if [ -n "$$THREADS" ]; then set -- "$$@" --threads "$$THREADS"; fi; \
	if [ -n "$$MODE" ]; then set -- "$$@" --set "align.mode=$$MODE"; fi; \
	for assignment in $$SET; do set -- "$$@" --set "$$assignment"; done

# The demo dataset is generated where it is asked for.
ifeq ($(DATASET),demo)
DATA := demo
endif

align: build $(DATA)
	@$(OPTIONS); if [ -n "$$ADAPT" ] && [ "$$ADAPT" != 0 ]; then set -- "$$@" --adapt; fi; build/bin/silbe align "$$@"

features labels posteriors evaluate: build $(DATA)
	@$(OPTIONS); build/bin/silbe-$@ "$$@"

# Without DATASET from recordings of voices (train.speech_root), which is not about any dataset.
train: DATASET := $(if $(filter file,$(origin DATASET)),,$(DATASET))
train: deps-train build
	@$(OPTIONS); build/bin/silbe-train "$$@"

adapt: build $(DATA)
	@$(OPTIONS); build/bin/silbe adapt "$$@"

# Of what `make align` made, in every mode.
report: build page $(DATA)
	@$(OPTIONS); build/bin/silbe-report "$$@"

# Does nothing if it is there and up to date.
demo: build
	@build/bin/silbe-demo --out build/demo-data

fetch:
	@bash datasets/fetch.sh "$$DATASET"

# ---- building and testing ----

# Copies the folder $(1) of the sources to $(2), where npm may write, and installs the packages of
# its lock file unless they are there.
NPM_INSTALL = mkdir -p $(2) && \
	find $(2) -mindepth 1 -maxdepth 1 ! -name node_modules ! -name npm.log -exec rm -r {} + && \
	cp -R $(1)/. $(2) && \
	{ cmp -s $(2)/package-lock.json $(2)/node_modules/installed-lock.json || \
	{ (cd $(2) && npm ci --ignore-scripts --no-audit --no-fund) > $(2)/npm.log 2>&1 || \
	{ cat $(2)/npm.log; echo 'make: npm failed'; exit 1; }; \
	cp $(2)/package-lock.json $(2)/node_modules/installed-lock.json; }; }

# Quiet unless it fails. CMAKE_FLAGS: your own.
CONFIGURE = mkdir -p $(1) && \
	{ cmake -S . -B $(1) $(2) $(CMAKE_FLAGS) > $(1)/configure.log 2>&1 || { cat $(1)/configure.log; \
	echo 'make: configuring failed; `make clean` helps where the folder was moved'; exit 1; }; }
COMPILE = { cmake --build $(1) -j $(JOBS) > $(1)/build.log 2>&1 || { cat $(1)/build.log; exit 1; }; }

build: deps
	@test -d build/bin || echo 'building (a minute or two, the first time only)'
	@$(call CONFIGURE,build,-DCMAKE_BUILD_TYPE=Release) && $(call COMPILE,build)

# What was skipped for want of what comes before the count of tests, which comes last.
RUN_TESTS = { { ctest --test-dir $(1) --output-on-failure --no-tests=error -j $(JOBS); \
	echo $$? > $(1)/ctest.status; } 2>&1 | tee $(1)/ctest.log; \
	grep -h '^skipped: ' $(1)/Testing/Temporary/LastTest.log | sort -u; \
	grep 'tests passed' $(1)/ctest.log; exit $$(cat $(1)/ctest.status); }

test: deps-test build
	@$(call RUN_TESTS,build)

# The page without its data: build/page/dist.
page: deps-report
	@$(call NPM_INSTALL,pipeline/page/web,build/page/web) && \
	rm -rf build/page/dist && cd build/page/web && node build.mjs ../dist

# On the demo dataset and on data made up for it, in folders of its own.
test-report: build page deps-browser demo
	@$(call NPM_INSTALL,tests/page,build/page/tests) && \
	cd build/page/tests && node --test *.test.mjs

screenshots: build page deps-browser demo
	@$(call NPM_INSTALL,tests/page,build/page/tests) && \
	cd build/page/tests && node screenshots.mjs ../../../pipeline/page/screenshots

bench: deps-test build demo
	@set -f; set --; for assignment in $$SET; do set -- "$$@" --set "$$assignment"; done; \
	python3 tests/bench.py build "$$@" && \
	{ echo 'figures in the texts, against these:'; \
	python3 -B tests/check_figures.py --bench build/bench.json . || true; }

asan: deps
	@echo 'building with sanitizers in build-asan'
	@$(call CONFIGURE,build-asan,-DCMAKE_BUILD_TYPE=RelWithDebInfo -DSILBE_SANITIZE=ON) && \
	$(call COMPILE,build-asan)

test-asan: deps-test asan
	@$(call RUN_TESTS,build-asan)

# Each target of tests/fuzz for FUZZ_S seconds, with the sanitizers; or for FUZZ_RUNS inputs, which
# are the same every time in a new folder: what libFuzzer chooses by time and by addresses is off then.
FUZZ_S ?= 20
FUZZ_RUNS ?= -1
FUZZ_FIXED = $(if $(filter -1,$(FUZZ_RUNS)),,-reload=0 -entropic=0)
fuzz: deps-fuzz
	@echo 'building with libFuzzer in build-fuzz'
	@$(call CONFIGURE,build-fuzz,-DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=RelWithDebInfo -DSILBE_FUZZ=ON) && \
	{ cmake --build build-fuzz -j $(JOBS) --target fuzz > build-fuzz/build.log 2>&1 || \
	{ cat build-fuzz/build.log; exit 1; }; }
	@cd build-fuzz && fixed=''; \
	if [ -n '$(FUZZ_FIXED)' ] && setarch -R true 2> /dev/null; then fixed='setarch -R'; fi; \
	for target in tests/fuzz_*; do \
		echo "$$target"; corpus="corpus/$${target#tests/}"; mkdir -p "$$corpus"; \
		$$fixed "$$target" -max_total_time=$(FUZZ_S) -runs=$(FUZZ_RUNS) $(FUZZ_FIXED) -seed=1 -verbosity=0 \
			-print_final_stats=1 "$$corpus" > fuzz.log 2>&1 || { cat fuzz.log; exit 1; }; \
		sed -n 's/^stat::number_of_executed_units: */    inputs: /p' fuzz.log; \
	done

clean:
	@rm -rf build build-asan build-fuzz

# ---- installing ----

PREFIX ?= /usr/local
# On Debian libraries lie below their architecture, where /usr is the prefix.
MULTIARCH = $(shell gcc -print-multiarch 2>/dev/null)

# The page is a part of them where it can be built.
PAGE_IF_POSSIBLE = if ! command -v npm > /dev/null; then \
		echo 'without the page to listen to: it needs Node.js and npm (make deps-report)'; \
	elif ! $(MAKE) -s --no-print-directory page > build/page.log 2>&1; then \
		echo 'without the page to listen to, which could not be built: build/page.log'; fi

# DESTDIR works, too.
install: build
	@$(PAGE_IF_POSSIBLE)
	@$(call CONFIGURE,build,-DCMAKE_INSTALL_LIBDIR=lib) && $(call COMPILE,build) && \
	cmake --install build --prefix '$(PREFIX)' > build/install.log || { cat build/install.log; exit 1; }
	@echo 'installed below $(DESTDIR)$(PREFIX); make uninstall removes it'

uninstall:
	@cmake --build build --target uninstall | grep -v '^\['

# The reference of the alignment library: build/docs/html.
docs: deps-docs build
	@rm -rf build/docs && { doxygen build/Doxyfile > build/doxygen.log 2>&1 && ! [ -s build/docs.log ] || \
	{ cat build/doxygen.log build/docs.log; exit 1; }; }
	@echo 'the reference: build/docs/html/index.html'

# Debian packages, in build/deb. They are made in a folder without blanks, which CPack does not take.
deb: deps-deb build
	@$(PAGE_IF_POSSIBLE)
	@$(call CONFIGURE,build,-DCMAKE_INSTALL_LIBDIR=lib/$(MULTIARCH)) && $(call COMPILE,build) && \
	folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	{ cpack --config build/CPackConfig.cmake -B "$$folder" > build/deb.log 2>&1 || { cat build/deb.log; exit 1; }; } && \
	rm -rf build/deb && mkdir build/deb && mv "$$folder"/*.deb build/deb/ && ls build/deb/*.deb

# ---- packages of the system ----

# Which, and under which names: .ci/packages.
deps:
	@.ci/install build

deps-test:
	@.ci/install build test

deps-train:
	@.ci/install build train

deps-report:
	@.ci/install report

deps-docs:
	@.ci/install build docs

deps-deb:
	@.ci/install build deb

deps-fuzz:
	@.ci/install build fuzz

deps-browser:
	@.ci/install browser
