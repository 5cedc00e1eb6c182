// Stored RFM totals scored as rfm_segments() scores them. ecomm._rfm_breaks: where the quintiles lie, in one
// pass and without sorting; ecomm._rfm_score: the scores of one customer.

#include <array>

#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/rfm.hpp"
#include "ecomm_analytics/core/rfm_score.hpp"
#include "ecomm_analytics/pg/bytes.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/owned.hpp"
#include "ecomm_analytics/pg/srf.hpp"

namespace ecomm::fn {
namespace {

struct Totals {
  std::vector<core::Int128> monetary;
  std::vector<std::int64_t> frequency;
  // Days back in time: the more recent, the lower.
  std::vector<std::int64_t> age;
  bool beyond = false;  // there is an amount that is not held exactly

  void Add(core::Micros last_purchase, std::int64_t orders, const core::Amount& amount) {
    if (beyond) return;
    if (amount.kind != core::Amount::Kind::kFinite) {
      beyond = true;
      return;
    }
    if (age.size() == age.capacity()) Grow();
    monetary.push_back(amount.value);
    frequency.push_back(orders);
    age.push_back(-core::DayOf(last_purchase));
  }

 private:
  void Grow() {
    const std::size_t capacity = std::max<std::size_t>(1024, 2 * age.capacity());
    // What is there is copied.
    core::RequireMemory((capacity + age.size()) * (sizeof(core::Int128) + 2 * sizeof(std::int64_t)),
                        "RFM scores");
    monetary.reserve(capacity);
    frequency.reserve(capacity);
    age.reserve(capacity);
  }
};

Totals* StateArgument(FunctionCallInfo fcinfo) {
  return PG_ARGISNULL(0) ? nullptr : reinterpret_cast<Totals*>(PG_GETARG_POINTER(0));
}

// The array that ecomm._rfm_breaks makes, read once for all rows of a query.
struct BreakList {
  core::Breaks<std::int64_t> age;
  core::Breaks<std::int64_t> frequency;
  core::Breaks<core::Amount> monetary;
  core::Breaks<Datum> monetary_numeric;

  explicit BreakList(Datum array) {
    struct Elements {
      Datum* values;
      bool* nulls;
      int count;
    };
    const Elements elements = pg::Call([=] {
      Elements e{};
      deconstruct_array(DatumGetArrayTypePCopy(array), NUMERICOID, -1, false, TYPALIGN_INT, &e.values,
                        &e.nulls, &e.count);
      return e;
    });
    if (elements.count != 3 * core::kBreaks ||
        std::count(elements.nulls, elements.nulls + elements.count, true) > 0) {
      throw core::Error(core::ErrorCode::kInvalidArgument, "breaks must be 12 numbers");
    }
    const auto whole = [&](std::size_t i) {
      return pg::Call(
          [value = elements.values[i]] { return DatumGetInt64(DirectFunctionCall1(numeric_int8, value)); });
    };
    for (std::size_t i = 0; i < core::kBreaks; ++i) {
      age[i] = -whole(i);
      frequency[i] = whole(core::kBreaks + i);
      monetary_numeric[i] = elements.values[2 * core::kBreaks + i];
      monetary[i] = Decode(monetary_numeric[i]);
    }
  }

  static core::Amount Decode(Datum value) {
    const std::string_view payload = pg::PayloadOf(value);
    return core::DecodeNumeric(payload.data(), payload.size());
  }

  int MonetaryScore(Datum value) const {
    const core::Amount amount = Decode(value);
    int score = 1;
    for (std::size_t i = 0; i < core::kBreaks; ++i) {
      const bool exact =
          amount.kind == core::Amount::Kind::kFinite && monetary[i].kind == core::Amount::Kind::kFinite;
      const bool below =
          exact ? monetary[i].value < amount.value : pg::Call([below = monetary_numeric[i], value] {
            return DatumGetInt32(DirectFunctionCall2(numeric_cmp, below, value)) < 0;
          });
      score += below ? 1 : 0;
    }
    return score;
  }

