# Writes benchmarks_reference.json: mean, naive, seasonal naive and drift forecasts of R's forecast for the classic
# series, and quantiles of Student's t.
#   Rscript test/data/benchmarks_reference.R > test/data/benchmarks_reference.json
suppressPackageStartupMessages({library(forecast); library(jsonlite)})
horizon <- 15
recorded <- function(f) {
  residuals <- as.numeric(residuals(f))
  list(mean = as.numeric(f$mean), lower = t(unclass(f$lower)), upper = t(unclass(f$upper)),
       residuals = list(sum(is.na(residuals)), sum(residuals^2, na.rm = TRUE)), last_fitted = tail(as.numeric(fitted(f)), 1))
}
one <- function(entry) {
  y <- ts(entry$values, frequency = entry$frequency)
  list(name = entry$name, period = entry$frequency, mean = recorded(meanf(y, h = horizon)),
       naive = recorded(naive(y, h = horizon)), seasonal = recorded(snaive(y, h = horizon)),
       drift = recorded(rwf(y, h = horizon, drift = TRUE)))
}
# [p, degrees, quantile]
grid <- expand.grid(p = c(1e-9, 0.01, 0.4, 0.75, 0.9, 0.975, 0.9999),
                    degrees = c(0.5, 1, 2, 3, 7.5, 30, 143, 9999, 10000, 1e7))
quantiles <- lapply(seq_len(nrow(grid)), function(i) c(grid$p[i], grid$degrees[i], qt(grid$p[i], grid$degrees[i])))
series <- fromJSON("test/data/series.json", simplifyVector = TRUE, simplifyDataFrame = FALSE)$series
versions <- list(R = as.character(getRversion()), forecast = as.character(packageVersion("forecast")))
cat(toJSON(list(versions = versions, series = lapply(series, one), quantiles = quantiles), auto_unbox = TRUE,
           digits = NA), "\n")
