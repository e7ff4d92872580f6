# Shares, quantiles, means and totals under weights calibrated to stype, linearised and by replicates that
# go through the calibration. For tests/analysis/test_calibrated_grid.py.
# Command: Rscript tests/reference/calibrated.R   (from the top of the repository; reads api_*.csv.gz)
# Writes tests/reference/calibrated.json.
suppressMessages(library(survey))
options(digits = 17, survey.replicates.mse = TRUE)
here <- "tests/reference"
load_table <- function(name) { x <- read.csv(file.path(here, paste0(name, ".csv.gz")), check.names = FALSE); x$stype <- factor(x$stype, levels = c("E", "H", "M")); x }
strat <- load_table("api_strat"); clus1 <- load_table("api_clus1"); clus2 <- load_table("api_clus2")
clus2$pw <- 757 / 40 * as.numeric(clus2$fpc2) / ave(clus2$snum, clus2$dnum, FUN = length)
srs <- load_table("api_srs")
pop <- data.frame(stype = factor(c("E", "H", "M")), Freq = c(4421, 755, 1018))
d <- list(
  srs = list(svydesign(id = ~1, fpc = ~fpc, data = srs), "api_srs", '"population":["fpc"]'),
  clus1 = list(svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = clus1), "api_clus1", '"weight":"pw","clusters":["dnum"],"population":["fpc"]'),
  clus2 = list(svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = clus2), "api_clus2", '"clusters":["dnum","snum"],"population":["fpc1","fpc2"]'),
  srs_jk1 = list(as.svrepdesign(svydesign(id = ~1, fpc = ~fpc, data = srs), type = "JK1"), "api_srs", '"population":["fpc"],"create":{"method":"jk1"}'),
  clus1_jk1 = list(as.svrepdesign(svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = clus1), type = "JK1"), "api_clus1",
    '"weight":"pw","clusters":["dnum"],"population":["fpc"],"create":{"method":"jk1"}')
)
num <- function(x) ifelse(is.finite(x), sprintf("%.17g", x), "null")
cases <- character()
add <- function(of, stat, value, se, low, high, option = "") cases <<- c(cases, sprintf(
  '{"of":"%s","stat":"%s","over":"%s","by":"","group":"","option":"%s","where":"","estimate":%s,"se":%s,"low":%s,"high":%s}',
  of, stat, if (stat == "ratio") "enroll" else "", option, num(value), num(se), num(low), num(high)))
out <- character()
for (name in names(d)) {
  cases <- character()
  x <- postStratify(d[[name]][[1]], ~stype, pop)
  nu <- degf(x)
  p <- svyciprop(~I(sch.wide == "Yes"), x, method = "beta")
  add("sch.wide", "share", as.numeric(p), sqrt(as.numeric(attr(p, "var"))), attr(p, "ci")[1], attr(p, "ci")[2], "Yes")
  for (of in c("api00", "meals")) {
    f <- as.formula(paste0("~", of))
    s <- svymean(f, x); ci <- confint(s, df = nu); add(of, "mean", coef(s), SE(s), ci[1], ci[2])
    s <- svytotal(f, x); ci <- confint(s, df = nu); add(of, "total", coef(s), SE(s), ci[1], ci[2])
  }
  for (k in c(0.25, 0.5, 0.777)) {
    s <- svyquantile(~api00, x, k, qrule = "math", interval.type = "mean")[[1]]
    add("api00", "quantile", s[1, 1], s[1, 4], s[1, 2], s[1, 3], as.character(k))
  }
  out <- c(out, sprintf('"%s":{"file":"%s","design":{%s},\n"cases":[\n%s\n]}', name, d[[name]][[2]], d[[name]][[3]], paste(cases, collapse = ",\n")))
}
meta <- sprintf('"made_by":{"command":"Rscript tests/reference/calibrated.R","R":"%s","survey":"%s","date":"%s"}', R.version.string, packageVersion("survey"), Sys.Date())
writeLines(sprintf("{%s,\n%s}", meta, paste(out, collapse = ",\n")), file.path(here, "calibrated.json"))
