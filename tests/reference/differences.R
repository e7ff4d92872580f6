# Golden values of R `survey` for tests/analysis/test_between_groups.py: differences of groups by svyby and svycontrast.
# Command: Rscript tests/reference/differences.R   (from the top of the repository; reads tests/reference/api_*.csv.gz)
# Writes tests/reference/differences.json.
suppressMessages(library(survey))
options(digits = 17, survey.lonely.psu = "fail", survey.replicates.mse = TRUE)
here <- "tests/reference"
read <- function(name) {
  d <- read.csv(gzfile(file.path(here, paste0(name, ".csv.gz"))))
  d$yes <- as.integer(d$sch.wide == "Yes")
  d$poor <- as.integer(d$meals > 60)
  d
}
data <- list(); for (n in c("api_srs", "api_strat", "api_clus1", "api_clus2", "api_pairs")) data[[n]] <- read(n)
rep_of <- function(file, name, type, ...) svrepdesign(
  data = data[[file]], weights = ~pw, repweights = paste0(name, "_[0-9]+"), type = type, combined.weights = TRUE, mse = TRUE, ...)
designs <- list(
  srs_fpc = svydesign(id = ~1, fpc = ~fpc, data = data$api_srs),
  strat_fpc = svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = data$api_strat),
  clus1_fpc = svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = data$api_clus1),
  clus1_nofpc = svydesign(id = ~dnum, weights = ~pw, data = data$api_clus1),
  clus2_fpc = svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = data$api_clus2),
  jk1 = rep_of("api_clus1", "jk1", "JK1", scale = 14 / 15),
  fay = rep_of("api_pairs", "fay", "Fay", rho = 0.3),
  bootstrap = rep_of("api_clus1", "bootstrap", "bootstrap", scale = 1 / 39, rscales = rep(1, 40))
)
cases <- character()
for (name in names(designs)) for (of in c("api00", "yes")) {
  d <- designs[[name]]
  f <- as.formula(paste0("~", of))
  add <- function(by, group, contrast) {
    m <- svyby(f, as.formula(paste0("~", by)), d, svymean, covmat = TRUE)
    s <- svycontrast(m, contrast)
    cases <<- c(cases, sprintf('{"design":"%s","of":"%s","by":"%s","group":"%s","estimate":%.17g,"se":%.17g}',
      name, of, by, group, as.numeric(coef(s)), as.numeric(SE(s))))
  }
  add("poor", "0:1", c("0" = 1, "1" = -1))
  add("stype", "E:H", c(E = 1, H = -1))
  add("stype", "H:M", c(H = 1, M = -1))
}
meta <- sprintf('"made_by":{"command":"Rscript tests/reference/differences.R","R":"%s","survey":"%s","date":"%s"}',
  R.version.string, packageVersion("survey"), Sys.Date())
writeLines(sprintf("{%s,\n\"cases\":[\n%s\n]}", meta, paste(cases, collapse = ",\n")), file.path(here, "differences.json"))
