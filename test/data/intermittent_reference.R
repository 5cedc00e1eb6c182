# Writes intermittent_reference_r.json: series of intermittent demand and Croston's forecasts of them by R's forecast.
#   Rscript test/data/intermittent_reference.R > test/data/intermittent_reference_r.json
suppressPackageStartupMessages({library(forecast); library(jsonlite)})
set.seed(20)
demand <- function(n, p, size) ifelse(runif(n) < p, size(n), 0)
series <- list(
  spares = demand(60, 0.2, function(n) 1 + rpois(n, 2)),
  lumpy = demand(150, 0.35, function(n) round(rlnorm(n, 2, 1), 2)),
  fading = demand(120, seq(0.8, 0.02, length.out = 120), function(n) 1 + rpois(n, 9)),
  smooth = demand(40, 0.95, function(n) 20 + rpois(n, 5)),
  late = c(rep(0, 12), 3, 0, 0, 7, 0, 1, 0),
  single = c(0, 0, 0, 4, 0, 0))
one <- function(name) {
  y <- series[[name]]
  f <- lapply(c(0.1, 0.35), function(alpha) {
    fc <- croston(ts(y), h = 3, alpha = alpha)
    list(alpha = alpha, mean = as.numeric(fc$mean), fitted = as.numeric(fc$fitted)[-1])
  })
  list(name = name, values = y, croston = f)
}
versions <- list(R = as.character(getRversion()), forecast = as.character(packageVersion("forecast")))
cat(toJSON(list(versions = versions, series = lapply(names(series), one)), auto_unbox = TRUE, digits = NA), "\n")
