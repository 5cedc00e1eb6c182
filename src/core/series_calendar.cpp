#include "ecomm_analytics/core/series_calendar.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <numbers>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/steps.hpp"

namespace ecomm::core {
namespace {

constexpr int kMostPairs = 20;
constexpr double kYear = 365.25;
constexpr const char* kWeekdays[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
constexpr int kMonths = 12;

// What a column says of a period.
struct Column {
  std::string name;
  std::vector<double> values;
};

Column Blank(std::string name, std::size_t count) { return {std::move(name), std::vector<double>(count, 0)}; }

// How often each weekday occurs in a period, less how often Sundays do: for days their indicators, but -1 on
// Sundays, so that the effects are relative to the mean.
void AddWeekdays(Grain grain, std::int64_t first, std::size_t count, std::vector<Column>* columns) {
  const std::size_t begin = columns->size();
  for (const char* name : kWeekdays) columns->push_back(Blank(name, count));
  Steps steps;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t period = first + static_cast<std::int64_t>(i);
    const Day end = FirstDayOf(grain, period + 1);
    for (Day day = FirstDayOf(grain, period); day < end; ++day, steps.Step()) {
      const int weekday = WeekdayOf(day);
      for (int k = 1; k < 7; ++k) {
        const int sign = weekday == k ? 1 : weekday == 7 ? -1 : 0;
        (*columns)[begin + static_cast<std::size_t>(k) - 1].values[i] += sign;
      }
    }
  }
}

void AddMonths(Grain grain, std::int64_t first, std::size_t count, std::vector<Column>* columns) {
  const std::size_t begin = columns->size();
  for (int month = 1; month < kMonths; ++month) {
    columns->push_back(Blank("month " + std::to_string(month), count));
  }
  for (std::size_t i = 0; i < count; ++i) {
    const int month = MonthOf(FirstDayOf(grain, first + static_cast<std::int64_t>(i)));
    for (int k = 1; k < kMonths; ++k) {
      (*columns)[begin + static_cast<std::size_t>(k) - 1].values[i] = month == k         ? 1
                                                                      : month == kMonths ? -1
                                                                                         : 0;
    }
  }
}

void AddYear(Grain grain, std::int64_t first, std::size_t count, int pairs, std::vector<Column>* columns) {
  for (int k = 1; k <= pairs; ++k) {
    Column sine = Blank("sine " + std::to_string(k), count);
    Column cosine = Blank("cosine " + std::to_string(k), count);
    for (std::size_t i = 0; i < count; ++i) {
      const auto day = static_cast<double>(FirstDayOf(grain, first + static_cast<std::int64_t>(i)));
      const double angle = 2 * std::numbers::pi * k * std::fmod(day, kYear) / kYear;
      sine.values[i] = std::sin(angle);
      cosine.values[i] = std::cos(angle);
    }
    columns->push_back(std::move(sine));
    columns->push_back(std::move(cosine));
  }
}

// How many of the days of a name lie in each period.
void AddDays(Grain grain, std::int64_t first, std::size_t count, const CalendarTerms& terms,
             std::span<const SpecialDay> days, std::vector<Column>* columns) {
  std::map<std::string, std::vector<double>> by_name;
  for (const SpecialDay& special : days) {
    const bool wanted = (special.kind == DayKind::kHoliday && terms.holidays) ||
                        (special.kind == DayKind::kPromotion && terms.promotions);
    const std::int64_t i = PeriodOf(grain, special.day) - first;
    if (!wanted || i < 0 || i >= static_cast<std::int64_t>(count)) continue;
    auto& values = by_name[special.name];
    values.resize(count);
    values[static_cast<std::size_t>(i)] += 1;
    RequireMemory(by_name.size() * count * sizeof(double), "regressors");
  }
  for (auto& [name, values] : by_name) columns->push_back({name, std::move(values)});
}

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

[[noreturn]] void RefuseTerm(std::string_view term) {
  throw Error(ErrorCode::kInvalidArgument, "unknown term of a calendar \"" + std::string(term) + "\"", {},
              "Use 'weekday', 'month', 'holidays', 'promotions', 'closed' and 'fourier(3)' (1 to 20), "
              "separated by commas.");
}

void AddTerm(std::string_view term, CalendarTerms* terms) {
  constexpr std::string_view kFourier = "fourier(";
  if (term == "weekday") {
    terms->weekday = true;
  } else if (term == "month") {
    terms->month = true;
  } else if (term == "holidays") {
    terms->holidays = true;
  } else if (term == "promotions") {
    terms->promotions = true;
  } else if (term == "closed") {
    terms->closed = true;
  } else if (term.starts_with(kFourier) && term.ends_with(')')) {
    const std::string_view number = term.substr(kFourier.size(), term.size() - kFourier.size() - 1);
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), terms->fourier);
    if (error != std::errc() || end != number.data() + number.size() || terms->fourier < 1 ||
        terms->fourier > kMostPairs) {
      RefuseTerm(term);
    }
  } else {
    RefuseTerm(term);
  }
}

}  // namespace

