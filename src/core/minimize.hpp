// The minimum of a smooth function of few or of thousands of variables.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace ecomm::core {

class SmoothFunction {
 public:
  virtual ~SmoothFunction() = default;

  // Infinite outside the function's domain.
  virtual double Value(std::span<const double> x) = 0;
  // Of the last Value, which was finite.
  virtual void Gradient(std::span<double> gradient) = 0;
};

struct MinimizeOptions {
  int max_iterations = 500;
  double tolerance = 1e-9;  // a decrease that counts as none; three of them in a row end the search
  int memory = 30;          // steps from which the curvature is learnt
};

// Limited-memory BFGS (Liu & Nocedal 1989, doi:10.1007/BF01589116), the step halved or interpolated until the
// function decreases enough (Armijo 1966). Best where the variables are scaled to a curvature of about 1.
// Holds its memory from one search to the next.
class Minimizer {
 public:
  Minimizer(std::size_t size, const MinimizeOptions& options);

  // From `x`, where the function must be finite, to a local minimum in `x`; returns the value there.
  double Minimize(SmoothFunction* function, std::span<double> x);

 private:
  struct Step {
    std::vector<double> move;
    std::vector<double> change;  // of the gradient
    double inner = 0;            // their product
  };

  void FindDirection();
  bool Search(SmoothFunction* function, std::span<const double> x, double slope, double first, double* value);
  void Remember(std::span<const double> x);

  MinimizeOptions options_;
  std::vector<Step> steps_;
  std::size_t remembered_ = 0;
  std::size_t next_ = 0;
  std::vector<double> weights_;
  std::vector<double> direction_;
  std::vector<double> trial_;
  std::vector<double> gradient_;
  std::vector<double> last_gradient_;
};

}  // namespace ecomm::core
