# Rscript bench/forecast_cases.R OUTPUT.json [SERIES.csv]
# The cases that forecasts are judged by: series that R and its packages, and statsmodels, ship, cut at many
# origins, and made-up sales for what they hardly have (days of a shop, hours, weeks). SERIES.csv adds
# series of one's own: columns kind, name and value, in order of time.
#
# The made-up series are no draws from a smoothing or ARIMA model: levels shift, trends turn, promotions and
# closed days come unannounced, errors have heavy tails. Clean models would flatter the intervals.
suppressPackageStartupMessages({
  library(forecast)
  library(jsonlite)
})
arguments <- commandArgs(TRUE)

statsmodels <- "/usr/lib/python3/dist-packages/statsmodels/datasets"
Shipped <- function(package, names) {
  unlist(lapply(names, function(name) {
    place <- new.env()
    if (package == "datasets") {
      x <- getExportedValue(package, name)
    } else {
      data(list = name, package = package, envir = place)
      x <- place[[name]]
    }
    if (NCOL(x) == 1) return(setNames(list(x), name))
    columns <- lapply(seq_len(NCOL(x)), function(i) x[, i])
    setNames(columns, paste(name, colnames(x)))
  }), recursive = FALSE)
}
Whole <- function(x) {
  x <- as.numeric(x)
  good <- rle(is.finite(x))
  ends <- cumsum(good$lengths)
  best <- which.max(good$lengths * good$values)
  x[(ends[best] - good$lengths[best] + 1):ends[best]]
}
Of <- function(tables, column) {
  setNames(lapply(tables, function(table) Whole(table[[column]])), paste(names(tables), column))
}
Aggregate <- function(x, by) {
  whole <- length(x) %/% by * by
  colSums(matrix(tail(x, whole), by))
}

# --- what is shipped ------------------------------------------------------------------------------------
macro <- read.csv(file.path(statsmodels, "macrodata", "macrodata.csv"))
housing <- split(as.data.frame(ggplot2::txhousing), ggplot2::txhousing$city)
economics <- as.data.frame(ggplot2::economics)
monthly <- c(
  Shipped("datasets", c("AirPassengers", "USAccDeaths", "UKDriverDeaths", "co2", "nottem", "ldeaths", "mdeaths",
                        "fdeaths")),
  Shipped("forecast", c("gas", "wineind")),
  Shipped("lmtest", c("ip", "lhur", "jocci", "fyff"))[c(1, 4)],
  Shipped("tseries", c("tcm", "nino")),
  lapply(economics[, -1], Whole),
  setNames(lapply(c("drivers", "front", "rear", "kms"), function(name) datasets::Seatbelts[, name]),
           c("drivers", "front", "rear", "kms")),
  list(electrical = read.csv(file.path(statsmodels, "elec_equip", "elec_equip.csv"))[, 2],
       elnino = as.vector(t(as.matrix(read.csv(file.path(statsmodels, "elnino", "elnino.csv"))[, -1])))),
  Of(housing[seq(1, 46, 2)], "sales"), Of(housing[seq(2, 46, 4)], "median"), Of(housing[seq(4, 46, 4)], "listings")
)
quarterly <- c(
  Shipped("datasets", c("UKgas", "JohnsonJohnson", "austres", "presidents", "freeny.y")),
  Shipped("forecast", "woolyrnq"),
  Shipped("tseries", "USeconomic"),
  Shipped("urca", "UKconsumption"),
  Shipped("lmtest", c("bondyield", "valueofstocks", "currencysubstitution")),
  as.list(macro[, 3:12]),
  setNames(lapply(monthly[c("UKDriverDeaths", "USAccDeaths", "gas", "wineind", "co2", "unemploy", "electrical")],
                  function(x) Aggregate(as.numeric(x), 3)),
           paste("quarters of", c("drivers", "accidents", "gas", "wine", "co2", "unemployed", "electrical"))),
  lapply(housing[seq(1, 46, 2)], function(city) Aggregate(Whole(city$sales), 3))
)
yearly <- c(
  Shipped("datasets", c("Nile", "lynx", "LakeHuron", "airmiles", "uspop", "nhtemp", "discoveries",
                        "sunspot.year")),
  Shipped("tseries", "NelPlo"),
  Shipped("lmtest", c("unemployment", "wages", "moneydemand", "USDistLag", "ChickEgg")),
  as.list(read.csv(file.path(statsmodels, "copper", "copper.csv"))[, 2:6]),
  list(treering1 = datasets::treering[1:400], treering2 = datasets::treering[3001:3400]),
  lapply(macro[, 3:12], Aggregate, 4),
  lapply(monthly[c("gas", "wineind", "co2", "pce", "unemploy", "AirPassengers", "kms")],
         function(x) Aggregate(as.numeric(x), 12)),
  lapply(housing[seq(2, 46, 3)], function(city) Aggregate(Whole(city$volume), 12))
)
weekly <- c(
  list(co2 = Whole(read.csv(file.path(statsmodels, "co2", "co2.csv"))[, 2])),
  lapply(Shipped("tseries", "tcmd"), function(x) Aggregate(Whole(x), 5) / 5),
  lapply(Shipped("datasets", "EuStockMarkets"), function(x) Aggregate(Whole(x), 5) / 5),
  lapply(Shipped("tseries", c("ice.river", "camp")), function(x) Aggregate(Whole(x), 7))
)
daily <- c(
  Shipped("tseries", c("tcmd", "ice.river", "camp")),
  Shipped("datasets", "EuStockMarkets"),
  list(gold = Whole(forecast::gold), SP500 = MASS::SP500, wind = Whole(airquality$Wind))
)
hourly <- rep(list(demand = Aggregate(as.numeric(forecast::taylor), 2)), 9)

