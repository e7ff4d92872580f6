# Golden values of R `survey` for tests/analysis/test_estimate_golden.py.
# Command: Rscript tests/reference/estimates.R   (from the top of the repository)
# Writes tests/reference/estimates.json and tests/reference/api_*.csv.gz.
suppressMessages(library(survey))
options(digits = 17, survey.lonely.psu = "fail", survey.replicates.mse = TRUE)
data(api)
here <- "tests/reference"

keep <- c("snum", "dnum", "stype", "sch.wide", "api00", "api99", "enroll", "api.stu", "meals", "acs.k3")
tables <- list(
  api_srs = apisrs[, c(keep, "pw", "fpc")],
  api_strat = apistrat[, c(keep, "pw", "fpc")],
  api_clus1 = apiclus1[, c(keep, "pw", "fpc")],
  api_clus2 = apiclus2[, c(keep, "pw", "fpc1", "fpc2")]
)
tables$api_clus2$fpc2 <- as.numeric(tables$api_clus2$fpc2)
# thirty pairs: two schools a stratum, for balanced replicates
pairs <- apisrs[order(apisrs$snum), keep][1:60, ]
pairs$pair <- rep(1:30, each = 2)
pairs$pw <- 6194 / 60
tables$api_pairs <- pairs

srs <- svydesign(id = ~1, fpc = ~fpc, data = tables$api_srs)
strat <- svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = tables$api_strat)
clus1 <- svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = tables$api_clus1)
clus2 <- svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = tables$api_clus2)
clus1nofpc <- svydesign(id = ~dnum, weights = ~pw, data = tables$api_clus1)
stratnofpc <- svydesign(id = ~1, strata = ~stype, weights = ~pw, data = tables$api_strat)
paired <- svydesign(id = ~1, strata = ~pair, weights = ~pw, data = tables$api_pairs)
set.seed(20211215)
replicated <- list(
  jk1 = list(design = as.svrepdesign(clus1nofpc, type = "JK1"), file = "api_clus1", method = "jk1", rho = 0),
  jkn = list(design = as.svrepdesign(strat, type = "JKn"), file = "api_strat", method = "jkn", rho = 0),
  fay = list(design = as.svrepdesign(paired, type = "Fay", fay.rho = 0.3), file = "api_pairs", method = "fay", rho = 0.3),
  brr = list(design = as.svrepdesign(paired, type = "BRR"), file = "api_pairs", method = "brr", rho = 0),
  bootstrap = list(design = as.svrepdesign(clus1nofpc, type = "subbootstrap", replicates = 40),
    file = "api_clus1", method = "bootstrap", rho = 0)
)
for (name in names(replicated)) {
  w <- weights(replicated[[name]]$design, "analysis")
  colnames(w) <- paste0(name, "_", seq_len(ncol(w)))
  file <- replicated[[name]]$file
  tables[[file]] <- cbind(tables[[file]], w)
}
for (name in names(tables)) {
  con <- gzfile(file.path(here, paste0(name, ".csv.gz")), "w")
  write.csv(tables[[name]], con, row.names = FALSE, na = "")
  close(con)
}

num <- function(x) ifelse(is.finite(x), sprintf("%.17g", x), "null")
cases <- character()
add <- function(of, stat, value, se, low, high, df, deff = NaN, over = "", by = "", group = "", option = "", where = "") {
  cases <<- c(cases, sprintf(
    '{"of":"%s","stat":"%s","over":"%s","by":"%s","group":"%s","option":"%s","where":"%s","estimate":%s,"se":%s,"low":%s,"high":%s,"df":%s,"deff":%s}',
    of, stat, over, by, group, option, where, num(value), num(se), num(low), num(high), num(df), num(deff)))
}
simple <- function(d, s, of, stat, deff = NaN, ...) {
  ci <- as.numeric(confint(s, df = degf(d)))
  add(of, stat, as.numeric(coef(s))[1], as.numeric(SE(s))[1], ci[1], ci[2], degf(d), deff, ...)
}
answered <- function(d, of) d[!is.na(d$variables[[of]]), ]

