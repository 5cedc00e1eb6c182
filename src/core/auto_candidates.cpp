#include "auto_candidates.hpp"

#include <algorithm>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/forecast_method.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/intermittent.hpp"

namespace ecomm::core {
namespace {

// Seasons from here on are better taken out first: a model would have a state for each phase.
constexpr int kLongSeason = 24;

// Runs through the series that a past forecast costs, roughly, against one of a smoothing model: Theta and
// the methods for intermittent demand are fitted anew, seasons are taken out anew.
constexpr double kRefitCost = 60;
constexpr double kArimaCost = 10;
constexpr double kSeasonCost = 100;

class Candidates {
 public:
  Candidates(std::span<const double> y, std::span<const int> periods) : y_(y), periods_(periods) {}

  // What the data don't allow is left out.
  void Add(const char* method, double cost, bool benchmark = false) {
    Poll();
    try {
      made_.push_back({method, FitMethod(ParseMethod(method), y_, periods_), cost, benchmark});
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kUnusableData && error.code() != ErrorCode::kNumericRange) throw;
    }
  }

  std::vector<AutoCandidate> Take() { return std::move(made_); }

 private:
  std::span<const double> y_;
  std::span<const int> periods_;
  std::vector<AutoCandidate> made_;
};

bool IsIntermittent(std::span<const double> y) {
  if (std::any_of(y.begin(), y.end(), [](double value) { return value < 0; })) return false;
  const DemandPattern pattern = ClassifyDemand(y).pattern;
  return pattern == DemandPattern::kIntermittent || pattern == DemandPattern::kLumpy;
}

}  // namespace

std::vector<AutoCandidate> MakeAutoCandidates(std::span<const double> y, std::span<const int> periods) {
  std::vector<int> fitting;
  for (const int period : periods) {
    if (period > 1 && 2 * static_cast<std::size_t>(period) < y.size()) fitting.push_back(period);
  }
  Candidates candidates(y, fitting);
  candidates.Add("theta", kRefitCost);
  if (fitting.size() > 1 || (!fitting.empty() && fitting.front() >= kLongSeason)) {
    const double cost = kSeasonCost * static_cast<double>(fitting.size());
    candidates.Add("mstl(ets)", cost);
    candidates.Add("mstl(arima)", cost);
  }
  if (fitting.empty() || fitting.front() < kLongSeason) {
    candidates.Add("ets", 1);
    candidates.Add("arima", kArimaCost);
  }
  if (IsIntermittent(y)) {
    candidates.Add("sba", kRefitCost);
    candidates.Add("tsb", kRefitCost);
  }
  candidates.Add(fitting.empty() ? "naive" : "seasonal_naive", 1, true);
  return candidates.Take();
}

}  // namespace ecomm::core
