// The one-step errors of a stationary ARMA process, of one column of values or of several that are filtered
// alike.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "arima_polynomial.hpp"
#include "ecomm_analytics/core/arima.hpp"

namespace ecomm::core {

class ArmaFilter {
 public:
  // Memory for processes of up to so many states; what follows allocates nothing more.
  ArmaFilter(std::size_t most_states, std::size_t columns);

  static std::size_t Bytes(std::size_t states, std::size_t columns);

  // Before the first value of a stationary process; false where it is not one.
  bool Start(const ArmaTerms& terms);
  // Given the first ar_order values, whose errors are taken as 0.
  void StartConditionally(const ArmaTerms& terms);
  // After `steps` values, one column.
  void Resume(const ArmaTerms& terms, const ArimaState& state, std::size_t steps, bool conditional);
  void Save(ArimaState* state) const;

  bool steady() const { return steady_; }
  double variance() const { return variance_; }      // of the next errors, relative to their limit
  bool counts() const { return conditioned_ == 0; }  // whether the next errors are more than taken as 0
  double Foreseen(std::size_t column) const { return predictions_[column][offset_]; }

  // The gain of the next error: how it moves the states foreseen after it.
  double Gain(std::size_t state) const { return steady_ ? limit_[state] : gain_[state] / variance_; }

  // Takes in the next values, one per column, `stride` apart; gives their errors.
  void Step(const double* values, std::size_t stride, double* errors);

 private:
  void Begin(const ArmaTerms& terms);
  void Shift();
  bool AtLimit() const;

  const ArmaTerms* terms_ = nullptr;
  std::size_t states_ = 1;
  std::size_t capacity_ = 0;
  std::size_t offset_ = 0;  // windows over the buffers move instead of their contents
  std::size_t steps_ = 0;
  std::size_t conditioned_ = 0;
  bool steady_ = true;
  double variance_ = 1;
  double change_factor_ = 0;
  std::vector<std::vector<double>> predictions_;
  std::vector<double> change_;
  std::vector<double> gain_;   // times the variance
  std::vector<double> limit_;  // the gain once steady
  ArmaCovariances covariances_;
};

}  // namespace ecomm::core
