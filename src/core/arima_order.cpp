// Orders of ARIMA models and their names.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>

#include "arima_design.hpp"
#include "arima_order.hpp"
#include "ecomm_analytics/core/error.hpp"

namespace ecomm::core {
namespace {

constexpr int kMostLags = 50;
constexpr int kMostSeasonalLags = 10;
constexpr int kMostDifferences = 3;
constexpr int kMostSeasonalDifferences = 2;

// Reads what it is asked for and moves on, or stays.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) { Skip(); }

  bool Take(std::string_view word) {
    const bool there = text_.size() >= word.size() &&
                       std::equal(word.begin(), word.end(), text_.begin(), [](char a, char b) {
                         return a == (b >= 'a' && b <= 'z' ? static_cast<char>(b - 'a' + 'A') : b);
                       });
    if (!there) return false;
    text_.remove_prefix(word.size());
    Skip();
    return true;
  }

  bool TakeNumber(int* number) {
    const auto [end, status] = std::from_chars(text_.data(), text_.data() + text_.size(), *number);
    if (status != std::errc{} || *number < 0) return false;
    text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
    Skip();
    return true;
  }

  // '(1,2,3)'
  bool TakeThree(int* a, int* b, int* c) {
    return Take("(") && TakeNumber(a) && Take(",") && TakeNumber(b) && Take(",") && TakeNumber(c) &&
           Take(")");
  }

  bool Done() const { return text_.empty(); }
  bool At(char c) const { return !text_.empty() && text_.front() == c; }

 private:
  void Skip() {
    while (At(' ')) text_.remove_prefix(1);
  }

  std::string_view text_;
};

bool ReadForm(std::string_view text, ArimaForm* form) {
  Reader reader(text);
  ArimaOrder& order = form->order;
  reader.Take("ARIMA");
  if (!reader.TakeThree(&order.p, &order.d, &order.q)) return false;
  if (reader.At('(') && !reader.TakeThree(&order.seasonal_p, &order.seasonal_d, &order.seasonal_q)) {
    return false;
  }
  int period = 0;
  if (reader.At('[')) {
    if (!(reader.Take("[") && reader.TakeNumber(&period) && reader.Take("]"))) return false;
    form->period = period;
  }
  if (reader.Take("WITH DRIFT") || reader.Take("WITH NON-ZERO MEAN")) {
    form->constant = true;
  } else if (reader.Take("WITH ZERO MEAN")) {
    form->constant = false;
  }
  return reader.Done();
}

void RequireWithin(const char* name, int value, int most) {
  if (value >= 0 && value <= most) return;
  throw Error(
      ErrorCode::kInvalidArgument, "order of an ARIMA model is outside its range",
      std::string(name) + ": " + std::to_string(value) + ", allowed: 0 to " + std::to_string(most) + ".");
}

std::string Three(int a, int b, int c) {
  return "(" + std::to_string(a) + "," + std::to_string(b) + "," + std::to_string(c) + ")";
}

}  // namespace

void RequireArimaOrder(const ArimaOrder& order, int period) {
  RequireWithin("p", order.p, kMostLags);
  RequireWithin("d", order.d, kMostDifferences);
  RequireWithin("q", order.q, kMostLags);
  RequireWithin("P", order.seasonal_p, kMostSeasonalLags);
  RequireWithin("D", order.seasonal_d, kMostSeasonalDifferences);
  RequireWithin("Q", order.seasonal_q, kMostSeasonalLags);
  if (period < 1) {
    throw Error(ErrorCode::kInvalidArgument, "period must be at least 1",
                "Period: " + std::to_string(period) + ".");
  }
  if (period == 1 && order.seasonal_p + order.seasonal_d + order.seasonal_q > 0) {
    throw Error(ErrorCode::kInvalidArgument, "seasonal terms need a season", "Period: 1.",
                "State a period, or a model without seasonal terms.");
  }
}

ArimaForm ParseArimaForm(std::string_view text) {
  ArimaForm form;
  if (!ReadForm(text, &form)) {
    throw Error(
        ErrorCode::kInvalidArgument, "unknown ARIMA model \"" + std::string(text) + "\"", {},
        "Write it as 'ARIMA(0,1,1)(0,1,1)[12] with drift'; season, period and constant may be left out.");
  }
  // Without a period any season is possible.
  RequireArimaOrder(form.order, form.period.value_or(2));
  return form;
}

std::string Name(const ArimaOrder& order, int period) {
  std::string name = "ARIMA" + Three(order.p, order.d, order.q);
  if (order.seasonal_p + order.seasonal_d + order.seasonal_q > 0) {
    name += Three(order.seasonal_p, order.seasonal_d, order.seasonal_q) + "[" + std::to_string(period) + "]";
  }
  return name;
}

std::string Name(const ArimaModel& model) {
  const std::string name = Name(model.order, model.period);
  if (!model.coefficients.regressors.empty()) return "Regression with " + name + " errors";
  const bool level = model.order.d + model.order.seasonal_d == 0;
  if (model.has_constant) return name + (level ? " with non-zero mean" : " with drift");
  return name + (level ? " with zero mean" : "");
}

}  // namespace ecomm::core
