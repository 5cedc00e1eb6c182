// Forward: the recursion of the book, table 2.2 and 2.3, in its error correction form. Backward: the same
// steps differentiated in reverse order, which costs the same whether there are two states or thousands.
#include "ets_likelihood.hpp"

#include <cmath>
#include <limits>

#include "ecomm_analytics/core/host.hpp"
#include "ets_form.hpp"

namespace ecomm::core {
namespace {

constexpr EtsPart kN = EtsPart::kNone;
constexpr EtsPart kA = EtsPart::kAdditive;
constexpr EtsPart kM = EtsPart::kMultiplicative;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Below this, relative to the series, a value that must be positive counts as not.
constexpr double kTiny = 1e-30;

// Added to each squared error, relative to the series: a perfect fit has a finite likelihood.
constexpr double kPerfect = 1e-24;

// The logarithm of a long product of positive numbers at the price of a few logarithms.
class LogProduct {
 public:
  void Multiply(double x) {
    product_ *= x;
    if (product_ > 1e100 || product_ < 1e-100) Fold();
  }
  double Value() const { return sum_ + std::log(product_); }

 private:
  void Fold() {
    sum_ += std::log(product_);
    product_ = 1;
  }

  double product_ = 1;
  double sum_ = 0;
};

constexpr std::size_t kWorkPerPoll = 10'000;  // observations

}  // namespace

EtsLikelihood::EtsLikelihood(std::span<const double> y, const EtsForm& form, int period)
    : y_(y),
      period_(HasSeason(form) ? static_cast<std::size_t>(period) : 1),
      error_(y.size()),
      base_(y.size()),
      season_(HasSeason(form) ? y.size() : 0),
      growth_(HasTrend(form) ? y.size() : 0),
      ring_(HasSeason(form) ? period_ : 0) {
  SelectPasses(form);
}

template <EtsPart kTrend, EtsPart kSeason, bool kRelative>
void EtsLikelihood::Select() {
  forward_ = &EtsLikelihood::Forward<kTrend, kSeason, kRelative>;
  backward_ = &EtsLikelihood::Backward<kTrend, kSeason, kRelative>;
}

void EtsLikelihood::SelectPasses(const EtsForm& form) {
  const bool relative = IsMultiplicative(form);
  const bool trend = HasTrend(form);
  if (form.trend == kM) {
    form.season == kM ? Select<kM, kM, true>() : Select<kM, kN, true>();
  } else if (form.season == kM) {
    trend ? Select<kA, kM, true>() : Select<kN, kM, true>();
  } else if (form.season == kA) {
    if (relative) {
      trend ? Select<kA, kA, true>() : Select<kN, kA, true>();
    } else {
      trend ? Select<kA, kA, false>() : Select<kN, kA, false>();
    }
  } else if (relative) {
    trend ? Select<kA, kN, true>() : Select<kN, kN, true>();
  } else {
    trend ? Select<kA, kN, false>() : Select<kN, kN, false>();
  }
}

void EtsLikelihood::CountWork() {
  work_ += y_.size();
  if (work_ < kWorkPerPoll) return;
  work_ = 0;
  Poll();
}

double EtsLikelihood::Value(const EtsParameters& parameters, std::span<const double> states) {
  CountWork();
  parameters_ = parameters;
  return (this->*forward_)(states);
}

EtsLikelihood::ParameterGradient EtsLikelihood::Gradient(std::span<double> states) {
  CountWork();
  return (this->*backward_)(states);
}

double EtsLikelihood::Spread() const { return std::sqrt(squares_ / static_cast<double>(y_.size())); }

template <EtsPart kTrend, EtsPart kSeason, bool kRelative>
double EtsLikelihood::Forward(std::span<const double> states) {
  const auto [alpha, beta, gamma, phi] = parameters_;
  const std::size_t n = y_.size();
  double level = states[0];
  [[maybe_unused]] double trend = 0;
  if constexpr (kTrend != kN) trend = states[1];
  if constexpr (kSeason != kN) {
    const auto seasons = states.subspan(kTrend == kN ? 1 : 2);
    for (std::size_t i = 0; i < period_; ++i) {
      if (kSeason == kM && seasons[i] < kTiny) return kInfinity;
      ring_[i] = seasons[i];
    }
  }

  double squares = 0;
  LogProduct forecasts;
  std::size_t phase = 0;
  for (std::size_t t = 0; t < n; ++t) {
    [[maybe_unused]] double growth = 0;  // what the trend does to the level in this step
    double base = level;
    if constexpr (kTrend == kA) {
      growth = phi * trend;
      base += growth;
    } else if constexpr (kTrend == kM) {
      if (!(trend > kTiny && level > kTiny)) return kInfinity;
      growth = phi == 1 ? trend : std::pow(trend, phi);
      base *= growth;
    }
    if constexpr (kTrend != kN) growth_[t] = trend;
    base_[t] = base;

    double forecast = base;
    [[maybe_unused]] double season = 0;
    if constexpr (kSeason != kN) {
      season = ring_[phase];
      season_[t] = season;
      forecast = kSeason == kA ? base + season : base * season;
    }

    double error = y_[t] - forecast;  // in units of the series
    if constexpr (kRelative) {
      if (!(forecast > kTiny)) return kInfinity;
      const double relative = error / forecast;
      error_[t] = relative;
      squares += relative * relative;
      forecasts.Multiply(forecast);
      if constexpr (kTrend == kM || kSeason == kM) error = base * relative;
      if constexpr (kSeason == kM) ring_[phase] = season * (1 + gamma * relative);
    } else {
      error_[t] = error;
      squares += error * error;
    }

    level = base + alpha * error;
    if constexpr (kTrend == kA) trend = growth + beta * error;
    if constexpr (kTrend == kM) trend = growth * (1 + beta * error_[t]);
    if constexpr (kSeason == kA) ring_[phase] = season + gamma * error;
    if constexpr (kSeason != kN) {
      if (++phase == period_) phase = 0;
    }
  }

  const auto count = static_cast<double>(n);
  squares_ = squares + count * kPerfect;
  double value = std::log(squares_);
  if constexpr (kRelative) value += 2 * forecasts.Value() / count;
  return std::isfinite(value) ? value : kInfinity;
}

template <EtsPart kTrend, EtsPart kSeason, bool kRelative>
EtsLikelihood::ParameterGradient EtsLikelihood::Backward(std::span<double> states) {
  const auto [alpha, beta, gamma, phi] = parameters_;
  const std::size_t n = y_.size();
  const double per_square = 2 / squares_;
  const double per_log = 2 / static_cast<double>(n);
  const std::size_t first_season = kTrend == kN ? 1 : 2;

  ParameterGradient sum;
  double to_level = 0;
  [[maybe_unused]] double to_trend = 0;
  [[maybe_unused]] std::span<double> to_seasons;
  if constexpr (kSeason != kN) {
    to_seasons = states.subspan(first_season);
    for (double& x : to_seasons) x = 0;
  }

  std::size_t phase = n % period_;
  for (std::size_t t = n; t-- > 0;) {
    if constexpr (kSeason != kN) phase = (phase == 0 ? period_ : phase) - 1;
    const double base = base_[t];
    const double e = error_[t];
    double to_base = 0;
    [[maybe_unused]] double to_growth = to_trend;

    if constexpr (kTrend == kM || kSeason == kM) {
      const double season = kSeason == kN ? 1.0 : season_[t];
      double to_error = per_square * e + alpha * base * to_level;
      sum.alpha += to_level * base * e;
      to_base = to_level * (1 + alpha * e);
      if constexpr (kTrend == kA) {
        to_error += beta * base * to_trend;
        sum.beta += to_trend * base * e;
        to_base += to_trend * beta * e;
      } else if constexpr (kTrend == kM) {
        const double growth = phi == 1 ? growth_[t] : std::pow(growth_[t], phi);
        to_error += beta * growth * to_trend;
        sum.beta += to_trend * growth * e;
        to_growth = to_trend * (1 + beta * e);
      }
      if constexpr (kSeason == kM) {
        const double to_next = to_seasons[phase];
        to_error += gamma * season * to_next;
        sum.gamma += to_next * season * e;
        to_seasons[phase] = to_next * (1 + gamma * e) + (per_log - to_error * (1 + e)) / season;
      }
      to_base += (per_log - to_error * (1 + e)) / base;
    } else {
      double error = e;
      double to_forecast = 0;
      if constexpr (kRelative) {
        const double forecast = kSeason == kA ? base + season_[t] : base;
        error = e * forecast;
        to_forecast = (per_log - per_square * e * (1 + e)) / forecast;
      } else {
        to_forecast = -per_square * e;
      }
      to_forecast -= alpha * to_level;
      sum.alpha += to_level * error;
      if constexpr (kTrend == kA) {
        to_forecast -= beta * to_trend;
        sum.beta += to_trend * error;
      }
      if constexpr (kSeason == kA) {
        to_forecast -= gamma * to_seasons[phase];
        sum.gamma += to_seasons[phase] * error;
        to_seasons[phase] += to_forecast;
      }
      to_base = to_level + to_forecast;
    }

    if constexpr (kTrend == kN) {
      to_level = to_base;
    } else if constexpr (kTrend == kA) {
      to_growth += to_base;
      sum.phi += to_growth * growth_[t];
      to_trend = to_growth * phi;
      to_level = to_base;
    } else {
      const double trend = growth_[t];
      const double growth = phi == 1 ? trend : std::pow(trend, phi);
      to_growth += to_base * base / growth;  // the level before the step is base / growth
      sum.phi += to_growth * growth * std::log(trend);
      to_trend = to_growth * phi * growth / trend;
      to_level = to_base * growth;
    }
  }
  states[0] = to_level;
  if constexpr (kTrend != kN) states[1] = to_trend;
  return sum;
}

}  // namespace ecomm::core
