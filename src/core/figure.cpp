#include "ecomm_analytics/core/figure.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace ecomm::core {
namespace {

constexpr std::string_view kMinus = "\u2212";
constexpr std::string_view kNone = "\u2013";
constexpr std::array<std::string_view, 12> kMonths = {"January",   "February", "March",    "April",
                                                      "May",       "June",     "July",     "August",
                                                      "September", "October",  "November", "December"};

std::chrono::year_month_day DateOf(Day day) {
  return std::chrono::sys_days(std::chrono::year{2000} / 1 / 1) + std::chrono::days(day);
}

std::string Printed(const char* format, double value) {
  char buffer[400];
  std::snprintf(buffer, sizeof buffer, format, value);
  return buffer;
}

// The year before 1 is 1 BC.
std::string YearText(Day day) {
  const int year = YearOf(day);
  return year > 0 ? std::to_string(year) : std::to_string(1 - year) + " BC";
}

std::string WithoutZeros(std::string decimal) {
  if (decimal.find('.') == std::string::npos) return decimal;
  decimal.erase(decimal.find_last_not_of('0') + 1);
  if (decimal.back() == '.') decimal.pop_back();
  return decimal;
}

}  // namespace

Figure MakeFigure(std::string_view decimal) {
  Figure figure;
  double value = 0;
  const auto end =
      std::from_chars(decimal.data(), decimal.data() + decimal.size(), value, std::chars_format::fixed);
  if (decimal.empty() || end.ec != std::errc() || end.ptr != decimal.data() + decimal.size() ||
      !std::isfinite(value)) {
    return figure;
  }
  figure.exact = decimal;
  figure.value = value;
  return figure;
}

std::string Grouped(const Figure& figure) {
  if (!figure.present()) return std::string(kNone);
  std::string_view digits = figure.exact;
  std::string out;
  if (digits.front() == '-') {
    out += kMinus;
    digits.remove_prefix(1);
  }
  const std::size_t whole = std::min(digits.find('.'), digits.size());
  for (std::size_t i = 0; i < whole; ++i) {
    if (i > 0 && (whole - i) % 3 == 0) out += ',';
    out += digits[i];
  }
  out += digits.substr(whole);
  return out;
}

std::string Compact(double value, int digits) {
  if (!std::isfinite(value)) return std::string(kNone);
  constexpr std::array<std::string_view, 5> kUnits = {"", "k", "M", "B", "T"};
  // So many digits before and behind the point, after rounding to them: 999.5 is 1.00k, not 1000.
  const auto decimals = [&](double size) {
    return size >= 99.95 ? 0 : std::max(0, digits - (size >= 9.995 ? 2 : 1));
  };
  double size = std::abs(value);
  std::size_t unit = 0;
  while (size >= 999.5 && unit + 1 < kUnits.size()) {
    size /= 1000;
    ++unit;
  }
  char buffer[64];
  if (size >= 1e6) {
    std::snprintf(buffer, sizeof buffer, "%.2e", size);
  } else {
    std::snprintf(buffer, sizeof buffer, "%.*f", decimals(size), size);
  }
  std::string out = buffer;
  if (unit == 0 && size < 1e6) out = WithoutZeros(out);
  if (value < 0 && out != "0") out.insert(0, kMinus);
  return out + std::string(kUnits[unit]);
}

std::string TickText(double value) {
  std::string text = Compact(value);
  const std::size_t unit = text.find_first_of("kMBT");
  if (unit == std::string::npos) return text;
  return WithoutZeros(text.substr(0, unit)) + text.substr(unit);
}

std::string Percent(double fraction) {
  if (!std::isfinite(fraction)) return std::string(kNone);
  const std::string text = Printed("%.1f%%", std::abs(fraction) * 100);
  return fraction < 0 && text != "0.0%" ? std::string(kMinus) + text : text;
}

std::string MoreOrLess(double fraction, std::string_view than) {
  const std::string size = Percent(std::abs(fraction));
  if (size == "0.0%") return "as much as " + std::string(than);
  return size + (fraction > 0 ? " more than " : " less than ") + std::string(than);
}

std::string DateText(Day day) { return std::to_string(DayOfMonth(day)) + " " + MonthText(day); }

std::string ShortDate(Day day) {
  return std::to_string(DayOfMonth(day)) + " " + std::string(MonthName(MonthOf(day)).substr(0, 3));
}

std::string_view MonthName(int month) { return kMonths[static_cast<std::size_t>(month - 1)]; }

std::string MonthText(Day day) { return std::string(MonthName(MonthOf(day))) + " " + YearText(day); }

int YearOf(Day day) { return static_cast<int>(DateOf(day).year()); }

int DayOfMonth(Day day) { return static_cast<int>(static_cast<unsigned>(DateOf(day).day())); }

std::string IsoDate(Day day) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%04d-%02d-%02d", YearOf(day), MonthOf(day), DayOfMonth(day));
  return buffer;
}

std::string PeriodText(std::string_view grain, Day first) {
  if (grain == "month") return MonthText(first);
  if (grain == "quarter") return "Q" + std::to_string((MonthOf(first) + 2) / 3) + " " + YearText(first);
  if (grain == "year") return YearText(first);
  return (grain == "week" ? "week from " : "") + DateText(first);
}

std::string Shortened(std::string_view text, std::size_t limit) {
  std::size_t characters = 0;
  std::size_t cut = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) continue;
    if (++characters == limit) cut = i;
    if (characters > limit) return std::string(text.substr(0, cut)) + "\u2026";
  }
  return std::string(text);
}

}  // namespace ecomm::core
