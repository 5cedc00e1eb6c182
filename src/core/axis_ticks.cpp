#include "ecomm_analytics/core/axis_ticks.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "ecomm_analytics/core/figure.hpp"

namespace ecomm::core {
namespace {

constexpr double kFarthest = 1e300;

double Bounded(double value) { return std::isnan(value) ? 0 : std::clamp(value, -kFarthest, kFarthest); }

double NiceStep(double span, int count) {
  const double rough = span / count;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double step : {1.0, 2.0, 5.0}) {
    if (step * power >= rough * (1 - 1e-9)) return step * power;
  }
  return 10 * power;
}

enum class Unit { kDay, kMonth };
struct DateStep {
  Unit unit;
  int size;
};

constexpr std::array<DateStep, 14> kDateSteps = {{{Unit::kDay, 1},
                                                  {Unit::kDay, 2},
                                                  {Unit::kDay, 7},
                                                  {Unit::kDay, 14},
                                                  {Unit::kMonth, 1},
                                                  {Unit::kMonth, 2},
                                                  {Unit::kMonth, 3},
                                                  {Unit::kMonth, 6},
                                                  {Unit::kMonth, 12},
                                                  {Unit::kMonth, 24},
                                                  {Unit::kMonth, 60},
                                                  {Unit::kMonth, 120},
                                                  {Unit::kMonth, 600},
                                                  {Unit::kMonth, 12000}}};

std::int64_t RoundedUp(std::int64_t value, int step) {
  const std::int64_t over = ((value % step) + step) % step;
  return over == 0 ? value : value + step - over;
}

std::string MonthLabel(Day day, int months, bool first) {
  if (months >= 12) return std::to_string(YearOf(day));
  const std::string month(MonthName(MonthOf(day)).substr(0, 3));
  return first || MonthOf(day) == 1 ? month + " " + std::to_string(YearOf(day)) : month;
}

std::vector<DateTick> TicksBy(DateStep step, Day first, Day last) {
  std::vector<DateTick> ticks;
  if (step.unit == Unit::kDay) {
    // Steps of weeks are Mondays: day 2 was one.
    const Day offset = step.size >= 7 ? 2 : 0;
    for (Day day = RoundedUp(first - offset, step.size) + offset; day <= last; day += step.size) {
      ticks.push_back({day, ShortDate(day)});
    }
    return ticks;
  }
  for (std::int64_t month = RoundedUp(PeriodOf(Grain::kMonth, first), step.size);; month += step.size) {
    const Day day = FirstDayOf(Grain::kMonth, month);
    if (day > last) return ticks;
    if (day >= first) ticks.push_back({day, MonthLabel(day, step.size, ticks.empty())});
  }
}

}  // namespace

Ticks NiceTicks(double low, double high, int count) {
  low = Bounded(low);
  high = Bounded(high);
  if (low > high) std::swap(low, high);
  // Nothing that could be told apart in doubles.
  const double size = std::max(std::abs(low), std::abs(high));
  if (high - low <= std::max(1e-290, 1e-12 * size)) {
    const double around = size < 1e-280 ? 1 : size / 2;
    low -= around;
    high += around;
  }
  const double step = NiceStep(high - low, std::max(count, 1));
  const double first = std::floor(low / step + 1e-9);
  const double last = std::ceil(high / step - 1e-9);
  Ticks ticks;
  for (double i = first; i <= last; ++i) ticks.at.push_back(i * step);
  return ticks;
}

std::vector<DateTick> DateTicks(Day first, Day last, int count) {
  for (const DateStep step : kDateSteps) {
    const Day span = step.unit == Unit::kDay ? step.size : Day{step.size} * 30;
    if ((last - first) / span > 2 * Day{count}) continue;
    std::vector<DateTick> ticks = TicksBy(step, first, last);
    if (static_cast<int>(ticks.size()) <= count) return ticks;
  }
  return {};
}

}  // namespace ecomm::core
