# Writes arima_reference.json: ARIMA models of the series in series.json by R's forecast.
#   Rscript test/data/arima_reference.R > test/data/arima_reference.json
#
# R's arima() takes the observations before the first as normal with kappa times the errors' variance; with the
# default of 1e6 they still tell it something, and the likelihood is off by up to 0.02 here (co2). With 1e9 it is that
# of the differenced series to 1e-5. `loglik` is the latter, `loglik_default` the former.
suppressPackageStartupMessages({library(forecast); library(jsonlite)})

series <- c("AirPassengers", "nottem", "co2", "USAccDeaths", "UKgas", "Nile", "lynx", "LakeHuron", "WWWusage")
none <- c(0, 0, 0)
forms <- list(
  list(c(0, 1, 1), c(0, 1, 1), FALSE), list(c(2, 1, 2), none, FALSE), list(c(1, 0, 1), c(1, 1, 0), FALSE),
  list(c(1, 0, 1), c(1, 1, 0), TRUE), list(c(0, 1, 1), none, FALSE), list(c(1, 0, 0), none, TRUE),
  list(c(1, 1, 0), none, TRUE), list(c(2, 0, 1), none, TRUE), list(c(3, 1, 1), c(1, 0, 1), FALSE),
  list(c(2, 0, 2), c(1, 1, 1), TRUE), list(c(0, 1, 2), c(2, 1, 0), FALSE), list(c(0, 0, 3), c(0, 1, 2), FALSE),
  list(c(4, 1, 0), c(0, 1, 1), FALSE), list(c(0, 2, 2), c(0, 0, 1), FALSE), list(c(0, 1, 0), none, FALSE))

short <- function(x) signif(as.numeric(x), 12)
values <- function(name) {
  y <- get(name, envir = as.environment("package:datasets"))
  ts(as.numeric(y), frequency = frequency(y))
}
part <- function(fit, pattern) I(unname(fit$coef[grepl(pattern, names(fit$coef))]))

record <- function(name, fit, period, future = NULL) {
  h <- if (period > 1) period + 3 else 10
  f <- if (is.null(future)) forecast(fit, h = h, level = c(80, 95)) else forecast(fit, xreg = future, level = c(80, 95))
  constant <- fit$coef[names(fit$coef) %in% c("intercept", "drift")]
  se <- sqrt(pmax(diag(fit$var.coef), 0))
  list(series = name, method = f$method, order = fit$arma[c(1, 6, 2, 3, 7, 4)], period = fit$arma[5],
       ar = part(fit, "^ar"), ma = part(fit, "^ma"), seasonal_ar = part(fit, "^sar"), seasonal_ma = part(fit, "^sma"),
       has_constant = length(constant) == 1, constant = if (length(constant) == 1) unname(constant) else 0,
       regressors = part(fit, "^x[0-9]"), standard_errors = I(unname(short(se))), loglik = fit$loglik,
       aic = fit$aic, aicc = fit$aicc, bic = fit$bic, sigma2 = fit$sigma2, last_residuals = short(tail(fit$residuals, 3)),
       mean = short(f$mean), lower = list(short(f$lower[, 1]), short(f$lower[, 2])),
       upper = list(short(f$upper[, 1]), short(f$upper[, 2])))
}

fits <- list()
automatic <- list()
for (name in series) {
  y <- values(name)
  for (form in forms) {
    if (frequency(y) == 1 && sum(form[[2]]) > 0) next
    fit_with <- function(kappa) tryCatch(Arima(y, order = form[[1]], seasonal = form[[2]], include.constant = form[[3]],
                                               kappa = kappa), error = function(e) NULL)
    fit <- fit_with(1e9)
    default <- fit_with(1e6)
    if (is.null(fit) || is.null(default)) next
    fits[[length(fits) + 1]] <- c(record(name, fit, frequency(y)), list(loglik_default = default$loglik))
  }
  automatic[[length(automatic) + 1]] <- record(name, auto.arima(y), frequency(y))
}

# Regressors, of the past and of the future.
waves <- function(t) cbind(x1 = cos(t / 5), x2 = t %% 7 == 0)
regressions <- list()
for (case in list(list("AirPassengers", c(0, 1, 1), c(0, 1, 1), FALSE), list("LakeHuron", c(2, 0, 0), none, TRUE),
                  list("Nile", c(1, 1, 1), none, TRUE), list("UKgas", c(1, 0, 0), c(1, 1, 0), TRUE))) {
  y <- values(case[[1]])
  fit <- Arima(y, order = case[[2]], seasonal = case[[3]], include.constant = case[[4]], xreg = waves(seq_along(y)), kappa = 1e9)
  regressions[[length(regressions) + 1]] <- record(case[[1]], fit, frequency(y), waves(length(y) + 1:15))
}
regressions <- c(regressions, list(local({
  y <- values("USAccDeaths")
  record("USAccDeaths", auto.arima(y, xreg = waves(seq_along(y)), kappa = 1e9), 12, waves(length(y) + 1:15))
})))
cat(toJSON(list(versions = list(R = as.character(getRversion()), forecast = as.character(packageVersion("forecast"))),
                fits = fits, automatic = automatic, regressions = regressions), auto_unbox = TRUE, digits = NA), "\n")
