// Whether the phases of a period differ.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace ecomm::core {

struct SeasonTest {
  double f = 0;  // 0 where there is nothing to test
  double p_value = 1;
};

// An analysis of variance of the ranks of the observations' innovations by phase. The innovations are those
// of an autoregression (order by AIC) fitted to what the phases' means leave, so that a cycle of varying
// length, which the past explains, is no season; before it differences are taken if that lowers the
// variance, so that neither a trend nor a random walk is one. Ranks keep single outliers from deciding
// (Conover & Iman 1981, doi:10.1080/00031305.1981.10479327). A period of more than 24 observations is looked
// at in 12 parts of equal length, by their means: phases of single observations would be too many to tell
// apart. `y` is finite and has at least two periods.
SeasonTest TestSeason(std::span<const double> y, double period);

// The first differences of `y` if they vary less than `y`, else `y`.
std::vector<double> WithoutDrift(std::span<const double> y);

}  // namespace ecomm::core