describe <- function(d, ...) {
  for (of in c("api00", "enroll", "acs.k3")) {
    sub <- answered(d, of)
    if (sum(weights(sub, "sampling") != 0) < 5) next
    f <- as.formula(paste0("~", of))
    m <- svymean(f, sub, deff = "replace")
    simple(sub, m, of, "mean", as.numeric(deff(m)), ...)
    simple(sub, svytotal(f, sub), of, "total", ...)
  }
  sub <- answered(answered(d, "enroll"), "api.stu")
  r <- svyratio(~api.stu, ~enroll, sub)
  simple(sub, r, "api.stu", "ratio", over = "enroll", ...)
  p <- svyciprop(~I(sch.wide == "Yes"), d, method = "beta")
  m <- svymean(~I(as.numeric(sch.wide == "Yes")), d, deff = "replace")
  add("sch.wide", "share", as.numeric(p), sqrt(as.numeric(attr(p, "var"))), attr(p, "ci")[1], attr(p, "ci")[2],
    degf(d), as.numeric(deff(m)), option = "Yes", ...)
  for (q in c(0.25, 0.5, 0.777)) {
    s <- svyquantile(~api00, d, q, qrule = "math", interval.type = "mean")[[1]]
    add("api00", "quantile", s[1, 1], s[1, 4], s[1, 2], s[1, 3], degf(d), option = as.character(q), ...)
  }
}
whole <- function(name, d, spec) {
  cases <<- character()
  describe(d)
  n <- svytotal(~rep(1, nrow(d)), d)
  for (type in levels(d$variables$stype)) describe(subset(d, stype == type), by = "stype", group = type)
  for (type in levels(d$variables$stype)) {
    sub <- subset(d, stype == type)
    d2 <- update(d, inside = as.numeric(stype == type))
    simple(sub, svytotal(~inside, d2), "", "total", by = "stype", group = type)
  }
  poor <- subset(d, meals > 90)
  simple(poor, svymean(~api00, poor), "api00", "mean", where = "meals > 90")
  few <- subset(d, dnum == d$variables$dnum[1])
  m <- svymean(~api00, few)
  ci <- if (degf(few) > 0) as.numeric(confint(m, df = degf(few))) else c(NaN, NaN)
  add("api00", "mean", coef(m), SE(m), ci[1], ci[2], degf(few), where = paste("dnum ==", d$variables$dnum[1]))
  sprintf('"%s":{%s,\n"cases":[\n%s\n]}', name, spec, paste(cases, collapse = ",\n"))
}
taylor <- function(file, spec) sprintf('"file":"%s","design":{%s}', file, spec)
out <- c(
  whole("srs_fpc", srs, taylor("api_srs", '"population":["fpc"]')),
  whole("strat_fpc", strat, taylor("api_strat", '"weight":"pw","strata":["stype"],"population":["fpc"]')),
  whole("strat_nofpc", stratnofpc, taylor("api_strat", '"weight":"pw","strata":["stype"]')),
  whole("clus1_fpc", clus1, taylor("api_clus1", '"weight":"pw","clusters":["dnum"],"population":["fpc"]')),
  whole("clus1_nofpc", clus1nofpc, taylor("api_clus1", '"weight":"pw","clusters":["dnum"]')),
  whole("clus2_fpc", clus2, taylor("api_clus2", '"clusters":["dnum","snum"],"population":["fpc1","fpc2"]'))
)
for (name in names(replicated)) {
  r <- replicated[[name]]
  r$design$degf <- NULL
  spec <- sprintf('"weight":"pw","replicates":["%s_*"],"method":"%s","rho":%g', name, r$method, r$rho)
  # jkn carries its scales; bootstrap and jk1 have their own
  if (name == "jkn") {
    rs <- r$design$rscales * r$design$scale
    spec <- sprintf('%s,"rscales":[%s]', spec, paste(num(rs), collapse = ","))
  }
  out <- c(out, whole(name, r$design, taylor(r$file, spec)))
}
meta <- sprintf('"made_by":{"command":"Rscript tests/reference/estimates.R","R":"%s","survey":"%s","date":"%s"}',
  R.version.string, packageVersion("survey"), Sys.Date())
writeLines(sprintf("{%s,\n%s}", meta, paste(out, collapse = ",\n")), file.path(here, "estimates.json"))
