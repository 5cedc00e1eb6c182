#include "ecomm_analytics/pg/prelude.hpp"
#include "ecomm_analytics/pg/settings.hpp"

extern "C" {
PG_MODULE_MAGIC;
PGDLLEXPORT void _PG_init(void);
}

void _PG_init(void) { ecomm::pg::DefineSettings(); }