  // Kept with the call site, unless the breaks differ from row to row.
  static const BreakList& Of(FunctionCallInfo call, std::optional<BreakList>& of_this_row) {
    FmgrInfo* site = call->flinfo;
    const Datum array = call->args[0].value;
    if (!get_fn_expr_arg_stable(site, 0)) return of_this_row.emplace(array);
    if (site->fn_extra == nullptr) {
      const MemoryContext caller = MemoryContextSwitchTo(site->fn_mcxt);
      site->fn_extra = pg::NewIn<BreakList>(site->fn_mcxt, array);
      MemoryContextSwitchTo(caller);
    }
    return *static_cast<const BreakList*>(site->fn_extra);
  }
};

}  // namespace

// (state internal, last_purchase timestamp, frequency bigint, monetary numeric) -> internal
ECOMM_FUNCTION(ecomm_rfm_breaks_transition) {
  return pg::Entry([&]() -> Datum {
    Totals* totals = StateArgument(fcinfo);
    if (totals == nullptr) totals = pg::NewIn<Totals>(pg::AggregateContext(fcinfo));
    if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3)) PG_RETURN_POINTER(totals);
    const std::string_view amount = pg::PayloadOf(PG_GETARG_DATUM(3));
    totals->Add(PG_GETARG_TIMESTAMP(1), PG_GETARG_INT64(2),
                core::DecodeNumeric(amount.data(), amount.size()));
    PG_RETURN_POINTER(totals);
  });
}

// (internal) -> numeric[]: the four breaks of each axis: the last day, as days after 2000-01-01 from the
// latest on, frequency and monetary; NULL without a customer, or where an amount is not held exactly
ECOMM_FUNCTION(ecomm_rfm_breaks_final) {
  return pg::Entry([&]() -> Datum {
    Totals* totals = StateArgument(fcinfo);
    if (totals == nullptr || totals->beyond || totals->age.empty()) PG_RETURN_NULL();
    const auto age = core::FindBreaks(totals->age);
    const auto frequency = core::FindBreaks(totals->frequency);
    const auto monetary = core::FindBreaks(totals->monetary);
    std::array<core::Int128, 3 * core::kBreaks> breaks{};
    for (std::size_t i = 0; i < core::kBreaks; ++i) {
      breaks[i] = -age[i];
      breaks[core::kBreaks + i] = frequency[i];
      breaks[2 * core::kBreaks + i] = monetary[i];
    }
    return pg::Call([=] {
      std::array<Datum, 3 * core::kBreaks> numbers;
      for (std::size_t i = 0; i < numbers.size(); ++i) {
        const int scale = i < 2 * core::kBreaks ? 0 : core::kAmountScale;
        numbers[i] = pg::MakeNumeric(breaks[i], scale, scale);
      }
      return PointerGetDatum(construct_array(numbers.data(), static_cast<int>(numbers.size()), NUMERICOID, -1,
                                             false, TYPALIGN_INT));
    });
  });
}

// (breaks numeric[], last_purchase timestamp, frequency bigint, monetary numeric) -> integer: 111 to 555
ECOMM_FUNCTION(ecomm_rfm_score) {
  return pg::Entry([&]() -> Datum {
    if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3)) PG_RETURN_INT32(111);
    std::optional<BreakList> of_this_row;
    const BreakList& breaks = BreakList::Of(fcinfo, of_this_row);
    const int r =
        core::kScores + 1 - core::Score(breaks.age, std::int64_t{-core::DayOf(PG_GETARG_TIMESTAMP(1))});
    const int f = core::Score(breaks.frequency, std::int64_t{PG_GETARG_INT64(2)});
    PG_RETURN_INT32(100 * r + 10 * f + breaks.MonetaryScore(PG_GETARG_DATUM(3)));
  });
}

}  // namespace ecomm::fn
