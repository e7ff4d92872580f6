# R's own examples of svyglm, svyolr and regTermTest (help pages of package survey), for tests/analysis/test_models_examples.py.
# Command: Rscript tests/reference/models_examples.R   (from the top of the repository)
# Writes tests/reference/models_examples.json and models_examples.csv.gz (column `sample` tells the three samples apart).
suppressMessages({library(survey); library(jsonlite)})
options(digits = 17, survey.replicates.mse = TRUE)
data(api)
here <- "tests/reference"
keep <- c("snum", "dnum", "stype", "sch.wide", "api00", "api99", "ell", "meals", "mobility", "avg.ed", "pw")
parts <- list(
  strat = cbind(apistrat[, c(keep, "fpc")], fpc2 = NA),
  clus1 = cbind(apiclus1[, c(keep, "fpc")], fpc2 = NA),
  clus2 = setNames(apiclus2[, c(keep, "fpc1", "fpc2")], c(keep, "fpc", "fpc2"))
)
parts <- lapply(parts, function(d) { d$fpc2 <- as.numeric(d$fpc2); d })
table <- do.call(rbind, lapply(names(parts), function(n) cbind(sample = n, parts[[n]])))
con <- gzfile(file.path(here, "models_examples.csv.gz"), "w")
write.csv(table, con, row.names = FALSE, na = ""); close(con)

dstrat <- svydesign(id = ~1, strata = ~stype, weights = ~pw, data = apistrat, fpc = ~fpc)
dclus2 <- svydesign(id = ~dnum + snum, weights = ~pw, data = apiclus2)
dclus1 <- svydesign(id = ~dnum, weights = ~pw, data = apiclus1, fpc = ~fpc)
tight <- glm.control(epsilon = 1e-15, maxit = 100)
out <- list()
note <- function(name, sample, family, of, on, m, test = NULL, target = "firms") {
  out[[length(out) + 1]] <<- list(name = name, sample = sample, family = family, of = of, on = on, target = target,
    estimate = unname(coef(m)), se = unname(SE(m)), df = m$df.residual,
    test = if (is.null(test)) NULL else list(F = as.numeric(test$Ftest), p = as.numeric(test$p)))
}
three <- c("ell", "meals", "mobility")
m <- svyglm(api00 ~ ell + meals + mobility, design = dstrat, control = tight)
note("svyglm, dstrat", "strat", "gaussian", "api00", three, m, regTermTest(m, ~ell))
m <- svyglm(api00 ~ ell + meals + mobility, design = dclus2, control = tight)
note("svyglm, dclus2", "clus2", "gaussian", "api00", three, m, regTermTest(m, ~ell), "mechanism")
m <- svyglm(I(sch.wide == "Yes") ~ ell + meals + mobility, design = dstrat, family = quasibinomial(), control = tight)
note("svyglm, logit, dstrat", "strat", "logit", "sch.wide", three, m, regTermTest(m, ~ell))
m <- svyglm(api00 ~ api99 + stype, design = dclus2, control = tight)
note("regTermTest, stype", "clus2", "gaussian", "api00", c("stype", "api99"), svyglm(api00 ~ stype + api99, dclus2, control = tight),
  regTermTest(m, ~stype), "mechanism")
dclus1 <- update(dclus1, mealcat = cut(meals, c(0, 25, 50, 75, 100)))
m <- svyolr(mealcat ~ avg.ed + mobility + stype, design = dclus1, control = list(reltol = 1e-15, maxit = 1000))
out[[length(out) + 1]] <- list(name = "svyolr, dclus1", sample = "clus1", family = "proportional_odds", of = "mealcat",
  on = c("avg.ed", "mobility", "stype"), target = "firms", estimate = unname(c(m$coefficients, m$zeta)),
  se = unname(sqrt(diag(m$var))), df = m$df.residual, test = NULL)
meta <- list(command = "Rscript tests/reference/models_examples.R", R = R.version.string,
  survey = as.character(packageVersion("survey")), date = as.character(Sys.Date()))
writeLines(toJSON(list(made_by = meta, cases = out), auto_unbox = TRUE, digits = NA, null = "null"), file.path(here, "models_examples.json"))
