#include "scalar_search.hpp"

#include <cmath>
#include <cstddef>
#include <vector>

namespace ecomm::core {
namespace {

struct Point {
  double x;
  double f;
};

// Golden section steps, and parabolas through the three best points where those do better. Starts at
// `middle`, which lies between `low` and `high`.
Point Refine(const std::function<double(double)>& f, double low, Point middle, double high,
             double precision) {
  constexpr double kGolden = 0.3819660112501051;
  constexpr int kMostSteps = 100;
  Point best = middle;
  Point second = middle;
  Point third = middle;
  double step = 0;
  double previous_step = 0;
  for (int i = 0; i < kMostSteps; ++i) {
    const double centre = 0.5 * (low + high);
    const double least = precision + 1e-15 * std::fabs(best.x);
    if (std::fabs(best.x - centre) <= 2 * least - 0.5 * (high - low)) break;
    bool parabola = false;
    if (std::fabs(previous_step) > least) {
      const double r = (best.x - second.x) * (best.f - third.f);
      double q = (best.x - third.x) * (best.f - second.f);
      double p = (best.x - third.x) * q - (best.x - second.x) * r;
      q = 2 * (q - r);
      if (q > 0) p = -p;
      q = std::fabs(q);
      if (std::fabs(p) < std::fabs(0.5 * q * previous_step) && p > q * (low - best.x) &&
          p < q * (high - best.x)) {
        previous_step = step;
        step = p / q;
        const double x = best.x + step;
        if (x - low < 2 * least || high - x < 2 * least) step = best.x < centre ? least : -least;
        parabola = true;
      }
    }
    if (!parabola) {
      previous_step = best.x < centre ? high - best.x : low - best.x;
      step = kGolden * previous_step;
    }
    const double x = best.x + (std::fabs(step) >= least ? step : std::copysign(least, step));
    const Point tried = {x, f(x)};
    if (tried.f <= best.f) {
      (tried.x < best.x ? high : low) = best.x;
      third = second;
      second = best;
      best = tried;
      continue;
    }
    (tried.x < best.x ? low : high) = tried.x;
    if (tried.f <= second.f || second.x == best.x) {
      third = second;
      second = tried;
    } else if (tried.f <= third.f || third.x == best.x || third.x == second.x) {
      third = tried;
    }
  }
  return best;
}

}  // namespace

double LowestPoint(const std::function<double(double)>& f, std::span<const double> grid, double precision) {
  const std::size_t count = grid.size();
  std::vector<Point> points;
  points.reserve(count);
  for (const double x : grid) points.push_back({x, f(x)});
  Point best = points.back();
  for (std::size_t i = count; i-- > 0;) {
    if (points[i].f < best.f) best = points[i];
  }
  for (std::size_t i = count; i-- > 0;) {
    const Point& low = points[i > 0 ? i - 1 : i];
    const Point& high = points[i + 1 < count ? i + 1 : i];
    const bool flat = low.f == points[i].f && high.f == points[i].f;
    if (flat || low.f < points[i].f || high.f < points[i].f) continue;
    const Point refined = Refine(f, low.x, points[i], high.x, precision);
    if (refined.f < best.f) best = refined;
  }
  return best.x;
}

}  // namespace ecomm::core
