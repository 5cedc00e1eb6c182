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

REGRESS = $(sort $(notdir $(basename $(wildcard test/sql/*.sql))))
REGRESS_OPTS = --inputdir=test

PG_CONFIG ?= pg_config
OPTFLAGS ?=
WERROR ?=
WARNINGS = -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wvla $(WERROR)
STANDARD = -std=c++20 -fvisibility=hidden -fvisibility-inlines-hidden -fno-gnu-unique -ffp-contract=off
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

# Debian's PGXS tracks no headers.
$(BACKEND_SOURCES:.cpp=.o): override CPPFLAGS += -MMD -MP
-include $(wildcard $(OBJS:.o=.d))

$(SCRIPT): $(SQL_PARTS) $(EXTENSION).control Makefile
	{ printf '%s\n' '\echo Use "CREATE EXTENSION $(EXTENSION)" to load this file. \quit'; cat $(SQL_PARTS); } > $@

# --- unit tests -------------------------------------------------------------------------------------
UNIT_SOURCES = $(sort $(wildcard test/unit/*.cpp))
UNIT_OBJS = $(UNIT_SOURCES:test/unit/%.cpp=build/unit/%.o)
UNIT_COMPILE = $(CXX) -O1 -g $(STANDARD) $(WARNINGS) -Iinclude -Itest/unit $(THIRD_PARTY) -DTEST_DATA_DIR='"$(CURDIR)/test/data"'

build/unit/%.o: test/unit/%.cpp
	@mkdir -p $(@D)
	$(UNIT_COMPILE) -MMD -MP -c -o $@ $<

build/unit/run: $(UNIT_OBJS) $(CORE_SOURCES:.cpp=.o)
	$(CXX) -o $@ $^ -lgtest -lgtest_main -lpthread
-include $(wildcard $(UNIT_OBJS:.o=.d))

.PHONY: unit help
unit: build/unit/run ## GoogleTest of the core
	build/unit/run --gtest_brief=1

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST)
