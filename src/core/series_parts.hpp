// What is done around a method both where a series is forecast at once and where its model is kept.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/series_forecast.hpp"
#include "open_days.hpp"

namespace ecomm::core {

inline constexpr const char* kNotTransformed = "not transformed, there are values of zero or less";
inline constexpr const char* kFellBack = "fell back to naive: ";
inline constexpr const char* kBeyondBounds = "the forecast grows beyond all bounds";

// 'ok: one note; another'
void AddNote(const char* note, std::string* status);

// Points and bounds are.
bool IsFinite(const Forecast& forecast);

// Points and bounds below 0 are 0.
void Floor(Forecast* forecast);

// What a method was told of the scale: ", Box-Cox lambda 0.3".
std::string ScaleNote(double lambda);

// Why a series can only be repeated, or not be forecast at all.
std::optional<std::string> WhyRepeated(std::span<const double> y);

// The method cannot take the series; what else goes wrong must be passed on.
bool IsOfTheSeries(const Error& error);

// The request with what it says in days said in days on which the shop opens.
ForecastRequest ForOpenDays(ForecastRequest request, const OpenDays& open);

}  // namespace ecomm::core
