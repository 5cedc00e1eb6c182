// The likelihood of an exponential smoothing model and its gradient.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "ecomm_analytics/core/ets.hpp"

namespace ecomm::core {

// -2 log-likelihood per observation, up to a constant, as a function of parameters and initial states: what
// the search minimises. All memory is taken when it is made. The series should be scaled to about 1.
class EtsLikelihood {
 public:
  EtsLikelihood(std::span<const double> y, const EtsForm& form, int period);

  // `states`: level, trend (if any), a season for each phase, the first observation's first. Infinite where
  // the model is not defined: forecasts or factors that are not positive and should be.
  double Value(const EtsParameters& parameters, std::span<const double> states);

  struct ParameterGradient {
    double alpha = 0;
    double beta = 0;
    double gamma = 0;
    double phi = 0;
  };

  // Of the last Value, which was finite: backwards through the recursion, whatever the number of states.
  ParameterGradient Gradient(std::span<double> states);

  // The residuals' root mean square in the last Value, in units of the series.
  double Spread() const;

 private:
  template <EtsPart kTrend, EtsPart kSeason, bool kRelative>
  double Forward(std::span<const double> states);
  template <EtsPart kTrend, EtsPart kSeason, bool kRelative>
  ParameterGradient Backward(std::span<double> states);

  using ForwardPass = double (EtsLikelihood::*)(std::span<const double>);
  using BackwardPass = ParameterGradient (EtsLikelihood::*)(std::span<double>);
  template <EtsPart kTrend, EtsPart kSeason, bool kRelative>
  void Select();
  void SelectPasses(const EtsForm& form);

  void CountWork();

  std::span<const double> y_;
  std::size_t period_;
  ForwardPass forward_ = nullptr;
  BackwardPass backward_ = nullptr;
  EtsParameters parameters_;
  double squares_ = 0;
  std::size_t work_ = 0;

  // What the way back needs of each step.
  std::vector<double> error_;   // relative where the error is multiplicative
  std::vector<double> base_;    // the forecast without its season
  std::vector<double> season_;  // the season in it
  std::vector<double> growth_;  // the trend before the step
  std::vector<double> ring_;    // the current season of each phase
};

}  // namespace ecomm::core
