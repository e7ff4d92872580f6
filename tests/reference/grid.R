# More golden values of R `survey`: singletons, replicates made from a design, both centres, calibrated
# weights, unequal weights, two stages in strata. For tests/analysis/test_estimate_grid.py.
# Command: Rscript tests/reference/grid.R   (from the top of the repository; reads api_*.csv.gz)
# Writes tests/reference/grid.json.gz and tests/reference/grid_*.csv.gz.
suppressMessages(library(survey))
options(digits = 17, survey.lonely.psu = "fail", survey.replicates.mse = TRUE)
here <- "tests/reference"
load_table <- function(name) read.csv(file.path(here, paste0(name, ".csv.gz")), check.names = FALSE)
keep <- c("snum", "dnum", "stype", "sch.wide", "api00", "api99", "enroll", "api.stu", "meals", "acs.k3")
factors <- function(x) { x$stype <- factor(x$stype, levels = c("E", "H", "M")); x }

srs <- factors(load_table("api_srs")); strat <- factors(load_table("api_strat"))
clus1 <- factors(load_table("api_clus1")); clus2 <- factors(load_table("api_clus2"))
pairs <- factors(load_table("api_pairs"))

# a stratum with one school of ten; a district with one school of several
lone <- strat[, c(keep, "pw", "fpc")]
lone$h <- as.character(lone$stype); lone$h[7] <- "X"; lone$fpc[7] <- 10; lone$pw[7] <- 10
lone$fpc[lone$h == "E"] <- 4411
lone2 <- clus2[, c(keep, "fpc1", "fpc2")]
many <- names(which(table(lone2$dnum) > 1))[1:2]
drop <- unlist(lapply(many, function(d) which(lone2$dnum == d)[-1]))
lone2 <- lone2[-drop, ]
# two stages in strata: districts in two strata, schools in districts
two <- clus2[, c(keep, "fpc1", "fpc2")]
two$region <- ifelse(two$dnum %% 2 == 0, "even", "odd")
two$fpc1 <- ifelse(two$region == "even", 400, 357)
two$pw <- 2 + (two$snum %% 7)
tables <- list(grid_lone = lone, grid_lone2 = lone2, grid_two = two)

set.seed(20211215)
d <- list(); spec <- list(); file <- list()
put <- function(name, design, f, text) { d[[name]] <<- design; spec[[name]] <<- text; file[[name]] <<- f }
q <- function(x) paste0('"', x, '"', collapse = ",")
put("srs_nofpc", svydesign(id = ~1, weights = ~pw, data = srs), "api_srs", '"weight":"pw"')
put("strat_unequal", svydesign(id = ~1, strata = ~region, weights = ~pw, data = two), "grid_two", '"weight":"pw","strata":["region"]')
put("strat_clus_fpc", svydesign(id = ~dnum, strata = ~region, weights = ~pw, fpc = ~fpc1, data = two), "grid_two",
  '"weight":"pw","strata":["region"],"clusters":["dnum"],"population":["fpc1"]')
put("two_stage_strat", svydesign(id = ~dnum + snum, strata = ~region, weights = ~pw, fpc = ~fpc1 + fpc2, data = two, nest = TRUE),
  "grid_two", '"weight":"pw","strata":["region"],"clusters":["dnum","snum"],"population":["fpc1","fpc2"]')
one <- svydesign(id = ~1, strata = ~h, weights = ~pw, fpc = ~fpc, data = lone)
bare <- svydesign(id = ~1, strata = ~h, weights = ~pw, data = lone)
deep <- svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = lone2)
for (rule in c("adjust", "certainty")) {
  ours <- if (rule == "adjust") "centre" else "certainty"
  put(paste0("lone_fpc_", ours), one, "grid_lone", sprintf('"weight":"pw","strata":["h"],"population":["fpc"],"singletons":"%s"', ours))
  put(paste0("lone_nofpc_", ours), bare, "grid_lone", sprintf('"weight":"pw","strata":["h"],"singletons":"%s"', ours))
  put(paste0("lone_stage2_", ours), deep, "grid_lone2", sprintf('"clusters":["dnum","snum"],"population":["fpc1","fpc2"],"singletons":"%s"', ours))
}
# made replicates that draw nothing: with fpc, and without
c1 <- svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = clus1)
c1n <- svydesign(id = ~dnum, weights = ~pw, data = clus1)
s1 <- svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = strat)
sc <- svydesign(id = ~dnum, strata = ~region, weights = ~pw, data = two)
for (centre in c("full", "mean")) {
  m <- centre == "full"
  put(paste0("made_jk1_", centre), as.svrepdesign(c1n, type = "JK1", mse = m), "api_clus1",
    sprintf('"weight":"pw","clusters":["dnum"],"centre":"%s","create":{"method":"jk1"}', centre))
  put(paste0("made_jk1_fpc_", centre), as.svrepdesign(c1, type = "JK1", mse = m), "api_clus1",
    sprintf('"weight":"pw","clusters":["dnum"],"population":["fpc"],"centre":"%s","create":{"method":"jk1"}', centre))
  put(paste0("made_jkn_fpc_", centre), as.svrepdesign(s1, type = "JKn", mse = m), "api_strat",
    sprintf('"weight":"pw","strata":["stype"],"population":["fpc"],"centre":"%s","create":{"method":"jkn"}', centre))
  put(paste0("made_jkn_clus_", centre), as.svrepdesign(sc, type = "JKn", mse = m), "grid_two",
    sprintf('"weight":"pw","strata":["region"],"clusters":["dnum"],"centre":"%s","create":{"method":"jkn"}', centre))
}
# bootstraps of R, handed over as columns with their scales; both centres
boots <- list(
  canty = as.svrepdesign(svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = strat), type = "bootstrap", replicates = 40),
  preston = as.svrepdesign(svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = clus2), type = "mrbbootstrap", replicates = 40),
  sub = as.svrepdesign(svydesign(id = ~1, strata = ~stype, weights = ~pw, data = strat), type = "subbootstrap", replicates = 40)
)
tables$grid_strat <- strat[, c(keep, "pw", "fpc")]; tables$grid_clus2 <- clus2[, c(keep, "pw", "fpc1", "fpc2")]
home <- c(canty = "grid_strat", preston = "grid_clus2", sub = "grid_strat")
for (name in names(boots)) {
  w <- as.matrix(weights(boots[[name]], "analysis")); colnames(w) <- paste0(name, "_", seq_len(ncol(w)))
  if (name == "preston") tables[[home[name]]]$pw <- weights(boots[[name]], "sampling")
  tables[[home[name]]] <- cbind(tables[[home[name]]], w)
  scale <- boots[[name]]$scale * boots[[name]]$rscales[1]
  for (centre in c("full", "mean")) {
    b <- boots[[name]]; b$mse <- centre == "full"; b$degf <- NULL
    put(paste0("boot_", name, "_", centre), b, home[name],
      sprintf('"weight":"pw","replicates":["%s_*"],"method":"bootstrap","scale":%.17g,"centre":"%s"', name, scale, centre))
  }
}
for (name in names(tables)) {
  x <- tables[[name]]
  for (i in grep("_[0-9]+$", names(x))) x[[i]] <- as.numeric(sprintf("%.17g", x[[i]]))
  con <- gzfile(file.path(here, paste0(name, ".csv.gz")), "w")
  options(digits = 17); write.csv(x, con, row.names = FALSE, na = ""); close(con)
}

