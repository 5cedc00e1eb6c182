// Work that may fail without the calling statement failing.
#pragma once

#include <functional>

#include "ecomm_analytics/pg/prelude.hpp"

namespace ecomm::pg {

// Runs `body` in a subtransaction. Where it fails, all it did is rolled back, and what went wrong comes back;
// cancelling and shutting down go on as exceptions. Any Spi that `body` opens it must close.
std::optional<std::string> InSubtransaction(const std::function<void()>& body);

}  // namespace ecomm::pg
