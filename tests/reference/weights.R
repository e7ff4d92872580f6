# Golden values of R `survey` for tests/survey/test_weights_golden.py and tests/analysis/test_calibrated.py.
# Command: Rscript tests/reference/weights.R   (from the top of the repository)
# Reads tests/reference/api_*.csv.gz (written by estimates.R) and writes tests/reference/weights.json.
suppressMessages(library(survey))
options(digits = 17, survey.lonely.psu = "fail", survey.replicates.mse = TRUE)
data(api)
here <- "tests/reference"
table_of <- function(name) read.csv(file.path(here, paste0(name, ".csv.gz")), check.names = FALSE)
strat <- svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = table_of("api_strat"))
clus1 <- svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = table_of("api_clus1"))
clus2 <- svydesign(id = ~dnum + snum, weights = ~pw, fpc = ~fpc1 + fpc2, data = table_of("api_clus2"))
jack <- table_of("api_clus1")
jk1 <- svrepdesign(weights = ~pw, repweights = "jk1_[0-9]+", type = "JK1", data = jack,
  scale = (15 - 1) / 15, rscales = rep(1, 15), mse = TRUE, combined.weights = TRUE)

freq <- function(...) {
  t <- as.data.frame(table(apipop[, c(...), drop = FALSE]))
  names(t) <- c(c(...), "Freq")
  t
}
types <- freq("stype")
wide <- freq("sch.wide")
both <- freq("stype", "sch.wide")
api99 <- sum(apipop$api99)
num <- function(x) ifelse(is.finite(x), sprintf("%.17g", x), "null")
list_of <- function(x) paste0("[", paste(num(as.numeric(x)), collapse = ","), "]")
pairs_of <- function(t) paste0("{", paste(sprintf('"%s":%s',
  apply(t[, names(t) != "Freq", drop = FALSE], 1, function(r) paste(trimws(r), collapse = "*")), num(t$Freq)), collapse = ","), "}")
stat <- function(of, what, group, s) sprintf('{"of":"%s","stat":"%s","group":"%s","estimate":%s,"se":%s}',
  of, what, group, num(as.numeric(coef(s))[1]), num(as.numeric(SE(s))[1]))
whole <- function(name, file, design, method, d) {
  rows <- c(
    stat("api00", "mean", "", svymean(~api00, d)), stat("api00", "total", "", svytotal(~api00, d)),
    stat("meals", "mean", "", svymean(~meals, d)), stat("meals", "total", "", svytotal(~meals, d)),
    stat("api00", "ratio", "", svyratio(~api00, ~meals, d)))
  for (type in c("E", "H", "M")) {
    sub <- subset(d, stype == type)
    rows <- c(rows, stat("api00", "mean", type, svymean(~api00, sub)), stat("api00", "total", type, svytotal(~api00, sub)))
  }
  sprintf('"%s":{"file":"%s","design":{%s},"method":"%s","weights":%s,\n"cases":[%s]}', name, file, design, method,
    list_of(weights(d, "sampling")), paste(rows, collapse = ",\n"))
}
control <- list(maxit = 500, epsilon = 1e-15, verbose = FALSE)
raked <- function(d) rake(d, list(~stype, ~sch.wide), list(types, wide), control = control)
post <- function(d) postStratify(d, ~stype + sch.wide, both)
totals <- c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018, sch.wideYes = wide$Freq[wide$sch.wide == "Yes"])
stopifnot(types$Freq[types$stype == "H"] == 755, types$Freq[types$stype == "M"] == 1018)
greg <- function(d) calibrate(d, ~stype + sch.wide + api99, c(totals, api99 = api99))
dual <- function(d) calibrate(d, ~stype + sch.wide, totals, calfun = "raking", epsilon = 1e-13, maxit = 200)
held <- function(d) calibrate(d, ~stype + sch.wide, totals, calfun = "logit", bounds = c(0.5, 2), epsilon = 1e-13, maxit = 200)
specs <- list(
  strat = list(strat, "api_strat", '"weight":"pw","strata":["stype"],"population":["fpc"]'),
  clus1 = list(clus1, "api_clus1", '"weight":"pw","clusters":["dnum"],"population":["fpc"]'),
  clus2 = list(clus2, "api_clus2", '"weight":"pw","clusters":["dnum","snum"],"population":["fpc1","fpc2"]'),
  jk1 = list(jk1, "api_clus1", '"weight":"pw","replicates":["jk1_*"],"method":"jk1"'))
out <- character()
for (name in names(specs)) {
  s <- specs[[name]]
  ways <- list(rake = raked, `post-stratification` = post)
  if (name != "jk1") ways <- c(ways, list(linear = greg, raking = dual, bounded = held))
  for (way in names(ways)) {
    d <- tryCatch(ways[[way]](s[[1]]), error = function(e) { message(name, " ", way, ": ", conditionMessage(e)); NULL })
    if (!is.null(d)) out <- c(out, whole(paste(name, way), s[[2]], s[[3]], way, d))
  }
}
# response propensity: who of the population of 200 schools would answer, by two numbers
schools <- table_of("api_srs")
fit <- glm(I(sch.wide == "Yes") ~ meals + api99, binomial, data = schools, epsilon = 1e-14, maxit = 100)
made <- sprintf('"made_by":"Rscript tests/reference/weights.R; %s; survey %s; %s"', R.version.string,
  packageVersion("survey"), format(Sys.Date()))
margins <- sprintf('"margins":{"stype":%s,"sch.wide":%s,"stype*sch.wide":%s,"api99":%s}', pairs_of(types), pairs_of(wide),
  pairs_of(both), num(api99))
writeLines(paste0("{", paste(c(made, margins, sprintf('"propensity":%s', list_of(fitted(fit))), out), collapse = ",\n"), "}"),
  file.path(here, "weights.json"))
