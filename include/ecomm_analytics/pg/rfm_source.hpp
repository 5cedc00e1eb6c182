// RFM rows of a sale relation: in memory where the budget allows it, through the server's own grouping (which
// spills to disk) where not. The rows are the same.
#pragma once

#include <functional>

#include "ecomm_analytics/core/rfm.hpp"
#include "ecomm_analytics/pg/prelude.hpp"
#include "ecomm_analytics/pg/spi.hpp"

namespace ecomm::pg {

struct RfmOptions {
  Oid sale = InvalidOid;           // InvalidOid: the bound or default relation
  std::optional<Timestamp> as_of;  // later lines are not there yet; default: the day after the last sale
  Oid key_type = INT8OID;          // of the customer keys handed out; InvalidOid: as they are
  const char* keyed_function = "rfm_keyed";  // the call to name where keys are of another type
};

struct RfmRow {
  Datum customer;  // of the asked-for type; valid during the visit
  std::int64_t frequency;
  std::optional<core::Micros> first_purchase;
  std::optional<core::Micros> last_purchase;  // unset: the customer only ever returned
  std::optional<std::int64_t> recency;        // days
  // monetary: numeric where the server summed it, else value x 10^-kAmountScale
  std::optional<Datum> monetary_numeric;
  core::Int128 monetary;
  std::uint8_t display_scale;

  double MonetaryAsDouble() const;
};

class RfmReading {
 public:
  // Reads the lines. Throws where keys do not fit the asked-for type, naming the call that fits.
  RfmReading(Spi& spi, const RfmOptions& options);

  // In ascending order of customer. Can be visited again.
  void ForEach(const std::function<void(const RfmRow&)>& visit) const;

  // What was read, qualified.
  const std::string& relation_name() const { return relation_name_; }
  // Whether the rows are in memory: then table() has them, and ForEach costs no query.
  bool in_memory() const { return table_.has_value(); }
  const core::RfmTable& table() const { return *table_; }
  const core::LineCounts& counts() const { return counts_; }
  // Not in memory: the query of one row a customer (customer_id, frequency, first_purchase, last_purchase,
  // monetary) and its parameters, to be run under a PinnedSettings.
  std::string Groups() const;
  std::vector<Parameter> Parameters() const;
  Spi& spi() const { return spi_; }
  // Unset where there is no dated line and no as_of.
  std::optional<core::Micros> snapshot() const { return snapshot_; }

 private:
  void CountLines();
  void VisitTable(const std::function<void(const RfmRow&)>& visit) const;
  void VisitGroups(const std::function<void(const RfmRow&)>& visit) const;

  Spi& spi_;
  RfmOptions options_;
  std::string relation_name_;
  std::string lines_;  // SELECT customer_id, sold_at, invoice_no, amount of the lines up to as_of
  Oid customer_type_ = InvalidOid;
  std::optional<core::RfmTable> table_;
  core::LineCounts counts_;
  std::optional<core::Micros> snapshot_;
};

// The rows of a finished table that has all customers; without a snapshot there is no recency.
void ForEachOf(const core::RfmTable& table, Oid key_type, std::optional<core::Micros> snapshot,
               const std::function<void(const RfmRow&)>& visit);

// Throws where the table gave up, or its keys are none of the type.
void RequireRfm(const core::RfmTable& table, Oid key_type);

// A NOTICE about the lines that RFM leaves out, by reason; nothing where there are none.
void NoticeLeftOut(const core::LineCounts& counts);

}  // namespace ecomm::pg
