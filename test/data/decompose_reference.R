# Writes decompose_reference_r.json: R's stl() and forecast's mstl() on the series of series.json, and on a daily one
# with two seasons that the test makes by the same rule.
#   Rscript test/data/decompose_reference.R > test/data/decompose_reference_r.json
suppressPackageStartupMessages({library(jsonlite); library(forecast)})
number <- function(v) as.numeric(signif(v, 12))

# Short series in full, long ones at every `step`-th observation; the sums cover all of it.
parts <- function(trend, seasonals, step) {
  at <- seq(1, length(trend), by = step)
  list(step = step, trend = number(trend[at]), trend_sum = number(sum(trend)),
       seasonals = lapply(seasonals, function(s) number(s[at])),
       seasonal_sums = lapply(seasonals, function(s) number(sum(abs(s)))))
}
step_for <- function(n) if (n > 400) 7 else if (n > 150) 3 else 1

# stl() hands the middle two ranks of an even number of remainders to its partial sort in descending order, which may then
# leave them unsorted: the robustness weights are off. With an odd number there is one middle rank, so the robust cases
# leave out the last observation. Those with an even number are in decompose_reference.py.
stl_case <- function(name, ..., robust = FALSE, outer = if (robust) 15 else 0) {
  y <- get(name, envir = as.environment("package:datasets"))
  if (outer > 0 && length(y) %% 2 == 0) y <- ts(head(y, -1), frequency = frequency(y))
  fit <- stl(y, ..., robust = robust, outer = outer)
  result <- parts(as.numeric(fit$time.series[, "trend"]), list(as.numeric(fit$time.series[, "seasonal"])),
                  step_for(length(y)))
  c(list(name = name, period = frequency(y), length = length(y), options = list(..., robust = robust, outer = outer),
    weight_sum = number(sum(fit$weights))), result)
}
seasonal <- c("AirPassengers", "nottem", "co2", "USAccDeaths", "UKgas")
cases <- list()
for (name in seasonal) {
  for (window in list("periodic", 7, 13)) for (robust in c(FALSE, TRUE)) {
    if (window != 13 || !robust) cases <- c(cases, list(stl_case(name, s.window = window, robust = robust)))
  }
}
cases <- c(cases, list(
  stl_case("AirPassengers", s.window = 10, s.degree = 1, t.window = 20, t.degree = 0, l.window = 15, l.degree = 1,
           inner = 3, outer = 2),
  stl_case("AirPassengers", s.window = 5, s.jump = 1, t.jump = 1, l.jump = 1),
  stl_case("AirPassengers", s.window = 9, s.degree = 1, s.jump = 4, t.jump = 7, l.jump = 5, robust = TRUE),
  stl_case("nottem", s.window = 301, t.window = 1001, robust = TRUE)))

# Lehmer's generator, so that the noise is the same everywhere.
daily <- function(n) {
  state <- 42
  week <- c(-12, -6, 0, 3, 5, 14, -4)
  y <- numeric(n)
  for (i in seq_len(n)) {
    state <- (state * 16807) %% 2147483647
    t <- i - 1
    y[i] <- 100 + 0.02 * t + week[t %% 7 + 1] + 15 * sin(2 * pi * t / 365.25) + 5 * cos(4 * pi * t / 365.25) +
      8 * (state / 2147483647 - 0.5)
  }
  y
}
mstl_case <- function(name, y, periods, ...) {
  fit <- suppressWarnings(mstl(y, ...))
  columns <- grep("Seasonal", colnames(fit))
  c(list(name = name, periods = I(periods), options = list(...)),
    parts(as.numeric(fit[, "Trend"]), lapply(columns, function(k) as.numeric(fit[, k])), step_for(nrow(fit))))
}
of <- function(name) get(name, envir = as.environment("package:datasets"))
many <- lapply(seasonal, function(name) mstl_case(name, of(name), frequency(of(name))))
many <- c(many, list(
  mstl_case("daily 1100", msts(daily(1100), c(7, 365.25)), c(7, 365.25)),
  mstl_case("daily 1101", msts(daily(1101), c(7, 365.25)), c(7, 365.25), iterate = 3, s.window = c(15, 31), robust = TRUE),
  mstl_case("daily 400", msts(daily(400), c(7, 365.25)), c(7, 365.25)),
  mstl_case("daily 400", msts(daily(400), c(7, 30.4375)), c(7, 30.4375))))

cat(toJSON(list(versions = list(R = as.character(getRversion()), forecast = as.character(packageVersion("forecast"))),
                stl = cases, mstl = many), auto_unbox = TRUE, digits = NA), "\n")
