#include "ecomm_analytics/core/auto_forecast.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numeric>
#include <utility>

#include "auto_candidates.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/forecast_intervals.hpp"
#include "ecomm_analytics/core/forecast_method.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "power_scale.hpp"

namespace ecomm::core {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kWorst = 2;  // times the least error
constexpr int kFewestOrigins = 3;
constexpr std::size_t kFewestObservations = 4;

void RequirePeriods(std::span<const int> periods) {
  for (std::size_t i = 0; i < periods.size(); ++i) {
    if (periods[i] >= 1 && (i == 0 || periods[i] > periods[i - 1])) continue;
    throw Error(ErrorCode::kInvalidArgument, "the periods of a forecast are not ascending from 1",
                "Period: " + std::to_string(periods[i]) + ", position: " + std::to_string(i + 1) + ".");
  }
}

// A forecast from the origin by each candidate; without points where that has none there.
struct PastForecasts {
  std::size_t origin = 0;
  std::vector<Forecast> forecasts;
};

Forecast Try(const ForecastModel& model, std::span<const double> known, const ForecastOptions& options) {
  try {
    return PredictFrom(Rerun(model, known), options);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kUnusableData && error.code() != ErrorCode::kNumericRange) throw;
    return {};
  }
}

// From the origins at which all candidates have a forecast that have one anywhere.
std::vector<PastForecasts> ForecastPast(std::span<const double> y, std::span<const AutoCandidate> candidates,
                                        int horizon, int origins) {
  std::vector<bool> works(candidates.size(), false);
  std::vector<PastForecasts> past;
  for (const std::size_t origin : CalibrationOrigins(y.size(), horizon, origins)) {
    PastForecasts made{origin, {}};
    const auto steps = static_cast<int>(
        std::min({static_cast<std::size_t>(horizon), y.size() - origin, kFarthestCalibratedStep}));
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      Poll();
      made.forecasts.push_back(Try(candidates[i].model, y.first(origin), {steps, {kOneSigma}}));
      if (!made.forecasts.back().mean.empty()) works[i] = true;
    }
    past.push_back(std::move(made));
  }
  std::erase_if(past, [&](const PastForecasts& made) {
    for (std::size_t i = 0; i < works.size(); ++i) {
      if (works[i] && made.forecasts[i].mean.empty()) return true;
    }
    return false;
  });
  return past;
}

std::optional<double> ErrorOf(std::size_t candidate, std::span<const double> y,
                              std::span<const PastForecasts> past) {
  double sum = 0;
  double count = 0;
  for (const PastForecasts& made : past) {
    const std::vector<double>& mean = made.forecasts[candidate].mean;
    for (std::size_t i = 0; i < mean.size(); ++i) sum += std::fabs(y[made.origin + i] - mean[i]);
    count += static_cast<double>(mean.size());
  }
  if (count == 0) return std::nullopt;
  return sum / count;
}

// By the candidates' errors; adds up to 1.
void Weigh(std::span<const AutoCandidate> candidates, std::vector<CandidateScore>* scores) {
  double others = kInfinity;
  double least = kInfinity;
  for (std::size_t i = 0; i < scores->size(); ++i) {
    const double error = (*scores)[i].error.value_or(kInfinity);
    least = std::min(least, error);
    if (!candidates[i].benchmark) others = std::min(others, error);
  }
  double sum = 0;
  for (std::size_t i = 0; i < scores->size(); ++i) {
    CandidateScore& score = (*scores)[i];
    const bool benchmark = candidates[i].benchmark;
    if (std::isinf(least)) {
      score.weight = benchmark && scores->size() > 1 ? 0 : 1;
    } else if (score.error && *score.error <= kWorst * least && !(benchmark && *score.error >= others)) {
      const double ratio = least == 0 ? 1 : *score.error / least;
      score.weight = 1 / (ratio * ratio);
    }
    sum += score.weight;
  }
  for (CandidateScore& score : *scores) score.weight /= sum;
}

std::string Reason(std::span<const CandidateScore> scores, std::size_t origins) {
  if (origins == 0) return "the series is too short to compare methods on its past";
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return scores[a].error.value_or(kInfinity) < scores[b].error.value_or(kInfinity);
  });
  const bool relative =
      std::any_of(scores.begin(), scores.end(), [](const auto& score) { return score.relative.has_value(); });
  std::string used;
  std::string left;
  for (const std::size_t i : order) {
    const CandidateScore& score = scores[i];
    char value[48] = "failed";
    if (score.error) {
      (void)std::snprintf(value, sizeof value, relative ? "%.2f" : "%.4g",
                          score.relative.value_or(*score.error));
    }
    std::string& into = score.weight > 0 ? used : left;
    into += (into.empty() ? "" : ", ") + score.name + " " + value;
  }
  return "mean absolute error over " + std::to_string(origins) + " earlier forecasts" +
         (relative ? ", as a share of the naive method's: " : ": ") + used +
         (left.empty() ? "" : "; left out: " + left);
}

