// One exponential smoothing model for a series: the stated form, or the one the criterion prefers.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/ets.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/text.hpp"
#include "ets_form.hpp"
#include "ets_run.hpp"
#include "ets_search.hpp"
#include "tested_series.hpp"

namespace ecomm::core {
namespace {

// Below, there is no form whose criterion is defined.
constexpr std::size_t kFewest = 5;

// Starts followed for a form: for the only one; in the first pass over several; for those near the best of
// them.
constexpr int kEffort = 3;
constexpr int kFirstEffort = 1;
constexpr int kSecondEffort = 2;
constexpr double kNear = 4;  // of the criterion

// Of hours and weeks a trend leads anywhere within the seasons ahead, however well it fits: an automatic one
// is damped.
constexpr int kLongSeason = 24;

struct Fit {
  EtsForm form;
  EtsSolution solution;
  double criterion = std::numeric_limits<double>::infinity();
};

bool IsAutomatic(const EtsForm& form) {
  return form.error == EtsPart::kAutomatic || form.trend == EtsPart::kAutomatic ||
         form.season == EtsPart::kAutomatic;
}

std::vector<EtsPart> Choices(EtsPart part, std::vector<EtsPart> all) {
  if (part == EtsPart::kAutomatic) return all;
  return {part};
}

// What an automatic form can become, before the data have their say.
std::vector<EtsForm> Expand(const EtsOptions& options) {
  constexpr EtsPart kN = EtsPart::kNone;
  constexpr EtsPart kA = EtsPart::kAdditive;
  constexpr EtsPart kM = EtsPart::kMultiplicative;
  const EtsForm& asked = options.form;
  const bool free_trend = asked.trend == EtsPart::kAutomatic;
  const bool long_season = options.period >= kLongSeason;
  std::vector<EtsForm> forms;
  for (const EtsPart error : Choices(asked.error, {kA, kM})) {
    for (const EtsPart trend :
         Choices(asked.trend, options.multiplicative_trend ? std::vector{kN, kA, kM} : std::vector{kN, kA})) {
      for (const EtsPart season : Choices(asked.season, {kN, kA, kM})) {
        for (const bool damped : {false, true}) {
          if (damped && trend == kN) continue;
          if (!free_trend && damped != asked.damped) continue;
          if (free_trend && trend != kN && damped != options.damped.value_or(damped)) continue;
          if (free_trend && trend != kN && !damped && !options.damped && long_season) continue;
          const EtsForm form{error, trend, damped, season};
          if (IsStable(form)) forms.push_back(form);
        }
      }
    }
  }
  return forms;
}

double Criterion(EtsCriterion criterion, double minus_two_loglik, std::size_t estimated, std::size_t length) {
  const double k = static_cast<double>(estimated) + 1;
  const auto n = static_cast<double>(length);
  if (criterion == EtsCriterion::kBic) return minus_two_loglik + std::log(n) * k;
  const double aic = minus_two_loglik + 2 * k;
  return criterion == EtsCriterion::kAic ? aic : aic + 2 * k * (k + 1) / (n - k - 1);
}

// Why the data do not allow the form; nothing where they do.
std::optional<std::string> Objection(const EtsForm& form, const EtsOptions& options, std::size_t n,
                                     bool positive) {
  if (!positive && IsMultiplicative(form)) return "A multiplicative model needs positive values.";
  if (HasSeason(form)) {
    if (options.period < 2) return "A season needs a period of at least 2.";
    if (n / 2 < static_cast<std::size_t>(options.period)) {
      return "A season needs two periods: " + std::to_string(2LL * options.period) + " observations, here " +
             std::to_string(n) + ".";
    }
  }
  const std::size_t needed = EstimatedCount(form, options) + 3;
  if (n < needed) {
    return "The model needs " + std::to_string(needed) + " observations, here " + std::to_string(n) + ".";
  }
  return std::nullopt;
}

EtsState Unscaled(const EtsForm& form, std::span<const double> states, int exponent) {
  EtsState state;
  state.level = std::ldexp(states[0], exponent);
  if (HasTrend(form)) {
    state.trend = form.trend == EtsPart::kMultiplicative ? states[1] : std::ldexp(states[1], exponent);
  }
  const auto seasons = states.subspan(HasTrend(form) ? 2 : 1);
  state.seasonal.assign(seasons.begin(), seasons.end());
  if (form.season == EtsPart::kAdditive) {
    for (double& s : state.seasonal) s = std::ldexp(s, exponent);
  }
  return state;
}

// For a constant or a very short series: tomorrow as today.
EtsModel Persistence(std::span<const double> y, const EtsOptions& options) {
  EtsParameters parameters;
  parameters.alpha = options.alpha.upper;
  const EtsForm form{EtsPart::kAdditive, EtsPart::kNone, false, EtsPart::kNone};
  return RunEts(y, form, options.period, parameters, {y[0], 0, {}}, 1);
}

class Chooser {
 public:
  Chooser(std::span<const double> y, const EtsOptions& options) : y_(y), options_(options) {}

