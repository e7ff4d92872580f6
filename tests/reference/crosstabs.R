# Golden values of R `survey` for tests/analysis/test_crosstabs.py: svychisq over the grid of designs.
# Command: Rscript tests/reference/crosstabs.R   (from the top of the repository; reads tests/reference/api_*.csv.gz)
# Writes tests/reference/crosstabs.json.
suppressMessages(library(survey))
options(digits = 17, survey.lonely.psu = "fail", survey.replicates.mse = TRUE)
here <- "tests/reference"
read <- function(name) {
  d <- read.csv(gzfile(file.path(here, paste0(name, ".csv.gz"))))
  d$poor <- as.integer(d$meals > 60)
  d$size <- as.integer(cut(d$enroll, c(-Inf, 300, 600, 1000, Inf)))
  d
}
data <- list(); for (n in c("api_srs", "api_strat", "api_clus1", "api_clus2", "api_pairs")) data[[n]] <- read(n)
rep_of <- function(file, name, type, ...) svrepdesign(
  data = data[[file]], weights = ~pw, repweights = paste0(name, "_[0-9]+"), type = type, combined.weights = TRUE, mse = TRUE, ...)
old <- paste(readLines(file.path(here, "estimates.json")), collapse = "")
rs <- regmatches(old, regexpr('"jkn_\\*"[^}]*"rscales":\\[[^]]*\\]', old))
rs <- as.numeric(strsplit(sub(".*\\[", "", sub("\\]$", "", rs)), ",")[[1]])
strat <- svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = data$api_strat)
designs <- list(
  srs_fpc = svydesign(id = ~1, fpc = ~fpc, data = data$api_srs),
  strat_fpc = strat,
  strat_nofpc = svydesign(id = ~1, strata = ~stype, weights = ~pw, data = data$api_strat),
  clus1_fpc = svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = data$api_clus1),
  clus1_nofpc = svydesign(id = ~dnum, weights = ~pw, data = data$api_clus1),
  clus2_fpc = svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = data$api_clus2),
  jk1 = rep_of("api_clus1", "jk1", "JK1", scale = 14 / 15),
  jkn = rep_of("api_strat", "jkn", "JKn", scale = 1, rscales = rs),
  fay = rep_of("api_pairs", "fay", "Fay", rho = 0.3),
  brr = rep_of("api_pairs", "brr", "BRR"),
  bootstrap = rep_of("api_clus1", "bootstrap", "bootstrap", scale = 1 / 39, rscales = rep(1, 40))
)
num <- function(x) ifelse(is.finite(x), sprintf("%.17g", x), "null")
cases <- character()
for (name in names(designs)) for (pair in list(c("sch.wide", "stype"), c("size", "stype"), c("poor", "sch.wide"), c("size", "poor")))
  for (where in c("", "api00 > 550")) {
    d <- designs[[name]]
    if (where != "") d <- subset(d, api00 > 550)
    d <- d[!is.na(d$variables[[pair[1]]]), ] # degrees of freedom of the firms that answered, as degf() counts them
    f <- as.formula(paste0("~", pair[1], "+", pair[2]))
    second <- try(svychisq(f, d, statistic = "F"), silent = TRUE)
    first <- try(svychisq(f, d, statistic = "Chisq"), silent = TRUE)
    if (inherits(second, "try-error") || inherits(first, "try-error")) { message(name, " ", pair, " ", where, ": ", second); next }
    cases <- c(cases, sprintf(
      '{"design":"%s","row":"%s","column":"%s","where":"%s","f":%s,"df":%s,"below":%s,"p":%s,"x2":%s,"cells":%s,"p_first":%s}',
      name, pair[1], pair[2], where, num(second$statistic), num(second$parameter[1]), num(second$parameter[2]),
      num(second$p.value), num(first$statistic), num(first$parameter), num(first$p.value)))
  }
meta <- sprintf('"made_by":{"command":"Rscript tests/reference/crosstabs.R","R":"%s","survey":"%s","date":"%s"}',
  R.version.string, packageVersion("survey"), Sys.Date())
writeLines(sprintf("{%s,\n\"cases\":[\n%s\n]}", meta, paste(cases, collapse = ",\n")), file.path(here, "crosstabs.json"))
