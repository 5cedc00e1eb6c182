# Writes differencing_reference.json: the number of differences suggested by R's forecast for the classic series and
# their first differences, and the strength of season it goes by.
#   Rscript test/data/differencing_reference.R > test/data/differencing_reference.json
suppressPackageStartupMessages({library(forecast); library(jsonlite)})
strength <- function(y) {
  if (frequency(y) == 1 || length(y) <= 2 * frequency(y)) return(NULL)
  forecast:::seas.heuristic(y)
}
settings <- expand.grid(test = c("kpss", "adf"), type = c("level", "trend"), alpha = c(0.01, 0.05, 0.1),
                        max = c(1, 2), stringsAsFactors = FALSE)
# [test, type, alpha, max.d, d]
differences <- function(y) lapply(seq_len(nrow(settings)), function(i) {
  s <- settings[i, ]
  list(s$test, s$type, s$alpha, s$max, ndiffs(y, alpha = s$alpha, test = s$test, type = s$type, max.d = s$max))
})
# Strengths of the series and of its differences at the period, as far as nsdiffs may ask.
seasons <- function(y) {
  if (frequency(y) == 1) return(NULL)
  once <- diff(y, frequency(y))
  list(strengths = list(strength(y), strength(once)), D = sapply(0:2, function(most) nsdiffs(y, max.D = most)))
}
one <- function(entry) {
  y <- ts(entry$values, frequency = entry$frequency)
  lapply(c("", " differenced"), function(suffix) {
    x <- if (suffix == "") y else diff(y)
    list(name = paste0(entry$name, suffix), period = frequency(x), d = differences(x), seasons = seasons(x))
  })
}
series <- fromJSON("test/data/series.json", simplifyVector = TRUE, simplifyDataFrame = FALSE)$series
versions <- list(R = as.character(getRversion()), forecast = as.character(packageVersion("forecast")),
                 urca = as.character(packageVersion("urca")))
cat(toJSON(list(versions = versions, series = do.call(c, lapply(series, one))), auto_unbox = TRUE, digits = NA,
           null = "null"), "\n")
