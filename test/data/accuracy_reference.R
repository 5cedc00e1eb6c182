# Writes accuracy_reference.json: how good forecasts of the last year or ten observations of the classic series are by
# accuracy() of R's forecast, by the M4 competition's formulas for what that does not measure, and the errors of
# tsCV() from rolling origins.
#   Rscript test/data/accuracy_reference.R > test/data/accuracy_reference.json
suppressPackageStartupMessages({library(forecast); library(jsonlite)})
msis <- function(x, lower, upper, level, scale) {
  a <- 1 - level
  mean((upper - lower) + 2 / a * (lower - x) * (x < lower) + 2 / a * (x - upper) * (x > upper)) / scale
}
one <- function(entry) {
  m <- entry$frequency
  y <- ts(entry$values, frequency = m)
  n <- length(y)
  horizon <- if (m > 1) m else 10
  train <- head(y, n - horizon)
  test <- as.numeric(tail(y, horizon))
  measured <- function(f) {
    known <- accuracy(f, ts(test, start = tsp(f$mean)[1], frequency = m))["Test set", ]
    naive <- diff(as.numeric(train), m)
    lower <- unclass(f$lower)
    upper <- unclass(f$upper)
    levels <- c(0.80, 0.95)
    list(me = known[["ME"]], rmse = known[["RMSE"]], mae = known[["MAE"]], mape = known[["MAPE"]], mase = known[["MASE"]],
         smape = mean(200 * abs(test - f$mean) / (abs(test) + abs(f$mean))),
         rmsse = sqrt(mean((test - f$mean)^2) / mean(naive^2)),
         coverage = sapply(1:2, function(i) mean(test >= lower[, i] & test <= upper[, i])),
         msis = sapply(1:2, function(i) msis(test, lower[, i], upper[, i], levels[i], mean(abs(naive)))))
  }
  initial <- 2 * m + 5
  cv <- tsCV(y, rwf, drift = TRUE, h = 3, initial = initial)
  cv <- cv[(initial + 1):(n - 3), ]
  list(name = entry$name, period = m, horizon = horizon, seasonal = measured(snaive(train, horizon)),
       drift = measured(rwf(train, horizon, drift = TRUE)),
       rolling = list(first = initial + 1, mae = colMeans(abs(cv)), rmse = sqrt(colMeans(cv^2)), me = colMeans(cv)))
}
series <- fromJSON("test/data/series.json", simplifyVector = TRUE, simplifyDataFrame = FALSE)$series
versions <- list(R = as.character(getRversion()), forecast = as.character(packageVersion("forecast")))
cat(toJSON(list(versions = versions, series = lapply(series, one)), auto_unbox = TRUE, digits = NA), "\n")
