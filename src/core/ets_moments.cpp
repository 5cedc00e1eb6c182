// Hyndman, Koehler, Ord & Snyder 2008, chapter 6: class 1 (additive errors), class 2 (multiplicative errors,
// otherwise additive) and class 3 (multiplicative errors and seasons).
#include "ets_moments.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/matrix.hpp"
#include "ets_form.hpp"

namespace ecomm::core {
namespace {

constexpr std::size_t kWorkPerPoll = 100'000;

// What an error does to the forecast made j steps after it, j = 1, 2, …: the book's c_j.
std::vector<double> Responses(const EtsModel& model, std::size_t count) {
  const EtsParameters& p = model.parameters;
  const std::size_t period = std::max<std::size_t>(model.state.seasonal.size(), 1);
  std::vector<double> responses(count);
  double power = 1;
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    power *= p.phi;
    sum += power;
    responses[i] = p.alpha + p.beta * sum;
    if (HasSeason(model.form) && (i + 1) % period == 0) responses[i] += p.gamma;
  }
  return responses;
}

std::vector<double> AdditiveVariance(const EtsModel& model, std::size_t steps) {
  const std::vector<double> responses = Responses(model, steps);
  std::vector<double> variance(steps);
  double sum = 1;
  for (std::size_t h = 0; h < steps; ++h) {
    variance[h] = model.sigma2 * sum;
    sum += responses[h] * responses[h];
  }
  return variance;
}

// The expected square of each forecast before its own error is a sum over those before it.
std::vector<double> RelativeVariance(const EtsModel& model, std::span<const double> mean) {
  std::vector<double> responses = Responses(model, mean.size());
  for (double& c : responses) c *= c;
  std::vector<double> spread(mean.size());  // the expected square without the squared mean
  std::vector<double> variance(mean.size());
  std::size_t work = 0;
  for (std::size_t h = 0; h < mean.size(); ++h) {
    double sum = 0;
    for (std::size_t j = 0; j < h; ++j) sum += responses[h - 1 - j] * (mean[j] * mean[j] + spread[j]);
    spread[h] = model.sigma2 * sum;
    variance[h] = (1 + model.sigma2) * spread[h] + model.sigma2 * mean[h] * mean[h];
    work += 2 * h;
    if (work < kWorkPerPoll) continue;
    work = 0;
    Poll();
  }
  return variance;
}

// Level and trend x, with w'x the forecast without season, move by x' = (F + g w' e) x. The season that a
// forecast uses has been multiplied by 1 + gamma e whenever its turn came, so that those steps take x by
// (F + g w' e) (1 + gamma e). A season's turn comes once in a period: each keeps the moments of x as its own
// errors shape them, and takes them over a whole period at once.
class FactorMoments {
 public:
  explicit FactorMoments(const EtsModel& model)
      : sigma2_(model.sigma2),
        period_(static_cast<int>(model.state.seasonal.size())),
        seasons_(model.state.seasonal),
        forecast_(1, model.parameters.phi) {
    const EtsParameters& p = model.parameters;
    const bool trend = HasTrend(model.form);
    if (!trend) forecast_[1] = 0;
    Square move;
    move << 1, forecast_[1], 0, trend ? p.phi : 0;
    const Square gain = Pair(p.alpha, trend ? p.beta : 0) * forecast_.transpose();
    const Square once = gain + p.gamma * move;
    const Square twice = p.gamma * gain;

    // On (covariance, product of the means), each as its three different entries.
    Moves plain = Moves::Zero();
    plain.topLeftCorner<3, 3>() = Congruence(move, move) + sigma2_ * Congruence(gain, gain);
    plain.topRightCorner<3, 3>() = sigma2_ * Congruence(gain, gain);
    plain.bottomRightCorner<3, 3>() = Congruence(move, move);
    const Square mean_turn = move + sigma2_ * twice;
    Moves turn = Moves::Zero();
    turn.topLeftCorner<3, 3>() = Congruence(move, move) + 2 * sigma2_ * Congruence(move, twice) +
                                 sigma2_ * Congruence(once, once) +
                                 3 * sigma2_ * sigma2_ * Congruence(twice, twice);
    turn.topRightCorner<3, 3>() =
        sigma2_ * Congruence(once, once) + 2 * sigma2_ * sigma2_ * Congruence(twice, twice);
    turn.bottomRightCorner<3, 3>() = Congruence(mean_turn, mean_turn);
    plain_ = plain;
    mean_plain_ = move;
    round_ = Power(plain, period_ - 1) * turn;
    mean_round_ = Power(move, period_ - 1) * mean_turn;

    const Pair x(model.state.level, trend ? model.state.trend : 0);
    Moments moments = Moments::Zero();
    moments.tail<3>() << x[0] * x[0], x[0] * x[1], x[1] * x[1];
    now_.push_back({x, moments});
  }

