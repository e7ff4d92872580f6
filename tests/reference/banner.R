# Golden values of R `survey` for tests/analysis/test_columntests.py.
# Command: Rscript tests/reference/banner.R   (from the top of the repository)
# Reads tests/reference/api_*.csv.gz, writes tests/reference/banner.json.
# Tests of columns ask about more than these firms, so the designs have no fpc.
suppressMessages(library(survey))
options(digits = 17, survey.lonely.psu = "fail", survey.replicates.mse = TRUE)
here <- "tests/reference"
read <- function(name) read.csv(gzfile(file.path(here, paste0(name, ".csv.gz"))), check.names = FALSE)
band <- function(t) {
  t$level <- cut(t$api00, c(0, 550, 650, 750, 1000), labels = c("1", "2", "3", "4"))
  t$rare <- as.integer(t$meals > 95)
  t$all <- as.integer(t$stype == "E")
  t
}
srs <- band(read("api_srs")); strat <- band(read("api_strat"))
clus1 <- band(read("api_clus1")); clus2 <- band(read("api_clus2"))
designs <- list(
  srs = svydesign(id = ~1, weights = ~pw, data = srs),
  strat = svydesign(id = ~1, strata = ~stype, weights = ~pw, data = strat),
  clus1 = svydesign(id = ~dnum, weights = ~pw, data = clus1),
  clus2 = svydesign(id = ~dnum, weights = ~pw, data = clus2)
)
cases <- list()
num <- function(x) ifelse(is.finite(x), sprintf("%.17g", x), "null")
for (name in names(designs)) {
  d <- designs[[name]]
  for (by in c("stype", "sch.wide", "level")) {
    groups <- sort(unique(as.character(d$variables[[by]])))
    for (i in seq_along(groups)) for (j in seq_along(groups)) if (i < j) {
      keep <- as.character(d$variables[[by]]) %in% c(groups[i], groups[j])
      s <- subset(d, keep)
      s$variables$g <- factor(as.character(s$variables[[by]]))
      for (q in c("sch.wide", "level", "rare")) if (q != by) {
        for (option in sort(unique(as.character(d$variables[[q]])))) {
          s$variables$y <- as.integer(as.character(s$variables[[q]]) == option)
          cell <- table(s$variables$g, s$variables$y)
          if (ncol(cell) < 2) next
          test <- tryCatch(svychisq(~g + y, s, statistic = "F"), error = function(e) NULL)
          if (is.null(test)) next
          kind <- if (any(cell == 0)) "empty cell" else "share"
          cases[[length(cases) + 1]] <- sprintf(
            '{"design":"%s","question":"%s","option":"%s","by":"%s","group":"%s","other":"%s","kind":"%s","statistic":%s,"df":%s,"p":%s}',
            name, q, option, by, groups[i], groups[j], kind, num(test$statistic), num(test$parameter[2]), num(test$p.value))
        }
      }
      test <- svyttest(enroll ~ g, s)
      cases[[length(cases) + 1]] <- sprintf(
        '{"design":"%s","question":"enroll","option":"","by":"%s","group":"%s","other":"%s","kind":"mean","statistic":%s,"df":%s,"p":%s}',
        name, by, groups[i], groups[j], num(test$statistic), num(test$parameter), num(test$p.value))
    }
  }
}
# two answers of the same schools: difference of their shares, and in srs McNemar's test
for (name in names(designs)) {
  d <- update(designs[[name]], a = as.integer(sch.wide == "Yes"), b = as.integer(meals > 50))
  test <- svycontrast(svymean(~a + b, d), c(a = 1, b = -1))
  m <- mcnemar.test(table(factor(d$variables$a), factor(d$variables$b)), correct = FALSE)
  cases[[length(cases) + 1]] <- sprintf(
    '{"design":"%s","question":"ab","option":"a","by":"","group":"","other":"b","kind":"options","statistic":%s,"df":%s,"p":%s,"se":%s}',
    name, num(coef(test)), num(degf(d)), num(m$statistic), num(SE(test)))
}
# differences of groups under jackknife weights of a file, with the covariance of the groups
weights1 <- grep("^jk1_", names(clus1))
jack <- svrepdesign(data = clus1, weights = ~pw, repweights = clus1[, weights1], type = "JK1",
  scale = (length(weights1) - 1) / length(weights1), rscales = rep(1, length(weights1)), combined.weights = TRUE, mse = TRUE)
for (q in c("enroll", "rare")) {
  found <- svyby(as.formula(paste0("~", q)), ~stype, jack, svymean, covmat = TRUE)
  value <- coef(found); v <- vcov(found)
  for (i in 1:2) for (j in (i + 1):3)
    cases[[length(cases) + 1]] <- sprintf(
      '{"design":"jk1","question":"%s","option":"%s","by":"stype","group":"%s","other":"%s","kind":"replicates","statistic":%s,"df":null,"p":null,"se":%s}',
      q, if (q == "rare") "1" else "", names(value)[i], names(value)[j], num(value[i] - value[j]), num(sqrt(v[i, i] + v[j, j] - 2 * v[i, j])))
}
head <- sprintf('{"made_by":"Rscript tests/reference/banner.R","R":"%s","survey":"%s","date":"%s","cases":[',
  getRversion(), packageVersion("survey"), Sys.Date())
writeLines(c(head, paste(unlist(cases), collapse = ",\n"), "]}"), file.path(here, "banner.json"))
