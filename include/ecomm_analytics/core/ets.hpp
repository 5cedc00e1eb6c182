// Exponential smoothing as state space models: level, trend and season that each observation corrects.
// Hyndman, Koehler, Snyder & Grose 2002, doi:10.1016/S0169-2070(01)00110-8; Hyndman, Koehler, Ord & Snyder
// 2008, doi:10.1007/978-3-540-71918-2 ("the book" below). Forecasts from a model are in ets_forecast.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ecomm::core {

enum class EtsPart { kNone, kAdditive, kMultiplicative, kAutomatic };

// Error, trend and season of a model; the error is never kNone.
struct EtsForm {
  EtsPart error = EtsPart::kAutomatic;
  EtsPart trend = EtsPart::kAutomatic;
  bool damped = false;  // the trend flattens out with the horizon
  EtsPart season = EtsPart::kAutomatic;

  bool operator==(const EtsForm&) const = default;
};

// From 'ANN', 'AAdA', 'MAM', 'ZZZ', in either case: error A, M or Z (automatic); trend N, A, Ad, M, Md or Z;
// season N, A, M or Z. Throws Error(kInvalidArgument) for anything else, and for the forms whose forecasts
// can have an infinite variance or that are numerically unstable (the book, chapter 15): a
// multiplicative trend or season with an additive error, and a multiplicative trend with an additive season.
EtsForm ParseEtsForm(std::string_view text);
std::string Name(const EtsForm& form);

// By what forms are compared; of each, less is better.
enum class EtsCriterion { kAicc, kAic, kBic };

EtsCriterion ParseEtsCriterion(std::string_view text);  // 'aicc', 'aic', 'bic'
std::string_view Name(EtsCriterion criterion) noexcept;

// A parameter stays within these, both ends included; equal ends fix it, and it does not count as estimated.
struct EtsRange {
  double lower = 0;
  double upper = 1;
};

struct EtsOptions {
  EtsForm form;    // what is automatic in it is chosen by the criterion
  int period = 1;  // observations in a season; 1: no season
  // Of an automatic trend; without: as the criterion says, and always damped with a season of 24 and more.
  std::optional<bool> damped;
  EtsCriterion criterion = EtsCriterion::kAicc;
  bool multiplicative_trend = false;  // whether an automatic trend may be one
  // In an automatic choice, what a trend costs while parameters are searched for, in units of
  // -2 log-likelihood, that turns as quickly as its level (beta = alpha), and in proportion below: the
  // likelihood of few observations likes trends that forecast worse. Forms are compared by the criterion
  // without it. 0 for the most likely parameters; a stated form always has those.
  double trend_caution = 4;

  EtsRange alpha{1e-4, 0.9999};
  // And at most alpha. With a season of m > 100 the lower end is at most (pi / m)^2: little else is stable.
  EtsRange beta{1e-4, 0.9999};
  EtsRange gamma{1e-4, 0.9999};  // and at most 1 - alpha
  EtsRange phi{0.8, 0.98};
};

// What a form does not have is neutral: beta and gamma 0, phi 1.
struct EtsParameters {
  double alpha = 0;
  double beta = 0;
  double gamma = 0;
  double phi = 1;
};

// Between two observations. `seasonal` starts with the season of the observation that comes next.
struct EtsState {
  double level = 0;
  double trend = 0;  // a factor in a multiplicative trend
  std::vector<double> seasonal;
};

// What the likelihood of a continued model needs to know of the observations before.
struct EtsSums {
  double largest = 0;  // magnitude of an observation
  double unit = 1;     // of the squares: a power of two above `largest`; 1 where errors are relative
  double squares = 0;  // of the residuals
  double logs = 0;     // of the forecasts' magnitudes, where errors are relative
};

struct EtsModel {
  EtsForm form;  // nothing automatic is left in it
  int period = 1;
  EtsParameters parameters;
  EtsState initial;   // before the first observation
  EtsState state;     // after the last
  int estimated = 0;  // parameters and initial states that were estimated, without the error's variance

  std::int64_t n = 0;  // observations seen
  EtsSums sums;        // over all of them

  // Of the latest observations: of all, unless the model was continued from one without them.
  std::vector<double> fitted;     // one-step forecasts
  std::vector<double> residuals;  // y - fitted; relative to fitted where the error is multiplicative

  // As R's forecast has them: the likelihood with the variance concentrated out and its constants dropped.
  double loglik = 0;
  double aic = 0;
  double aicc = 0;  // where there are too few observations for its correction: aic
  double bic = 0;
  double sigma2 = 0;  // the residuals' squares by degrees of freedom
};

// Maximum likelihood over parameters and initial states, within the ranges and where the model is stable (the
// book, chapter 10). Automatic parts: every allowed form is fitted and the criterion chooses. Multiplicative
// errors and seasons are for positive series only, and are fitted so that every forecast within is positive.
// A season needs two periods of data, and each form more observations than what it estimates plus two; an
// automatic choice leaves out what does not have them. With fewer than five observations, or a constant
// series, an automatic choice is ANN with alpha at its upper end and the first observation as level. Perfect
// fits get the likelihood of a relative error of 1e-12. Throws Error(kUnusableData) for no observation, NaN
// and infinities (naming the position), and a stated form that the data do not allow; Error(kInvalidArgument)
// for period < 1 and ranges that leave nothing; Error(kNumericRange) for magnitudes above 1e140;
// Error(kMemoryLimit).
EtsModel FitEts(std::span<const double> y, const EtsOptions& options = {});

// The model with given form, parameters and initial states run over a series, nothing estimated: `estimated`
// is taken as it stands. Throws as FitEts for the series, Error(kInvalidArgument) for a form that is not
// complete or a state that does not fit it, and Error(kNumericRange) where forecasts grow too large, or are
// zero and the error is multiplicative.
EtsModel RunEts(std::span<const double> y, const EtsForm& form, int period, const EtsParameters& parameters,
                const EtsState& initial, int estimated = 0);

// The model continued over the observations that follow: parameters stay, states move on, and fitted values,
// likelihood and variance are those of the whole series. Throws as RunEts.
EtsModel UpdateEts(EtsModel model, std::span<const double> y);

}  // namespace ecomm::core