DayKind ParseDayKind(std::string_view text) {
  if (text == "holiday") return DayKind::kHoliday;
  if (text == "promotion") return DayKind::kPromotion;
  if (text == "closed") return DayKind::kClosed;
  throw Error(ErrorCode::kInvalidArgument, "unknown kind of day \"" + std::string(text) + "\"", {},
              "Use 'holiday', 'promotion' or 'closed'.");
}

CalendarTerms ParseCalendarTerms(std::string_view text) {
  CalendarTerms terms;
  while (!Trimmed(text).empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    AddTerm(Trimmed(text.substr(0, comma)), &terms);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return terms;
}

std::size_t SeriesCalendar::size() const {
  return std::max({never.size(), closed.size(), static_cast<std::size_t>(regressors.rows())});
}

SeriesCalendar SeriesCalendar::Slice(std::size_t begin, std::size_t count) const {
  const auto piece = [&](const std::vector<bool>& flags) {
    const auto from = flags.begin() + static_cast<std::ptrdiff_t>(begin);
    return flags.empty() ? flags : std::vector<bool>(from, from + static_cast<std::ptrdiff_t>(count));
  };
  SeriesCalendar slice{piece(never), piece(closed), names, {}};
  if (!names.empty()) {
    slice.regressors =
        regressors.middleRows(static_cast<Eigen::Index>(begin), static_cast<Eigen::Index>(count));
  }
  return slice;
}

SeriesCalendar MakeCalendar(Grain grain, std::int64_t first, std::size_t count, const CalendarTerms& terms,
                            std::span<const SpecialDay> days, const std::array<bool, 7>& shut) {
  constexpr std::size_t kFixed = 6 + 11 + 2 * kMostPairs;
  RequireMemory(kFixed * count * sizeof(double), "regressors");
  SeriesCalendar calendar;
  if (grain == Grain::kDay && std::any_of(shut.begin(), shut.end(), [](bool is) { return is; })) {
    for (std::size_t i = 0; i < count; ++i) {
      const int weekday = WeekdayOf(first + static_cast<Day>(i));
      calendar.never.push_back(shut[static_cast<std::size_t>(weekday) - 1]);
    }
  }
  std::vector<Column> columns;
  if (terms.weekday) AddWeekdays(grain, first, count, &columns);
  if (terms.month && grain != Grain::kQuarter) AddMonths(grain, first, count, &columns);
  if (terms.fourier > 0) AddYear(grain, first, count, terms.fourier, &columns);
  AddDays(grain, first, count, terms, days, &columns);
  if (terms.closed && grain == Grain::kDay) {
    calendar.closed.assign(count, false);
    for (const SpecialDay& special : days) {
      const std::int64_t i = special.day - first;
      if (special.kind != DayKind::kClosed || i < 0 || i >= static_cast<std::int64_t>(count)) continue;
      calendar.closed[static_cast<std::size_t>(i)] = true;
    }
  }
  std::vector<std::string> names;
  Matrix values(static_cast<Eigen::Index>(count), static_cast<Eigen::Index>(columns.size()));
  for (std::size_t k = 0; k < columns.size(); ++k) {
    names.push_back(std::move(columns[k].name));
    values.col(static_cast<Eigen::Index>(k)) =
        Eigen::Map<const Vector>(columns[k].values.data(), static_cast<Eigen::Index>(count));
  }
  AddRegressors(names, values, &calendar);
  return calendar;
}

void AddRegressors(std::span<const std::string> names, const MatrixView& columns, SeriesCalendar* calendar) {
  if (names.empty()) return;
  if (static_cast<std::size_t>(columns.cols()) != names.size() ||
      (!calendar->names.empty() && calendar->regressors.rows() != columns.rows())) {
    throw Error(ErrorCode::kInvalidArgument, "regressors do not fit the series");
  }
  const auto before = static_cast<Eigen::Index>(calendar->names.size());
  Matrix all(columns.rows(), before + columns.cols());
  if (before > 0) all.leftCols(before) = calendar->regressors;
  all.rightCols(columns.cols()) = columns;
  calendar->regressors = std::move(all);
  calendar->names.insert(calendar->names.end(), names.begin(), names.end());
}

}  // namespace ecomm::core
