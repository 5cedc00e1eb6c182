# Writes ets_reference.json: exponential smoothing of the series in series.json by R's forecast.
#   Rscript test/data/ets_reference.R > test/data/ets_reference.json
#
# Two formulas of forecast 8.20 differ from the models they are for: without a trend, the variance of an additive
# season counts a correction one step early (seen at horizons that are whole periods), and with a multiplicative season a
# damped trend is not damped in its first step. `dense_*` therefore holds mean and variance from the state space
# matrices themselves, written out here after Hyndman, Koehler, Ord & Snyder 2008, chapter 6.
suppressPackageStartupMessages({library(forecast); library(jsonlite)})

series <- c("AirPassengers", "nottem", "co2", "USAccDeaths", "UKgas", "Nile", "lynx", "LakeHuron", "WWWusage")
forms <- c("ANN", "AAN", "AAdN", "MNN", "AAA", "ANA", "MAM", "MNM", "MAdM", "MNA")

# Moments of y(h) = w'x (1 + e) or w'x + e for a linear state x' = F x + g e (times w'x where errors are relative).
linear_moments <- function(w, F, g, x, sigma2, h, relative) {
  mean <- variance <- numeric(h)
  first <- x
  second <- x %*% t(x)
  for (i in 1:h) {
    mean[i] <- sum(w * first)
    square <- c(t(w) %*% second %*% w)
    noise <- sigma2 * (if (relative) square else 1)
    variance[i] <- square + noise - mean[i]^2
    first <- F %*% first
    second <- F %*% second %*% t(F) + noise * g %*% t(g)
  }
  list(mean = mean, variance = variance)
}

# Level and trend x, seasons z: y = (w'x) z_m (1 + e), x' = (F + g w' e) x, z_m corrected by the factor 1 + gamma e and
# put first. Moments of the product of both, kept as those of vec(x z').
factor_moments <- function(w, F, g, x, z, gamma, sigma2, h) {
  m <- length(z)
  G <- g %*% t(w)
  F2 <- rbind(c(rep(0, m - 1), 1), cbind(diag(m - 1), 0))
  G2 <- matrix(0, m, m); G2[1, m] <- gamma
  H <- t(kronecker(c(rep(0, m - 1), 1), w))
  A <- kronecker(F2, F); B <- kronecker(F2, G) + kronecker(G2, F); C <- kronecker(G2, G)
  first <- kronecker(z, x)
  second <- first %*% t(first)
  mean <- variance <- numeric(h)
  for (i in 1:h) {
    mean[i] <- c(H %*% first)
    variance[i] <- (1 + sigma2) * c(H %*% second %*% t(H)) - mean[i]^2
    first <- A %*% first + sigma2 * C %*% first
    second <- A %*% second %*% t(A) + sigma2 * (A %*% second %*% t(C) + C %*% second %*% t(A) + B %*% second %*% t(B)) +
      3 * sigma2^2 * C %*% second %*% t(C)
  }
  list(mean = mean, variance = variance)
}

dense_moments <- function(fit, h) {
  error <- fit$components[1]; trend <- fit$components[2]; season <- fit$components[3]
  par <- as.list(fit$par)
  phi <- if (is.null(par$phi)) 1 else par$phi
  last <- fit$states[nrow(fit$states), ]
  if (trend == "N") { w <- 1; F <- matrix(1); g <- par$alpha }
  else { w <- c(1, phi); F <- rbind(c(1, phi), c(0, phi)); g <- c(par$alpha, par$beta) }
  k <- length(w)
  if (season == "M") return(factor_moments(w, F, g, last[1:k], last[-(1:k)], par$gamma, fit$sigma2, h))
  if (season == "A") {
    m <- fit$m
    S <- rbind(c(rep(0, m - 1), 1), cbind(diag(m - 1), 0))
    F <- rbind(cbind(F, matrix(0, k, m)), cbind(matrix(0, m, k), S))
    w <- c(w, rep(0, m - 1), 1)
    g <- c(g, par$gamma, rep(0, m - 1))
  }
  linear_moments(w, F, g, last, fit$sigma2, h, error == "M")
}

short <- function(x) signif(as.numeric(x), 12)

one_fit <- function(name, y, form) {
  damped <- grepl("d", form)
  fit <- tryCatch(ets(y, model = sub("d", "", form), damped = damped), error = function(e) NULL)
  if (is.null(fit)) return(NULL)
  stopifnot(inherits(fit, "ets"))
  m <- if (substr(fit$components[3], 1, 1) == "N") 0 else fit$m
  h <- if (m == 0) 10 else 2 * m + 3
  k <- 1 + (fit$components[2] != "N")
  f <- forecast(fit, h = h, level = c(80, 95))
  dense <- dense_moments(fit, h)
  shown <- unique(round(seq(1, length(y), length.out = 9)))
  # Seasons in the order in which they come next.
  list(series = name, form = form, parameters = as.list(signif(fit$par[names(fit$par) %in% c("alpha", "beta", "gamma", "phi")], 15)),
       level = unname(fit$initstate[1]), trend = unname(if (k == 2) fit$initstate[2] else 0),
       seasonal = I(if (m == 0) numeric(0) else rev(unname(fit$initstate[-(1:k)]))),
       estimated = length(fit$par), loglik = fit$loglik, aic = fit$aic, aicc = fit$aicc, bic = fit$bic, sigma2 = fit$sigma2,
       positions = shown, fitted = short(fit$fitted[shown]), residuals = short(fit$residuals[shown]),
       last = I(short(fit$states[nrow(fit$states), ])),
       mean = short(f$mean), lower95 = short(f$lower[, 2]), upper80 = short(f$upper[, 1]),
       dense_mean = short(dense$mean), dense_variance = short(dense$variance))
}

fits <- list()
automatic <- list()
for (name in series) {
  y <- get(name, envir = as.environment("package:datasets"))
  y <- ts(as.numeric(y), frequency = frequency(y))
  for (form in forms) {
    if (frequency(y) == 1 && !grepl("N$", form)) next
    fit <- one_fit(name, y, form)
    if (!is.null(fit)) fits[[length(fits) + 1]] <- fit
  }
  for (criterion in c("aicc", "bic")) {
    fit <- ets(y, ic = criterion)
    automatic[[length(automatic) + 1]] <-
      list(series = name, criterion = criterion,
           form = paste0(c(fit$components[1:2], if (fit$components[4] == "TRUE") "d", fit$components[3]), collapse = ""),
           value = fit[[criterion]])
  }
}
cat(toJSON(list(versions = list(R = as.character(getRversion()), forecast = as.character(packageVersion("forecast"))),
                fits = fits, automatic = automatic), auto_unbox = TRUE, digits = NA), "\n")
