// rfm(), rfm_segments() and their keyed forms.

#include <array>

#include "ecomm_analytics/pg/arguments.hpp"
#include "ecomm_analytics/pg/bytes.hpp"
#include "ecomm_analytics/pg/clustering_arguments.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/rfm_scorer.hpp"
#include "ecomm_analytics/pg/rfm_source.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"
#include "ecomm_analytics/pg/srf.hpp"

namespace ecomm::fn {
namespace {

using pg::RfmRow;
using pg::RowSink;

// Arguments (sale regclass, as_of timestamp), from `first` on; the key's type is that of the first column
// handed out.
pg::RfmOptions ReadOptions(const pg::Arguments& arguments, int first, const RowSink& sink) {
  pg::RfmOptions options;
  options.sale = arguments.ObjectId(first).value_or(InvalidOid);
  options.as_of = pg::ReadAsOf(arguments, first + 1);
  options.key_type = sink.TypeOf(0);
  return options;
}

RowSink& PutTotals(RowSink& sink, const RfmRow& row) {
  sink.Int64(row.frequency);
  if (row.monetary_numeric) {
    sink.Value(*row.monetary_numeric);
  } else {
    sink.Numeric(row.monetary, core::kAmountScale, row.display_scale);
  }
  for (const auto& moment : {row.first_purchase, row.last_purchase}) {
    if (moment) {
      sink.Timestamp(*moment);
    } else {
      sink.Null();
    }
  }
  return sink;
}

RowSink& PutRow(RowSink& sink, const RfmRow& row) {
  sink.Value(row.customer);
  if (row.recency) {
    sink.Int32(static_cast<std::int32_t>(*row.recency));
  } else {
    sink.Null();
  }
  return PutTotals(sink, row);
}

Datum Rfm(FunctionCallInfo fcinfo, int first) {
  RowSink sink(fcinfo);
  pg::Spi spi;
  const pg::RfmReading reading(spi, ReadOptions(pg::Arguments(fcinfo), first, sink));
  pg::NoticeLeftOut(reading.counts());
  reading.ForEach([&](const RfmRow& row) { PutRow(sink, row).EndRow(); });
  return sink.Done();
}

// The segment of each of the 125 cells, by 100 r + 10 f + m.
class SegmentRules {
 public:
  SegmentRules(pg::Spi& spi, const std::string& rule_set) {
    const pg::PinnedSettings pinned;
    const pg::Rows rows = spi.Query("SELECT rfm_score, segment FROM ecomm.segment_rule WHERE rule_set = $1",
                                    {pg::Parameter::Text(rule_set)});
    if (rows.empty()) {
      throw pg::SqlError(
          ERRCODE_UNDEFINED_OBJECT, "there is no segment rule set \"" + rule_set + "\"", {},
          "Make one with segment_rules_reset('" + rule_set + "') and edit ecomm.segment_rule.");
    }
    for (std::uint64_t i = 0; i < rows.count(); ++i) segments_[*rows.Int32(i, 0)] = *rows.Text(i, 1);
    constexpr std::uint64_t kCells = std::uint64_t{core::kScores} * core::kScores * core::kScores;
    if (rows.count() != kCells) {
      throw pg::SqlError(
          ERRCODE_CHECK_VIOLATION, "segment rule set \"" + rule_set + "\" is incomplete",
          "It covers " + std::to_string(rows.count()) + " of " + std::to_string(kCells) + " cells.",
          "Restore it with segment_rules_reset('" + rule_set + "').");
    }
  }
  const std::string& Of(const pg::RfmScores& scores) const { return segments_[scores.cell()]; }

 private:
  std::array<std::string, 556> segments_;
};

Datum RfmSegments(FunctionCallInfo fcinfo, int first) {
  RowSink sink(fcinfo);
  pg::Spi spi;
  const pg::Arguments arguments(fcinfo);
  const SegmentRules rules(spi, arguments.Text(first + 2).value_or("default"));
  const pg::RfmReading reading(spi, ReadOptions(arguments, first, sink));
  pg::NoticeLeftOut(reading.counts());
  const pg::RfmScorer scorer(reading);
  reading.ForEach([&](const RfmRow& row) {
    const pg::RfmScores scores = scorer.Of(row);
    PutRow(sink, row)
        .Int32(scores.r)
        .Int32(scores.f)
        .Int32(scores.m)
        .Int32(scores.cell())
        .Text(rules.Of(scores))
        .EndRow();
  });
  return sink.Done();
}

}  // namespace

// (key anyelement, finished bytea): the customers of ecomm._rfm's result
ECOMM_FUNCTION(ecomm_rfm_rows) {
  return pg::Entry([&] {
    RowSink sink(fcinfo);
    const pg::Arguments arguments(fcinfo);
    if (!arguments.IsNull(1)) {
      const core::RfmTable table(pg::PayloadOf(arguments.Value(1)));
      pg::RequireRfm(table, sink.TypeOf(0));
      pg::ForEachOf(table, sink.TypeOf(0), std::nullopt,
                    [&](const RfmRow& row) { PutTotals(sink.Value(row.customer), row).EndRow(); });
    }
    return sink.Done();
  });
}

// (sale regclass, as_of timestamp)
ECOMM_FUNCTION(ecomm_rfm) {
  return pg::Entry([&] { return Rfm(fcinfo, 0); });
}

// (key anyelement, sale regclass, as_of timestamp)
ECOMM_FUNCTION(ecomm_rfm_keyed) {
  return pg::Entry([&] { return Rfm(fcinfo, 1); });
}

// (sale regclass, as_of timestamp, rules text)
ECOMM_FUNCTION(ecomm_rfm_segments) {
  return pg::Entry([&] { return RfmSegments(fcinfo, 0); });
}

// (key anyelement, sale regclass, as_of timestamp, rules text)
ECOMM_FUNCTION(ecomm_rfm_segments_keyed) {
  return pg::Entry([&] { return RfmSegments(fcinfo, 1); });
}

// (numeric) -> bigint: a key that is a whole number, or an error
ECOMM_FUNCTION(ecomm_bigint_key) {
  return pg::Entry([&]() -> Datum {
    const std::string_view payload = pg::PayloadOf(PG_GETARG_DATUM(0));
    const core::Amount key = core::DecodeNumeric(payload.data(), payload.size());
    constexpr core::Int128 kUnit = core::Int128{10'000'000'000'000'000};
    if (key.kind != core::Amount::Kind::kFinite || key.value % kUnit != 0 || key.value / kUnit > INT64_MAX ||
        key.value / kUnit < INT64_MIN) {
      const char* text =
          pg::Call([=] { return DatumGetCString(DirectFunctionCall1(numeric_out, PG_GETARG_DATUM(0))); });
      throw pg::SqlError(ERRCODE_DATATYPE_MISMATCH, "customer keys are not all whole numbers",
                         std::string("One is ") + text + ".",
                         "Use the form that takes a typed null, for example rfm_keyed(NULL::numeric).");
    }
    PG_RETURN_INT64(static_cast<std::int64_t>(key.value / kUnit));
  });
}

}  // namespace ecomm::fn