# --- what is made up ------------------------------------------------------------------------------------
Heavy <- function(n) rt(n, 5) / sqrt(5 / 3)
# A level that drifts, turns and shifts: the sum of a random walk, slopes between breaks, and steps.
Level <- function(n, walk, slope, breaks, step) {
  at <- runif(n) < breaks / n
  slopes <- rnorm(sum(at) + 1, 0, slope)[cumsum(at) + 1]
  steps <- ifelse(runif(n) < breaks / n, rnorm(n, 0, step), 0)
  cumsum(walk * Heavy(n) + slopes + steps)
}
Wave <- function(n, period, size) {
  phase <- 2 * pi * (seq_len(n) + runif(1, 0, period)) / period
  size * (cos(phase) + 0.5 * rnorm(1) * cos(2 * phase + runif(1, 0, 6)))
}
Season <- function(n, period, size, drift = 0) {
  first <- rnorm(period, 0, size)
  turns <- ceiling(n / period)
  moved <- apply(rbind(first, matrix(rnorm((turns - 1) * period, 0, size * drift), ncol = period)), 2, cumsum)
  as.vector(t(matrix(moved, ncol = period)))[seq_len(n)]
}
Noise <- function(n, size) {
  as.numeric(filter(Heavy(n + 50) * size, runif(1, 0, 0.5), "recursive"))[51:(n + 50)]
}
ShopDays <- function(n) {
  volume <- exp(runif(1, log(0.4), log(2000)))
  x <- Level(n, runif(1, 0, 0.015), runif(1, 0, 0.002), 4, 0.3) + Season(n, 7, runif(1, 0.05, 0.5), 0.02) +
    Wave(n, 365.25, runif(1, 0, 0.35)) + Noise(n, runif(1, 0.05, 0.35))
  starts <- which(runif(n) < runif(1, 0, 0.015))
  for (start in starts) {
    days <- start:min(n, start + sample(2:9, 1))
    x[days] <- x[days] + runif(1, 0.2, 0.9)
  }
  mean <- volume * exp(x - mean(x))
  sales <- rnbinom(n, size = runif(1, 1.5, 30), mu = mean)
  weekday <- (seq_len(n) + sample(7, 1)) %% 7
  if (runif(1) < 0.2) sales[weekday == 0] <- 0
  sales[runif(n) < 0.008] <- 0
  if (runif(1) < 0.4) sales <- round(sales * exp(rnorm(n, log(20), 0.15)), 2)
  if (runif(1) < 0.15) sales <- sales * ifelse(runif(n) < 0.004, 6, 1)
  sales
}
ShopHours <- function(n) {
  hour <- (seq_len(n) - 1) %% 24
  day <- ((seq_len(n) - 1) %/% 24) %% 7
  profile <- function() {
    peak <- runif(2, c(10, 17), c(13, 21))
    exp(-(0:23 - peak[1])^2 / 20) + runif(1, 0.4, 1.2) * exp(-(0:23 - peak[2])^2 / 10) + runif(1, 0.05, 0.5)
  }
  week <- profile()
  weekend <- profile() * runif(1, 0.5, 1.5)
  shape <- ifelse(day >= 5, weekend[hour + 1], week[hour + 1])
  days <- rep(Level(ceiling(n / 24), 0.06, 0.01, 2, 0.2), each = 24)[seq_len(n)]
  mean <- exp(runif(1, 2, 8)) * shape * exp(days + Noise(n, runif(1, 0.03, 0.2)))
  rnbinom(n, size = runif(1, 5, 200), mu = mean)
}
Macro <- function(n, period) {
  x <- Level(n, runif(1, 0, 0.06) / sqrt(period), 0.06 / period, 3, 0.15) + Noise(n, runif(1, 0.005, 0.08))
  if (period > 1) x <- x + Season(n, period, runif(1, 0, 0.25), 0.08)
  exp(runif(1, 3, 9) + x - mean(x))
}
Many <- function(count, make) {
  set.seed(count)
  setNames(lapply(seq_len(count), function(i) make()), paste("made up", seq_len(count)))
}

