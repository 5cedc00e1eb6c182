// Everything that differs between PostgreSQL 13 and 18 stands here and in compat_after.hpp (which needs the
// server's own declarations). No other file tests PG_VERSION_NUM.
#pragma once

#include <pg_config.h>

#if PG_VERSION_NUM < 130000 || PG_VERSION_NUM >= 190000
#error "ecomm_analytics supports PostgreSQL 13 to 18"
#endif

// Up to 15 the server leaves PGDLLEXPORT empty on ELF, and hidden visibility would hide the magic block.
#if PG_VERSION_NUM < 160000
#define PGDLLEXPORT __attribute__((visibility("default")))
#endif