num <- function(x) ifelse(is.finite(x), sprintf("%.17g", x), "null")
cases <- character()
add <- function(of, stat, value, se, low, high, df, deff = NaN, over = "", by = "", group = "", option = "") {
  cases <<- c(cases, sprintf(
    '{"of":"%s","stat":"%s","over":"%s","by":"%s","group":"%s","option":"%s","where":"","estimate":%s,"se":%s,"low":%s,"high":%s,"df":%s,"deff":%s}',
    of, stat, over, by, group, option, num(value), num(se), num(low), num(high), num(df), num(deff)))
}
simple <- function(x, s, of, stat, ...) {
  ci <- if (degf(x) > 0) as.numeric(confint(s, df = degf(x))) else c(NaN, NaN)
  add(of, stat, as.numeric(coef(s))[1], as.numeric(SE(s))[1], ci[1], ci[2], degf(x), ...)
}
answered <- function(x, of) x[!is.na(x$variables[[of]]), ]
describe <- function(x, ...) {
  for (of in c("api00", "enroll", "acs.k3")) {
    sub <- answered(x, of)
    if (sum(weights(sub, "sampling") != 0) < 5) next
    f <- as.formula(paste0("~", of))
    simple(sub, svymean(f, sub), of, "mean", ...)
    simple(sub, svytotal(f, sub), of, "total", ...)
  }
  sub <- answered(answered(x, "enroll"), "api.stu")
  simple(sub, svyratio(~api.stu, ~enroll, sub), "api.stu", "ratio", over = "enroll", ...)
  p <- svyciprop(~I(sch.wide == "Yes"), x, method = "beta")
  add("sch.wide", "share", as.numeric(p), sqrt(as.numeric(attr(p, "var"))), attr(p, "ci")[1], attr(p, "ci")[2], degf(x), option = "Yes", ...)
  for (k in c(0.25, 0.5, 0.9)) {
    s <- svyquantile(~api00, x, k, qrule = "math", interval.type = "mean")[[1]]
    add("api00", "quantile", s[1, 1], s[1, 4], s[1, 2], s[1, 3], degf(x), option = as.character(k), ...)
  }
}
# api00 at 0.9 in the designs of estimates.R that it leaves out
ninety <- list(srs_fpc = list(svydesign(id = ~1, fpc = ~fpc, data = srs), "api_srs", '"population":["fpc"]'),
  strat_fpc = list(s1, "api_strat", '"weight":"pw","strata":["stype"],"population":["fpc"]'),
  clus2_fpc = list(svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = clus2), "api_clus2", '"clusters":["dnum","snum"],"population":["fpc1","fpc2"]'))
for (name in names(ninety)) put(paste0("again_", name), ninety[[name]][[1]], ninety[[name]][[2]], ninety[[name]][[3]])

out <- character()
for (name in names(d)) {
  options(survey.lonely.psu = if (grepl("centre$", name)) "adjust" else if (grepl("certainty$", name)) "certainty" else "fail")
  cases <- character()
  x <- d[[name]]
  describe(x)
  for (type in c("E", "H", "M")) describe(subset(x, stype == type), by = "stype", group = type)
  out <- c(out, sprintf('"%s":{"file":"%s","design":{%s},\n"cases":[\n%s\n]}', name, file[[name]], spec[[name]], paste(cases, collapse = ",\n")))
}
meta <- sprintf('"made_by":{"command":"Rscript tests/reference/grid.R","R":"%s","survey":"%s","date":"%s"}',
  R.version.string, packageVersion("survey"), Sys.Date())
con <- gzfile(file.path(here, "grid.json.gz"), "w")
writeLines(sprintf("{%s,\n%s}", meta, paste(out, collapse = ",\n")), con); close(con)
