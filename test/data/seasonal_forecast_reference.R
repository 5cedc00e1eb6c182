# Writes seasonal_forecast_reference.json: R's forecast of a seasonally adjusted series with its last cycle put back.
#   Rscript test/data/seasonal_forecast_reference.R > test/data/seasonal_forecast_reference.json
suppressPackageStartupMessages({library(forecast); library(jsonlite)})

# Two seasons on a slow wave, with noise from a congruential generator.
noise <- function(n) {
  state <- 1
  sapply(1:n, function(i) { state <<- (state * 16807) %% 2147483647; state / 2147483647 - 0.5 })
}
t <- 1:260
two <- msts(100 + 0.05 * t + 10 * sin(2 * pi * t / 7) + 6 * cos(2 * pi * t / 30) + 4 * sin(t / 40) + 3 * noise(260), c(7, 30))

record <- function(f) list(mean = as.numeric(f$mean), lower = lapply(1:2, function(i) as.numeric(f$lower[, i])),
                           upper = lapply(1:2, function(i) as.numeric(f$upper[, i])), method = f$method)
one <- function(name, y, periods, windows) {
  forecasts <- list()
  for (method in c("naive", "rwdrift", "ets", "arima")) {
    f <- if (is.null(windows)) stlf(y, h = 40, method = method) else stlf(y, h = 40, method = method, s.window = windows)
    forecasts[[method]] <- record(f)
  }
  list(name = name, values = if (name == "two") as.numeric(y), periods = I(periods),
       periodic = !is.null(windows), forecasts = forecasts)
}
series <- c("AirPassengers", "nottem", "co2", "USAccDeaths", "UKgas")
get_series <- function(name) get(name, envir = as.environment("package:datasets"))
entries <- c(lapply(series, function(name) one(name, get_series(name), frequency(get_series(name)), NULL)),
             list(one("nottem", nottem, 12, "periodic"), one("two", two, c(7, 30), NULL)))
cat(toJSON(list(versions = list(R = as.character(getRversion()), forecast = as.character(packageVersion("forecast"))),
                series = entries), auto_unbox = TRUE, digits = NA, null = "null"), "\n")
