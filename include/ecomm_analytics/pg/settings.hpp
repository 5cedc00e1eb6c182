// The extension's settings, and the answers they give to the core (core/host.hpp).
#pragma once

namespace ecomm::pg {

// Called once, from _PG_init.
void DefineSettings();

}  // namespace ecomm::pg
