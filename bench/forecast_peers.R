# Rscript bench/forecast_peers.R CASES.json OUTPUT.jsonl [METHODS]
# What R's forecast makes of the cases: points, 80 % and 95 % bounds and processor seconds of ets, auto.arima and
# thetaf, one line per case and method. What OUTPUT has already is not computed again. Of a kind's last
# cases, slow methods leave some out.
suppressPackageStartupMessages({
  library(forecast)
  library(jsonlite)
})
arguments <- commandArgs(TRUE)
cases <- fromJSON(arguments[1], simplifyDataFrame = FALSE)
path <- arguments[2]
methods <- list(
  theta = function(y, h) thetaf(y, h),
  # ets() knows no season longer than 24: there it stands for the season's decomposition and ets of the rest.
  ets = function(y, h) if (frequency(y) > 24) stlf(y, h, method = "ets") else forecast(ets(y), h),
  arima = function(y, h) forecast(auto.arima(y), h)
)
if (length(arguments) > 2) methods <- methods[strsplit(arguments[3], ",")[[1]]]
most <- list(arima = c(hourly = 14, weekly52 = 12, daily = 30, shop = 50))

done <- character(0)
if (file.exists(path)) done <- sapply(readLines(path), function(line) fromJSON(line)$key, USE.NAMES = FALSE)
Key <- function(case, method) paste(case$id, method, length(case$y), format(sum(case$y), digits = 15))
for (method in names(methods)) {
  count <- c()
  for (case in cases) {
    count[case$kind] <- sum(count[case$kind], 1, na.rm = TRUE)
    limit <- most[[method]][case$kind]
    if (length(limit) && !is.na(limit) && count[case$kind] > limit) next
    key <- Key(case, method)
    if (key %in% done) next
    y <- ts(case$y, frequency = case$periods[1])
    seconds <- system.time(made <- tryCatch(suppressWarnings(methods[[method]](y, case$horizon)), error = identity))[1:2]
    if (inherits(made, "error")) {
      message(key, ": ", conditionMessage(made))
      next
    }
    line <- list(key = unbox(key), id = unbox(case$id), method = unbox(method), seconds = unbox(sum(seconds)),
                 label = unbox(as.character(made$method)), mean = as.numeric(made$mean),
                 lower80 = as.numeric(made$lower[, 1]), upper80 = as.numeric(made$upper[, 1]),
                 lower95 = as.numeric(made$lower[, 2]), upper95 = as.numeric(made$upper[, 2]))
    cat(toJSON(line, digits = NA), "\n", sep = "", file = path, append = TRUE)
  }
}