# --- cases ----------------------------------------------------------------------------------------------
own <- if (length(arguments) > 1) read.csv(arguments[2]) else data.frame(kind = character(0))
kinds <- list(
  yearly = list(period = 1, h = 6, lengths = c(15, 50), count = 120, shipped = yearly,
                made = Many(25, function() Macro(sample(25:60, 1), 1))),
  quarterly = list(period = 4, h = 8, lengths = c(30, 100), count = 120, shipped = quarterly,
                   made = Many(25, function() Macro(sample(40:120, 1), 4))),
  monthly = list(period = 12, h = 18, lengths = c(50, 300), count = 120, shipped = monthly,
                 made = Many(20, function() Macro(sample(80:320, 1), 12))),
  weekly = list(period = 1, h = 13, lengths = c(200, 1000), count = 80, shipped = weekly,
                made = Many(40, function() Aggregate(ShopDays(7 * sample(220:600, 1)), 7))),
  weekly52 = list(period = 52, h = 13, lengths = c(130, 400), count = 40, shipped = weekly[-(2:9)],
                  made = Many(30, function() Aggregate(ShopDays(7 * sample(150:420, 1)), 7))),
  daily = list(period = 7, h = 14, lengths = c(200, 1000), count = 50, shipped = daily, made = list()),
  shop = list(period = 7, h = 14, lengths = c(200, 1000), count = 100, shipped = list(),
              made = Many(60, function() ShopDays(sample(220:1020, 1)))),
  hourly = list(period = c(24, 168), h = 48, lengths = c(700, 700), count = 25, shipped = hourly,
                made = Many(14, function() ShopHours(748)))
)

# Each series ends at a few random origins, and begins so that its length is typical of its kind.
Cut <- function(kind, rule) {
  set.seed(rule$count + rule$h)
  added <- own[own$kind == kind, , drop = FALSE]
  series <- c(lapply(rule$shipped, Whole), rule$made,
              if (nrow(added)) split(added$value, factor(added$name, unique(added$name))))
  series <- series[lengths(series) >= rule$lengths[1] + rule$h]
  turns <- rep(seq_along(series), length.out = max(rule$count, 3 * length(series)))
  cases <- list()
  for (i in turns) {
    if (length(cases) == rule$count) break
    y <- series[[i]]
    longest <- min(rule$lengths[2], length(y) - rule$h)
    n <- round(exp(runif(1, log(rule$lengths[1]), log(longest))))
    n <- min(max(n, rule$lengths[1]), longest)
    origin <- n - 1 + sample.int(length(y) - rule$h - n + 1, 1)
    known <- y[(origin - n + 1):origin]
    if (sd(known) == 0 || sum(known != 0) < 5) next
    cases[[length(cases) + 1]] <- list(
      id = unbox(sprintf("%s %03d", kind, length(cases) + 1)), kind = unbox(kind), source = unbox(names(series)[i]),
      periods = rule$period, horizon = unbox(rule$h), y = known, future = y[origin + seq_len(rule$h)]
    )
  }
  # Rare kinds begin with the shipped series; a random order lets a part of the cases stand for all of them.
  cases[sample(length(cases))]
}
cases <- unlist(Map(Cut, names(kinds), kinds), recursive = FALSE, use.names = FALSE)
write(toJSON(cases, digits = NA), arguments[1])
print(table(sapply(cases, function(case) as.character(case$kind))))
