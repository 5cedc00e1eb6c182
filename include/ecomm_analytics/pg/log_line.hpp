// Sale lines as datums, on their way into a log.
#pragma once

#include "ecomm_analytics/core/line_log.hpp"
#include "ecomm_analytics/pg/prelude.hpp"

namespace ecomm::pg {

class LogLineReader {
 public:
  struct Types {
    Oid customer = InvalidOid;
    Oid order = InvalidOid;
    Oid product = InvalidOid;
    Oid quantity = InvalidOid;
  };
  LogLineReader() = default;
  // 42804 unless the quantity is smallint, integer, bigint or numeric.
  explicit LogLineReader(const Types& types);

  core::LogShape shape(std::uint32_t part = 0, std::uint32_t parts = 1) const;

  // `line`: sold_at, customer, order, product, quantity and amount. What comes back lives as long as they do,
  // and until the next call.
  const core::LineLog::Line& Read(const NullableDatum* line);

 private:
  Types types_;
  std::string digits_;
  core::LineLog::Line line_;
};

}  // namespace ecomm::pg
