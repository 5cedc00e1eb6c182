# ecomm_analytics: PGXS build and the targets around it. `make help` lists them.

EXTENSION = ecomm_analytics
EXTVERSION = $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" $(EXTENSION).control)

CORE_SOURCES = $(sort $(wildcard src/core/*.cpp))
BACKEND_SOURCES = src/module.cpp $(sort $(wildcard src/pg/*.cpp) $(wildcard src/fn/*.cpp))
MODULE_big = $(EXTENSION)
OBJS = $(CORE_SOURCES:.cpp=.o) $(BACKEND_SOURCES:.cpp=.o)

# The install script is its parts, in the order of their names.
SQL_PARTS = $(sort $(wildcard sql/parts/*.sql))
SCRIPT = sql/$(EXTENSION)--$(EXTVERSION).sql
DATA_built = $(SCRIPT)
DATA = $(filter-out $(SCRIPT),$(wildcard sql/$(EXTENSION)--*.sql))

REGRESS := $(sort $(notdir $(basename $(wildcard test/sql/*.sql))))
REGRESS_OPTS = --inputdir=test --load-extension=$(EXTENSION)
ISOLATION := $(sort $(notdir $(basename $(wildcard test/specs/*.spec))))
ISOLATION_OPTS = --inputdir=test --outputdir=. --load-extension=$(EXTENSION)

PG_CONFIG ?= pg_config
OPTFLAGS ?=
WERROR ?=
WARNINGS = -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wvla $(WERROR)
# clang has no -fno-gnu-unique.
STANDARD = -std=c++20 -fvisibility=hidden -fvisibility-inlines-hidden $(if $(findstring clang,$(CXX)),,-fno-gnu-unique) -ffp-contract=off
EIGEN_FLAGS ?= $(shell pkg-config --cflags eigen3 2>/dev/null || echo -I/usr/include/eigen3)
# Other people's headers are not ours to warn about.
THIRD_PARTY = $(patsubst -I%,-isystem %,$(EIGEN_FLAGS))

PG_CPPFLAGS = -Iinclude -isystem $(shell $(PG_CONFIG) --includedir-server) $(THIRD_PARTY)
PG_CXXFLAGS = $(STANDARD) $(WARNINGS) $(OPTFLAGS)
SHLIB_LINK += -lstdc++ -Wl,--version-script=src/exports.map
EXTRA_CLEAN = $(SCRIPT) build $(OBJS:.o=.d)

# No bitcode unless asked for (LLVM=yes): the JIT would inline it into code that has no unwind tables, which an
# exception cannot cross; it needs clang, and it compiles every file twice.
LLVM ?= no
ifneq ($(LLVM),yes)
override with_llvm = no
endif

PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

COMPILE.cxx.bc += $(PG_CXXFLAGS)

# The core is compiled without the server's include path: including a PostgreSQL header there is a compile error.
CORE_COMPILE = $(CXX) -O2 -g $(STANDARD) $(WARNINGS) $(OPTFLAGS) -fPIC -Iinclude $(THIRD_PARTY)
src/core/%.o: src/core/%.cpp
	$(CORE_COMPILE) -MMD -MP -c -o $@ $<

# Other flags or another compiler: compile everything again.
BUILD_FLAGS = $(CORE_COMPILE) $(CXXFLAGS) $(CPPFLAGS)
build/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(BUILD_FLAGS)' | cmp -s - $@ || printf '%s\n' '$(BUILD_FLAGS)' > $@
$(OBJS): build/flags

# Debian's PGXS tracks no headers.
$(BACKEND_SOURCES:.cpp=.o): private override CPPFLAGS += -MMD -MP
-include $(wildcard $(OBJS:.o=.d))

$(SCRIPT): $(SQL_PARTS) $(EXTENSION).control Makefile
	{ printf '%s\n' '\echo Use "CREATE EXTENSION $(EXTENSION)" to load this file. \quit'; cat $(SQL_PARTS); } > $@

# --- unit tests -------------------------------------------------------------------------------------
UNIT_SOURCES = $(sort $(wildcard test/unit/*.cpp))
UNIT_OBJS = $(UNIT_SOURCES:test/unit/%.cpp=build/unit/%.o)
# Lines for backtraces, but no more to debug with: that takes a third of the time.
UNIT_COMPILE = $(CXX) -O1 -g1 $(STANDARD) $(WARNINGS) -Iinclude -Itest/unit $(THIRD_PARTY) -DTEST_DATA_DIR='"$(CURDIR)/test/data"'

build/unit/%.o: test/unit/%.cpp build/flags
	@mkdir -p $(@D)
	$(UNIT_COMPILE) -MMD -MP -c -o $@ $<

build/unit/run: $(UNIT_OBJS) $(CORE_SOURCES:.cpp=.o)
	$(CXX) -o $@ $^ -lgtest -lgtest_main -lpthread
-include $(wildcard $(UNIT_OBJS:.o=.d))


unit: build/unit/run ## GoogleTest of the core
	build/unit/run --gtest_brief=1

# The same tests under AddressSanitizer and UndefinedBehaviorSanitizer, the core compiled for it too.
ASAN_FLAGS = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
ASAN_OBJS = $(CORE_SOURCES:%.cpp=build/asan/%.o) $(UNIT_SOURCES:%.cpp=build/asan/%.o)

build/asan/%.o: %.cpp build/flags
	@mkdir -p $(@D)
	$(UNIT_COMPILE) $(ASAN_FLAGS) -MMD -MP -c -o $@ $<

build/asan/run: $(ASAN_OBJS)
	$(CXX) $(ASAN_FLAGS) -o $@ $^ -lgtest -lgtest_main -lpthread
-include $(wildcard $(ASAN_OBJS:.o=.d))

asan: build/asan/run ## the unit tests under ASan and UBSan
	build/asan/run --gtest_brief=1

# --- side by side with peers ------------------------------------------------------------------------
build/bench/%: bench/%.cpp $(CORE_SOURCES:.cpp=.o)
	@mkdir -p $(@D)
	$(CORE_COMPILE) -o $@ $^

bench-kmeans: build/bench/kmeans_bench ## k-means against scikit-learn's
	/usr/bin/python3 bench/kmeans_vs_sklearn.py

bench-forecast: build/bench/forecast_bench ## forecasts against R's, on the series of R's packages: an hour
	/usr/bin/python3 bench/forecast

# --- tests on a private cluster ---------------------------------------------------------------------
regress: all ## pg_regress and isolation tests on a throw-away cluster
	test/cluster with $(MAKE) --no-print-directory installcheck

tap: all powerbi-tools ## TAP tests
	test/cluster with test/tap

# What checks the Power BI project. Without it the other tests run, and the one that needs it fails; ECOMM_NPM=no does without.
powerbi-tools: build/powerbi/installed

build/powerbi/installed: $(wildcard test/powerbi/*.mjs test/powerbi/*.json)
ifneq ($(ECOMM_NPM),no)
	@mkdir -p $(@D)
	cp -r test/powerbi/. $(@D)
	@cd $(@D) && if npm ci --no-audit --no-fund > npm.log 2>&1; then touch installed; else rm -rf node_modules; tail -n 5 npm.log; fi
endif

# --- lint -------------------------------------------------------------------------------------------
# Every step reports as a TAP line, so that one rule counts them all.
FORMATTED = $(wildcard src/*.cpp src/*/*.cpp include/*/*/*.hpp test/unit/*.cpp test/unit/*.hpp)
SCRIPTS_LINTED = check demo script/setup script/run_demo script/load_csv test/cluster test/exports test/tap bench/cancel bench/refresh bench/rfm bench/powerbi bench/series bench/shop bench/track .ci/run
SCRIPTS_LINTED += docker/setup docker/healthy docker/init/50-ecomm.sh docker/try_build docker/test/entrypoint
TIDY_FLAGS = $(filter-out -fno-gnu-unique,$(STANDARD)) $(PG_CPPFLAGS) -isystem $(shell $(PG_CONFIG) --includedir-server)
TIDY_OK = $(CORE_SOURCES:%.cpp=build/tidy/%.ok) $(BACKEND_SOURCES:%.cpp=build/tidy/%.ok)

Report = && echo "ok - $(1)" || { echo "not ok - $(1)"; exit 1; }

# clang-tidy takes longer than all tests together, so it stands apart from the checks that run on every change.
lint: lint-format lint-shell lint-exports lint-core lint-docker ## format, shellcheck, exported names, purity of the core, the image's files

tidy: $(TIDY_OK) ## clang-tidy over every source file: minutes

lint-format:
	@clang-format --dry-run -Werror $(FORMATTED) $(call Report,format)

lint-shell:
	@shellcheck -x $(wildcard $(SCRIPTS_LINTED)) $(call Report,shellcheck)

lint-exports: all
	@test/exports $(MODULE_big)$(DLSUFFIX) $(call Report,exported names)

# The core's compile line must refuse a PostgreSQL header, and must accept the same file without it.
lint-core:
	@mkdir -p build/probe
	@echo 'int Probe() { return 0; }' > build/probe/clean.cpp
	@{ echo '#include <postgres.h>'; cat build/probe/clean.cpp; } > build/probe/backend.cpp
	@$(CORE_COMPILE) -c -o build/probe/clean.o build/probe/clean.cpp && \
	 ! $(CORE_COMPILE) -c -o build/probe/backend.o build/probe/backend.cpp 2>/dev/null $(call Report,core sees no PostgreSQL header)

lint-docker:
	@docker/test/references.pl $(call Report,files and settings that docker/ names)

# Reports every time, so that the count is the same, but runs only when something changed.
build/tidy/%.ok: %.cpp .clang-tidy $(wildcard include/*/*/*.hpp) FORCE
	@mkdir -p $(@D)
	@{ [ -z "$(filter-out FORCE,$?)" ] || clang-tidy --quiet $< -- $(TIDY_FLAGS) 2>/dev/null; } $(call Report,tidy $<)
	@touch $@

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST)

.PHONY: unit asan bench-kmeans bench-forecast regress tap powerbi-tools lint lint-format lint-shell lint-exports lint-core lint-docker help FORCE
