#include <algorithm>
#include <array>
#include <cctype>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/forecast_method.hpp"

namespace ecomm::core {
namespace {

constexpr std::size_t kMostParts = 10;

struct Named {
  std::string_view name;
  Forecaster kind;
};
constexpr std::array<Named, 12> kKinds = {{{"mean", Forecaster::kMean},
                                           {"naive", Forecaster::kNaive},
                                           {"seasonal_naive", Forecaster::kSeasonalNaive},
                                           {"drift", Forecaster::kDrift},
                                           {"theta", Forecaster::kTheta},
                                           {"ets", Forecaster::kEts},
                                           {"arima", Forecaster::kArima},
                                           {"stl", Forecaster::kStl},
                                           {"mstl", Forecaster::kMstl},
                                           {"combine", Forecaster::kCombine},
                                           {"median", Forecaster::kMedian},
                                           {"auto", Forecaster::kAuto}}};

// Names of their own for forms of exponential smoothing.
struct NamedForm {
  std::string_view name;
  std::string_view argument;
  std::string_view form;
};
constexpr std::array<NamedForm, 5> kForms = {{{"ses", "", "ANN"},
                                              {"holt", "", "AAN"},
                                              {"damped_holt", "", "AAdN"},
                                              {"holt_winters", "", "AAA"},
                                              {"holt_winters", "multiplicative", "MAM"}}};

constexpr std::array kIntermittent = {IntermittentMethod::kCroston, IntermittentMethod::kSba,
                                      IntermittentMethod::kTsb, IntermittentMethod::kAdida};

[[noreturn]] void Refuse(std::string_view text) {
  throw Error(ErrorCode::kInvalidArgument, "unknown forecasting method \"" + std::string(text) + "\"", {},
              "Use 'auto', 'ets', 'arima', 'theta', 'stl(ets)', 'mstl(arima)', 'ses', 'holt', 'damped_holt', "
              "'holt_winters', 'mean', 'naive', "
              "'seasonal_naive', 'drift', 'croston', 'sba', 'tsb', 'adida', 'ets(MAM)', "
              "'arima(0,1,1)(0,1,1)' and the like, or "
              "'combine(A, B)' and 'median(A, B)' of "
              "others.");
}

std::string_view Trimmed(std::string_view text) {
  const auto is_space = [](char c) { return c == ' '; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string Lowered(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lowered;
}

// At the commas outside parentheses.
std::vector<std::string_view> SplitParts(std::string_view text) {
  std::vector<std::string_view> parts;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i == text.size() || (text[i] == ',' && depth == 0)) {
      parts.push_back(Trimmed(text.substr(begin, i - begin)));
      begin = i + 1;
    } else {
      depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
    }
  }
  return parts;
}

// The name before the parentheses, and what is in them.
struct Call {
  std::string name;
  std::string_view argument;
};

Call ReadCall(std::string_view text) {
  const std::size_t open = text.find('(');
  if (open == std::string_view::npos) return {Lowered(text), {}};
  if (text.back() != ')') Refuse(text);
  return {Lowered(Trimmed(text.substr(0, open))), Trimmed(text.substr(open + 1, text.size() - open - 2))};
}

bool IsCombination(Forecaster kind) { return kind == Forecaster::kCombine || kind == Forecaster::kMedian; }
bool TakesOutSeasons(Forecaster kind) { return kind == Forecaster::kStl || kind == Forecaster::kMstl; }

// An order of ARIMA, which has parentheses of its own.
std::optional<ArimaForm> ReadArima(std::string_view text) {
  constexpr std::string_view kName = "arima";
  if (text.size() <= kName.size() || Lowered(text.substr(0, kName.size())) != kName) return std::nullopt;
  return ParseArimaForm(text);
}

std::string NameOf(const ArimaForm& form) {
  const ArimaOrder& order = form.order;
  std::string name = "arima(" + std::to_string(order.p) + "," + std::to_string(order.d) + "," +
                     std::to_string(order.q) + ")";
  if (order.seasonal_p + order.seasonal_d + order.seasonal_q > 0) {
    name += "(" + std::to_string(order.seasonal_p) + "," + std::to_string(order.seasonal_d) + "," +
            std::to_string(order.seasonal_q) + ")";
    if (form.period) name += "[" + std::to_string(*form.period) + "]";
  }
  if (!form.constant) return name;
  const bool drift = order.d + order.seasonal_d > 0;
  if (*form.constant) return name + (drift ? " with drift" : " with non-zero mean");
  return name + " with zero mean";
}

// What a method may be a part of. Neither combinations nor automatic choices are parts of anything.
enum class Within { kNothing, kCombination, kSeasons };

MethodSpec Parse(std::string_view text, Within within);

std::vector<MethodSpec> ParseParts(std::string_view text) {
  std::vector<MethodSpec> parts;
  for (const std::string_view part : SplitParts(text)) parts.push_back(Parse(part, Within::kCombination));
  if (parts.size() < 2 || parts.size() > kMostParts) Refuse(text);
  return parts;
}

MethodSpec Parse(std::string_view text, Within within) {
  text = Trimmed(text);
  if (text.empty()) Refuse(text);
  if (const auto form = ReadArima(text)) return {.kind = Forecaster::kArima, .arima = form};
  const Call call = ReadCall(text);
  for (const NamedForm& form : kForms) {
    if (form.name == call.name && form.argument == Lowered(call.argument)) {
      return {.kind = Forecaster::kEts, .ets = ParseEtsForm(form.form)};
    }
  }
  for (const IntermittentMethod method : kIntermittent) {
    if (call.name != Name(method)) continue;
    if (!call.argument.empty()) Refuse(text);
    return {.kind = Forecaster::kIntermittent, .intermittent = method};
  }
  const auto* const found =
      std::find_if(kKinds.begin(), kKinds.end(), [&](const Named& kind) { return kind.name == call.name; });
  if (found == kKinds.end()) Refuse(text);
  MethodSpec method{.kind = found->kind};
  if (within != Within::kNothing && (IsCombination(method.kind) || method.kind == Forecaster::kAuto)) {
    Refuse(text);
  }
  if (within == Within::kSeasons && TakesOutSeasons(method.kind)) Refuse(text);
  if (IsCombination(method.kind)) {
    method.parts = ParseParts(call.argument);
  } else if (TakesOutSeasons(method.kind)) {
    method.parts = {call.argument.empty() ? MethodSpec{.kind = Forecaster::kEts}
                                          : Parse(call.argument, Within::kSeasons)};
  } else if (!call.argument.empty()) {
    if (method.kind == Forecaster::kEts) {
      method.ets = ParseEtsForm(call.argument);
    } else if (method.kind == Forecaster::kTheta) {
      method.theta = ParseThetaModel(Lowered(call.argument));
    } else {
      Refuse(text);
    }
  }
  return method;
}

}  // namespace

MethodSpec ParseMethod(std::string_view text) { return Parse(text, Within::kNothing); }

std::string Name(const MethodSpec& method) {
  if (method.kind == Forecaster::kIntermittent) return std::string(Name(method.intermittent));
  std::string name;
  for (const Named& kind : kKinds) {
    if (kind.kind == method.kind) name = kind.name;
  }
  if (method.kind == Forecaster::kEts && method.ets != EtsForm{}) return name + "(" + Name(method.ets) + ")";
  if (method.kind == Forecaster::kTheta && method.theta != ThetaModel::kStandard) {
    return name + "(" + std::string(Name(method.theta)) + ")";
  }
  if (method.arima) return NameOf(*method.arima);
  for (std::size_t i = 0; i < method.parts.size(); ++i) {
    name += (i == 0 ? "(" : ", ") + Name(method.parts[i]);
  }
  return method.parts.empty() ? name : name + ")";
}

}  // namespace ecomm::core
