#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "ecomm_analytics/core/distributions.hpp"
#include "ecomm_analytics/core/stationarity.hpp"

namespace ecomm::core {
namespace {

// P-values for one series: up to `split` by a quadratic, above it by a cubic, in the statistic, as the
// quantile of a standard normal. MacKinnon 1994, tables 3 and 4.
struct Surface {
  double least;
  double split;
  double greatest;
  std::array<double, 3> low;  // the constant term first
  std::array<double, 4> high;
};

constexpr std::array kSurfaces = {
    Surface{-19.04,
            -1.04,
            std::numeric_limits<double>::infinity(),
            {0.6344, 1.2378, 3.2496e-2},
            {0.4797, 9.3557e-1, -0.6999e-1, 3.3066e-2}},
    Surface{-18.83, -1.61, 2.74, {2.1659, 1.4412, 3.8269e-2}, {1.7339, 9.3202e-1, -1.2745e-1, -1.0368e-2}},
    Surface{-16.18, -2.89, 0.7, {3.2512, 1.6047, 4.9588e-2}, {2.5261, 6.1654e-1, -3.7956e-1, -6.0285e-2}},
    Surface{-17.17, -3.21, 0.54, {4.0003, 1.658, 4.8288e-2}, {3.0778, 4.9529e-1, -4.1477e-1, -5.9359e-2}},
};

// Critical values as a cubic in 1 / observations: a row per level.
using Row = std::array<double, 4>;
struct CriticalTable {
  Row one_percent;
  Row five_percent;
  Row ten_percent;
};

constexpr std::array kCriticalTables = {
    CriticalTable{{-2.56574, -2.2358, -3.627, 0},
                  {-1.94100, -0.2686, -3.365, 31.223},
                  {-1.61682, 0.2656, -2.714, 25.364}},
    CriticalTable{{-3.43035, -6.5393, -16.786, -79.433},
                  {-2.86154, -2.8903, -4.234, -40.040},
                  {-2.56677, -1.5384, -2.809, 0}},
    CriticalTable{{-3.95877, -9.0531, -28.428, -134.155},
                  {-3.41049, -4.3904, -9.036, -45.374},
                  {-3.12705, -2.5856, -3.925, -22.380}},
    CriticalTable{{-4.37113, -11.5882, -35.819, -334.047},
                  {-3.83239, -5.9057, -12.490, -118.284},
                  {-3.55326, -3.6596, -5.293, -63.559}},
};

template <std::size_t kTerms>
double Polynomial(const std::array<double, kTerms>& c, double x) noexcept {
  double sum = 0;
  for (std::size_t i = kTerms; i-- > 0;) sum = sum * x + c[i];
  return sum;
}

}  // namespace

double MacKinnonPValue(double statistic, AdfTrend trend) noexcept {
  const Surface& surface = kSurfaces[static_cast<std::size_t>(trend)];
  if (statistic > surface.greatest) return 1;
  if (statistic < surface.least) return 0;
  return NormalCdf(statistic <= surface.split ? Polynomial(surface.low, statistic)
                                              : Polynomial(surface.high, statistic));
}

UnitRootLevels MacKinnonCritical(AdfTrend trend, std::size_t observations) noexcept {
  const CriticalTable& table = kCriticalTables[static_cast<std::size_t>(trend)];
  const double x = 1 / static_cast<double>(observations);
  return {Polynomial(table.one_percent, x), Polynomial(table.five_percent, x),
          Polynomial(table.ten_percent, x)};
}

}  // namespace ecomm::core