  void Add(const EtsForm& form) { fits_.push_back({form, {}, std::numeric_limits<double>::infinity()}); }

  bool Empty() const { return fits_.empty(); }

  // Every form is searched from its best start, then those near the best from further ones.
  const Fit& Choose() {
    for (Fit& fit : fits_) Search(&fit, fits_.size() == 1 ? kEffort : kFirstEffort);
    const double limit = Best().criterion + kNear;
    for (Fit& fit : fits_) {
      if (fits_.size() > 1 && fit.criterion <= limit) Search(&fit, kSecondEffort);
    }
    return Best();
  }

 private:
  void Search(Fit* fit, int effort) {
    EtsOptions ranges = FeasibleRanges(options_, fit->form);
    if (!IsAutomatic(options_.form)) ranges.trend_caution = 0;
    EtsSolution solution = SearchEts(y_, fit->form, ranges, effort);
    const double criterion = Criterion(options_.criterion, static_cast<double>(y_.size()) * solution.value,
                                       EstimatedCount(fit->form, ranges), y_.size());
    if (!(criterion < fit->criterion)) return;
    fit->solution = std::move(solution);
    fit->criterion = criterion;
  }

  const Fit& Best() const {
    return *std::min_element(fits_.begin(), fits_.end(),
                             [](const Fit& a, const Fit& b) { return a.criterion < b.criterion; });
  }

  std::span<const double> y_;
  const EtsOptions& options_;
  std::vector<Fit> fits_;
};

}  // namespace

EtsModel FitEts(std::span<const double> y, const EtsOptions& options) {
  if (options.period < 1) {
    throw Error(ErrorCode::kInvalidArgument, "the period is outside its range",
                "Period: " + std::to_string(options.period) + ", allowed: 1 and more.");
  }
  if (!(options.trend_caution >= 0 && std::isfinite(options.trend_caution))) {
    throw Error(ErrorCode::kInvalidArgument, "the caution about trends is outside its range",
                "Caution: " + ToText(options.trend_caution) + ", allowed: 0 and more.");
  }
  RequireStable(options.form);
  if (y.empty()) throw Error(ErrorCode::kUnusableData, "the series is empty");
  RequireEtsSeries(y, {EtsPart::kAdditive, EtsPart::kNone, false, EtsPart::kNone}, 0);
  // Series, fitted values, residuals and the likelihood's five arrays; the search remembers 30 steps.
  RequireMemory(sizeof(double) * (10 * y.size() + 80 * std::min<std::size_t>(options.period, y.size())),
                "fitting exponential smoothing");
  const ScaledSeries scaled = ScaleSeries(y);
  const bool positive = std::all_of(y.begin(), y.end(), [](double x) { return x > 0; });

  const std::vector<EtsForm> forms = Expand(options);
  Chooser chooser(scaled.values, options);
  std::string objection;
  for (const EtsForm& form : forms) {
    const EtsOptions ranges = FeasibleRanges(options, form);
    const auto found = Objection(form, ranges, y.size(), positive);
    if (found) {
      objection = *found;
    } else {
      chooser.Add(form);
    }
  }
  if (IsAutomatic(options.form) && (y.size() < kFewest || scaled.Constant())) return Persistence(y, options);
  if (chooser.Empty()) {
    throw Error(ErrorCode::kUnusableData, "the series does not allow this model",
                "Model: '" + Name(options.form) + "'. " + objection,
                "Leave parts of the model automatic (Z).");
  }
  const Fit& best = chooser.Choose();
  if (!std::isfinite(best.criterion)) {
    throw Error(ErrorCode::kUnusableData, "no parameters fit this model to the series",
                "Model: '" + Name(best.form) + "'.", "Use a model with additive errors.");
  }
  const EtsOptions ranges = FeasibleRanges(options, best.form);
  return RunEts(y, best.form, options.period, best.solution.parameters,
                Unscaled(best.form, best.solution.states, scaled.exponent),
                static_cast<int>(EstimatedCount(best.form, ranges)));
}

}  // namespace ecomm::core