  EtsMoments Compute(int horizon) {
    EtsMoments result;
    for (int h = 0; h < horizon; ++h) {
      const auto turn = static_cast<std::size_t>(h % period_);
      if (h >= period_) {
        now_[turn] = {mean_round_ * now_[turn].mean, round_ * now_[turn].moments};
      } else if (h > 0) {
        now_.push_back({mean_plain_ * now_.back().mean, plain_ * now_.back().moments});
      }
      const double season = seasons_[turn];
      const double mean = season * forecast_.dot(now_[turn].mean);
      const Moments& m = now_[turn].moments;
      const double spread = forecast_[0] * forecast_[0] * m[0] + 2 * forecast_[0] * forecast_[1] * m[1] +
                            forecast_[1] * forecast_[1] * m[2];
      result.mean.push_back(mean);
      result.variance.push_back((1 + sigma2_) * season * season * spread + sigma2_ * mean * mean);
    }
    return result;
  }

 private:
  using Pair = Eigen::Vector2d;
  using Square = Eigen::Matrix2d;
  using Moments = Eigen::Matrix<double, 6, 1, Eigen::DontAlign>;
  using Moves = Eigen::Matrix<double, 6, 6, Eigen::DontAlign>;
  struct Now {
    Eigen::Matrix<double, 2, 1, Eigen::DontAlign> mean;
    Moments moments;
  };

  // S -> (X S Y' + Y S X') / 2 for symmetric S, given by S11, S12 and S22.
  static Eigen::Matrix3d Congruence(const Square& x, const Square& y) {
    const auto entry = [](double a, double b, double c, double d) {  // of (a, b) S (c, d)'
      return Eigen::RowVector3d(a * c, a * d + b * c, b * d);
    };
    Eigen::Matrix3d result;
    result.row(0) = entry(x(0, 0), x(0, 1), y(0, 0), y(0, 1));
    result.row(1) =
        0.5 * (entry(x(0, 0), x(0, 1), y(1, 0), y(1, 1)) + entry(y(0, 0), y(0, 1), x(1, 0), x(1, 1)));
    result.row(2) = entry(x(1, 0), x(1, 1), y(1, 0), y(1, 1));
    return result;
  }

  template <typename M>
  static M Power(M base, int exponent) {
    M result = M::Identity();
    for (; exponent > 0; exponent /= 2) {
      if (exponent % 2 == 1) result = result * base;
      base = base * base;
    }
    return result;
  }

  double sigma2_;
  int period_;
  std::vector<double> seasons_;
  Pair forecast_;
  Moves plain_;
  Moves round_;
  Square mean_plain_;
  Square mean_round_;
  std::vector<Now> now_;  // by the season's place in the period
};

}  // namespace

std::vector<double> EtsPoints(const EtsModel& model, int horizon) {
  const EtsParameters& p = model.parameters;
  const EtsState& state = model.state;
  std::vector<double> points(static_cast<std::size_t>(horizon));
  double power = 1;
  double damping = 0;  // phi + phi^2 + … + phi^h
  for (std::size_t h = 0; h < points.size(); ++h) {
    power *= p.phi;
    damping += power;
    double point = state.level;
    if (model.form.trend == EtsPart::kAdditive) point += damping * state.trend;
    if (model.form.trend == EtsPart::kMultiplicative) point *= std::pow(state.trend, damping);
    if (model.form.season == EtsPart::kAdditive) point += state.seasonal[h % state.seasonal.size()];
    if (model.form.season == EtsPart::kMultiplicative) point *= state.seasonal[h % state.seasonal.size()];
    points[h] = point;
  }
  return points;
}

EtsMoments ComputeEtsMoments(const EtsModel& model, int horizon) {
  if (model.form.season == EtsPart::kMultiplicative) return FactorMoments(model).Compute(horizon);
  EtsMoments moments;
  moments.mean = EtsPoints(model, horizon);
  moments.variance = IsMultiplicative(model.form) ? RelativeVariance(model, moments.mean)
                                                  : AdditiveVariance(model, moments.mean.size());
  return moments;
}

}  // namespace ecomm::core