struct Choice {
  AutoModel chosen;
  std::vector<PastForecasts> past;  // of the candidates
};

Choice Naively(std::span<const double> y, const char* reason) {
  Choice choice;
  choice.chosen.model = {FitBenchmark(y, Benchmark::kNaive)};
  choice.chosen.reason = reason;
  choice.chosen.candidates.push_back({"naive", std::nullopt, std::nullopt, 1});
  return choice;
}

ForecastModel Combined(std::span<const double> y, std::vector<AutoCandidate> candidates,
                       std::span<const CandidateScore> scores) {
  std::vector<ForecastModel> members;
  std::vector<double> weights;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (scores[i].weight == 0) continue;
    members.push_back(std::move(candidates[i].model));
    weights.push_back(scores[i].weight);
  }
  if (members.size() == 1) return std::move(members.front());
  return {Combine(y, std::move(members), Combination::kMean, std::move(weights))};
}

Choice Choose(std::span<const double> y, std::span<const int> periods, int horizon,
              const AutoOptions& options) {
  RequireForecastOptions({horizon, {}});
  RequireForecastSeries(y);
  RequirePeriods(periods);
  if (std::all_of(y.begin(), y.end(), [&](double value) { return value == y.front(); })) {
    return Naively(y, "all values are the same");
  }
  if (y.size() < kFewestObservations) return Naively(y, "the series is too short for anything else");

  std::vector<AutoCandidate> candidates = MakeAutoCandidates(y, periods);
  double cost = 0;
  for (const AutoCandidate& candidate : candidates) cost += candidate.cost * static_cast<double>(y.size());
  const double most = std::max(options.origins, kFewestOrigins);
  const auto origins = static_cast<int>(std::clamp(options.work / cost, double{kFewestOrigins}, most));

  Choice choice;
  choice.past = ForecastPast(y, candidates, std::max(horizon, 1), origins);
  AutoModel& chosen = choice.chosen;
  chosen.origins = choice.past.size();
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    chosen.candidates.push_back({candidates[i].name, ErrorOf(i, y, choice.past), std::nullopt, 0});
  }
  const double naive = candidates.back().benchmark ? chosen.candidates.back().error.value_or(0) : 0;
  for (CandidateScore& score : chosen.candidates) {
    if (score.error && naive > 0) score.relative = *score.error / naive;
  }
  Weigh(candidates, &chosen.candidates);
  chosen.reason = Reason(chosen.candidates, chosen.origins);
  chosen.model = Combined(y, std::move(candidates), chosen.candidates);
  return choice;
}

}  // namespace

AutoModel FitAuto(std::span<const double> y, std::span<const int> periods, int horizon,
                  const AutoOptions& choice) {
  return Choose(y, periods, horizon, choice).chosen;
}

AutoForecast ForecastAuto(std::span<const double> y, std::span<const int> periods,
                          const ForecastOptions& options, const AutoOptions& choice) {
  RequireForecastOptions(options);
  Choice made = Choose(y, periods, options.horizon, choice);
  AutoForecast result;
  result.forecast = PredictFrom(made.chosen.model, options);
  PastErrors errors(options.horizon);
  for (PastForecasts& past : made.past) {
    std::vector<Forecast> forecasts;
    std::vector<double> weights;
    for (std::size_t i = 0; i < past.forecasts.size(); ++i) {
      if (made.chosen.candidates[i].weight == 0) continue;
      forecasts.push_back(std::move(past.forecasts[i]));
      forecasts.back().fitted.clear();
      weights.push_back(made.chosen.candidates[i].weight);
    }
    errors.Add(y, past.origin, CombineForecasts({}, forecasts, Combination::kMean, weights));
  }
  result.correction = CorrectionOf(static_cast<std::size_t>(options.horizon), y.size(), errors,
                                   EstimatedParameters(made.chosen.model));
  result.forecast = Correct(std::move(result.forecast), result.correction);
  result.chosen = std::move(made.chosen);
  return result;
}

}  // namespace ecomm::core
