# Writes series.json: the classic series that the tests of the time series functions run on, from R's datasets.
#   Rscript test/data/series.R > test/data/series.json
suppressPackageStartupMessages(library(jsonlite))
names <- c("AirPassengers", "nottem", "co2", "USAccDeaths", "UKgas", "Nile", "lynx", "LakeHuron", "WWWusage")
one <- function(name) {
  y <- get(name, envir = as.environment("package:datasets"))
  list(name = name, frequency = frequency(y), start = start(y)[1], values = as.numeric(y))
}
cat(toJSON(list(versions = list(R = as.character(getRversion())), series = lapply(names, one)),
           auto_unbox = TRUE, digits = NA), "\n")
