# Writes theta_reference.json for the classic series: the forecasts of thetaf of R's forecast, the same method with its
# search carried on to the least squared error, and the models of Fiorucci et al. (2016) from their equations, estimated
# by a general optimiser from many starts, with intervals from the response to each later shock.
#   Rscript test/data/theta_reference.R > test/data/theta_reference.json
suppressPackageStartupMessages({library(forecast); library(jsonlite)})
horizon <- 15
levels <- c(0.80, 0.95)

intervals <- function(mean, se) {
  z <- qnorm(0.5 + levels / 2)
  list(mean = mean, lower = lapply(z, function(q) mean - q * se), upper = lapply(z, function(q) mean + q * se))
}

seasonal <- function(y) {
  m <- frequency(y)
  n <- length(y)
  if (m == 1 || n <= 2 * m) return(FALSE)
  r <- as.numeric(acf(y, lag.max = m, plot = FALSE)$acf)[-1]
  abs(r[m]) / sqrt((1 + 2 * sum(r[-m]^2)) / n) > qnorm(0.95)
}

# Errors of exponential smoothing with the best initial level for alpha.
smoothing <- function(x, alpha) {
  level <- x[1]
  e <- numeric(length(x))
  for (i in seq_along(x)) {
    e[i] <- x[i] - level
    level <- level + alpha * e[i]
  }
  weight <- (1 - alpha)^(seq_along(x) - 1)
  correction <- sum(e * weight) / sum(weight^2)
  list(e = e - correction * weight, level = level + correction * (1 - alpha)^length(x))
}

refined <- function(x, factors) {
  n <- length(x)
  sse <- function(alpha) sum(smoothing(x, alpha)$e^2)
  grid <- seq(1e-4, 0.9999, length.out = 300)
  best <- which.min(sapply(grid, sse))
  alpha <- optimize(sse, grid[pmin(300, pmax(1, best + c(-1, 1)))], tol = 1e-12)$minimum
  if (sse(0.9999) < sse(alpha)) alpha <- 0.9999
  s <- smoothing(x, alpha)
  drift <- lsfit(0:(n - 1), x)$coefficients[[2]] / 2
  mean <- (s$level + drift * (0:(horizon - 1) + (1 - (1 - alpha)^n) / alpha)) * factors
  c(list(alpha = alpha), intervals(mean, sqrt(sum(s$e^2) / (n - 2) * (1 + 0:(horizon - 1) * alpha^2))))
}

# One-step means and their continuation; `later` are shocks to the steps ahead.
model <- function(x, p, dynamic, later = numeric(horizon)) {
  n <- length(x)
  level <- p[1]; alpha <- p[2]; theta <- p[3]
  line <- lsfit(1:n, x)$coefficients
  A <- if (dynamic) 0 else line[[1]]
  B <- if (dynamic) 0 else line[[2]]
  mu <- numeric(n + horizon)
  average <- 0
  for (t in 1:(n + horizon)) {
    mu[t] <- level + (1 - 1 / theta) * ((1 - alpha)^(t - 1) * A + (1 - (1 - alpha)^t) / alpha * B)
    value <- if (t <= n) x[t] else mu[t] + later[t - n]
    level <- alpha * value + (1 - alpha) * level
    if (!dynamic && t < n + horizon) next
    if (t > 1) B <- ((t - 2) * B + 6 * (value - average) / t) / (t + 1)
    average <- ((t - 1) * average + value) / t
    A <- average - (t + 1) / 2 * B
  }
  mu
}

estimated <- function(x, dynamic, free, factors) {
  n <- length(x)
  counted <- (if (dynamic) 3 else 1):n
  scale <- sd(x)
  # The weight 1 - 1 / theta rather than theta, and the level in the series' own scale.
  sse <- function(q) sum((x[counted] - model(x, parameters(q), dynamic)[counted])^2)
  parameters <- function(q) c(x[1] + scale * q[1], q[2], if (free) 1 / (1 - q[3]) else 2)
  best <- NULL
  for (alpha in c(0.1, 0.3, 0.5, 0.8, 0.99)) for (weight in if (free) c(0.05, 0.5, 0.95) else 0.5) {
    start <- c(if (dynamic) -weight * x[1] / scale else 0, alpha, if (free) weight)
    lower <- c(-Inf, 0.1, if (free) 0)
    upper <- c(Inf, 0.99, if (free) 1 - 1e-10)
    found <- nlminb(start, sse, lower = lower, upper = upper,
                    control = list(iter.max = 1000, eval.max = 5000, rel.tol = 1e-15, x.tol = 1e-12))
    if (is.null(best) || found$objective < best$objective) best <- found
  }
  p <- parameters(best$par)
  mu <- model(x, p, dynamic)[n + 1:horizon]
  sigma2 <- best$objective / (length(counted) - (if (free) 3 else 2))
  responses <- sapply(1:horizon, function(j) model(x, p, dynamic, as.numeric(1:horizon == j))[n + 1:horizon] - mu)
  se <- sqrt(sigma2 * (1 + rowSums(responses^2)))
  c(list(alpha = p[2], theta = p[3], initial_level = p[1], sigma2 = sigma2), intervals(mu * factors, se * factors))
}

one <- function(entry) {
  y <- ts(entry$values, frequency = entry$frequency)
  m <- frequency(y)
  n <- length(y)
  f <- thetaf(y, h = horizon)
  is_seasonal <- seasonal(y)
  season <- if (is_seasonal) as.numeric(decompose(y, type = "multiplicative")$figure) else 1
  x <- as.numeric(y) / rep(season, length.out = n)
  factors <- rep(season, length.out = n + horizon)[n + 1:horizon]
  list(name = entry$name, period = m, seasonal = is_seasonal,
       thetaf = list(alpha = f$model$alpha, slope = 2 * f$model$drift[[1]], sigma2 = f$model$sigma,
                     mean = as.numeric(f$mean), lower = t(unclass(f$lower)), upper = t(unclass(f$upper)),
                     last_fitted = tail(as.numeric(fitted(f)), 1)),
       refined = refined(x, factors), optimised = estimated(x, FALSE, TRUE, factors),
       dynamic = estimated(x, TRUE, FALSE, factors), dynamic_optimised = estimated(x, TRUE, TRUE, factors))
}
series <- fromJSON("test/data/series.json", simplifyVector = TRUE, simplifyDataFrame = FALSE)$series
versions <- list(R = as.character(getRversion()), forecast = as.character(packageVersion("forecast")))
cat(toJSON(list(versions = versions, series = lapply(series, one)), auto_unbox = TRUE, digits = NA), "\n")
