#include "open_days.hpp"

#include <algorithm>
#include <cmath>

namespace ecomm::core {
namespace {

constexpr std::size_t kWeek = 7;

// What would have been sold on days closed for once: as on the same day of the week before, or after.
std::vector<double> MadeUp(std::span<const double> y, const std::vector<bool>& closed) {
  std::vector<double> values(y.begin(), y.end());
  if (closed.empty()) return values;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!closed[i]) continue;
    if (i >= kWeek) {
      values[i] = values[i - kWeek];  // itself made up for, if need be
      continue;
    }
    for (std::size_t after = i + kWeek; after < values.size(); after += kWeek) {
      if (closed[after]) continue;
      values[i] = y[after];
      break;
    }
  }
  return values;
}

}  // namespace

OpenDays::OpenDays(std::span<const double> y, const SeriesCalendar& calendar) : calendar_(calendar) {
  days_ = std::max(
      {calendar.never.size(), calendar.closed.size(), static_cast<std::size_t>(calendar.regressors.rows())});
  const std::vector<double> made_up = MadeUp(y, calendar.closed);
  for (std::size_t i = 0; i < days_; ++i) {
    if (!calendar.never.empty() && calendar.never[i]) continue;
    open_.push_back(i);
    if (i < y.size()) {
      values_.push_back(made_up[i]);
    } else {
      ++horizon_;
    }
  }
}

double OpenDays::Season(double days) const {
  if (calendar_.never.size() < kWeek) return days;
  const auto week = calendar_.never.begin();
  const auto shut = static_cast<double>(std::count(week, week + kWeek, true));
  const double share = (kWeek - shut) / kWeek;
  return std::max(1.0, days * share);
}

Matrix OpenDays::Regressors(const Matrix& of_all) const {
  if (of_all.cols() == 0) return {};
  Matrix of_open(static_cast<Eigen::Index>(open_.size()), of_all.cols());
  for (std::size_t i = 0; i < open_.size(); ++i) {
    of_open.row(static_cast<Eigen::Index>(i)) = of_all.row(static_cast<Eigen::Index>(open_[i]));
  }
  return of_open;
}

Forecast OpenDays::Back(std::span<const double> y, Forecast forecast) const {
  const std::size_t known = values_.size();
  const auto spread = [&](std::vector<double>& values) {
    std::vector<double> all(days_ - y.size(), 0);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::size_t day = open_[known + i];
      const bool closed = !calendar_.closed.empty() && calendar_.closed[day];
      all[day - y.size()] = closed ? 0 : values[i];
    }
    values = std::move(all);
  };
  spread(forecast.mean);
  for (auto* bounds : {&forecast.lower, &forecast.upper}) {
    for (auto& level : *bounds) spread(level);
  }
  std::vector<double> fitted(y.size(), 0);
  for (std::size_t i = 0; i < known; ++i) {
    const bool closed = !calendar_.closed.empty() && calendar_.closed[open_[i]];
    fitted[open_[i]] = closed ? 0 : forecast.fitted[i];
  }
  forecast.fitted = std::move(fitted);
  const double sigma2 = forecast.sigma2;
  SetResiduals(y, &forecast);
  forecast.sigma2 = sigma2;
  return forecast;
}

}  // namespace ecomm::core
