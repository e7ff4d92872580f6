# Golden values of R `survey` for tests/analysis/test_models_golden.py.
# Command: Rscript tests/reference/models.R   (from the top of the repository, after estimates.R)
# Reads tests/reference/api_*.csv.gz and estimates.json, writes tests/reference/models.json.
# gaussian, logit, poisson: svyglm. proportional_odds: the likelihood of svyolr, its maximum found by svyolr
# and polished by Newton steps, the Hessian by numDeriv (svyolr's own is optim's, good to about 1e-4).
# multinomial: nnet::multinom polished alike, its scores through svyrecvar (linearised), or refitted to
# each replicate. Predicted means: svypredmeans adds two variances as if independent; here the joint one.
suppressMessages({library(survey); library(numDeriv); library(jsonlite)})
options(digits = 17, survey.lonely.psu = "fail", survey.replicates.mse = TRUE)
here <- "tests/reference"
golden <- fromJSON(file.path(here, "estimates.json"), simplifyVector = TRUE)
read <- function(name) {
  d <- read.csv(gzfile(file.path(here, paste0(name, ".csv.gz"))), check.names = FALSE)
  d$stype <- factor(d$stype); d$yes <- as.numeric(d$sch.wide == "Yes")
  d$mealcat <- factor(findInterval(d$meals, c(25, 50, 75)) + 1)
  d
}
tables <- sapply(c("api_srs", "api_strat", "api_clus1", "api_clus2", "api_pairs"), read, simplify = FALSE)
clus1 <- svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = tables$api_clus1)
types <- data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018))
replicated <- function(file, prefix, ...) {
  d <- tables[[file]]
  w <- as.matrix(d[, grep(paste0("^", prefix, "_"), names(d))])
  svrepdesign(data = d, weights = ~pw, repweights = w, combined.weights = TRUE, mse = TRUE, ...)
}
designs <- list(
  srs_fpc = svydesign(id = ~1, fpc = ~fpc, data = tables$api_srs),
  strat_fpc = svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = tables$api_strat),
  strat_nofpc = svydesign(id = ~1, strata = ~stype, weights = ~pw, data = tables$api_strat),
  clus1_fpc = clus1,
  clus1_nofpc = svydesign(id = ~dnum, weights = ~pw, data = tables$api_clus1),
  clus2_fpc = svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = tables$api_clus2),
  poststratified = postStratify(clus1, ~stype, types),
  jk1 = replicated("api_clus1", "jk1", type = "JK1", scale = 14 / 15, rscales = rep(1, 15)),
  jkn = replicated("api_strat", "jkn", type = "JKn", scale = 1, rscales = golden$jkn$design$rscales),
  fay = replicated("api_pairs", "fay", type = "Fay", rho = 0.3),
  brr = replicated("api_pairs", "brr", type = "BRR"),
  bootstrap = replicated("api_clus1", "bootstrap", type = "bootstrap", scale = 1 / 39, rscales = rep(1, 40))
)
is_rep <- function(d) inherits(d, "svyrep.design")
tight <- glm.control(epsilon = 1e-15, maxit = 200)
families <- list(gaussian = gaussian(), logit = quasibinomial(), poisson = quasipoisson())
glms <- list(
  list(family = "gaussian", formula = api00 ~ stype + meals + sch.wide, of = "api00", on = c("stype", "meals", "sch.wide")),
  list(family = "gaussian", formula = api00 ~ acs.k3 + meals, of = "api00", on = c("acs.k3", "meals")),
  list(family = "logit", formula = yes ~ stype + meals, of = "sch.wide", on = c("stype", "meals")),
  list(family = "logit", formula = yes ~ api00 + meals, of = "sch.wide", on = c("api00", "meals")),
  list(family = "poisson", formula = enroll ~ stype + meals, of = "enroll", on = c("stype", "meals"))
)

rows_in <- function(model, d) match(rownames(model.frame(model)), rownames(d$variables))
# joint variance of predicted means at each level of stype and of the mean slope along meals
in_units <- function(design, model, vcov, refits) {
  d <- design$variables; w <- weights(design, "sampling")
  if (length(model$na.action)) return(NULL)
  fam <- model$family; tt <- delete.response(terms(model)); b <- coef(model)
  at <- function(level) { e <- d; e$stype <- factor(level, levels = levels(d$stype)); model.matrix(tt, e) }
  second <- function(eta) jacobian_of_eta(fam, eta)
  pieces <- list()
  if ("stype" %in% all.vars(tt)) for (level in levels(d$stype)) pieces[[paste0("stype:", level)]] <- local({
    X <- at(level); function(b) fam$linkinv(drop(X %*% b)) })
  if ("meals" %in% all.vars(tt)) pieces[["meals:"]] <- local({
    X <- model.matrix(tt, d); j <- which(colnames(X) == "meals"); function(b) fam$mu.eta(drop(X %*% b)) * b[j] })
  value <- sapply(pieces, function(f) sum(w * f(b)) / sum(w))
  if (is_rep(design)) {
    rw <- weights(design, "analysis")
    each <- sapply(seq_len(ncol(rw)), function(r) sapply(pieces, function(f) sum(rw[, r] * f(refits[r, ])) / sum(rw[, r])))
    V <- svrVar(t(each), design$scale, design$rscales, mse = TRUE, coef = value)
  } else {
    X <- model.matrix(model); mu <- fitted(model); y <- model$y
    A <- solve(t(X) %*% (X * (w * fam$mu.eta(model$linear.predictors))))
    infl <- (X * (y - mu)) %*% A
    G <- t(sapply(pieces, function(f) jacobian(function(b) sum(w * f(b)) / sum(w), b)))
    own <- sapply(names(pieces), function(k) (pieces[[k]](b) - value[k]) / sum(w))
    Z <- (own + infl %*% t(G)) * w
    V <- svyrecvar(Z, design$cluster, design$strata, design$fpc, postStrata = design$postStrata)
  }
  V <- matrix(V, length(value))
  list(name = names(value), value = unname(value), vcov = V)
}
out <- list()
note <- function(design, family, of, on, where, estimate, vcov, df, terms, F, p, units = NULL)
  out[[length(out) + 1]] <<- list(design = design, family = family, of = of, on = on, where = where,
    estimate = unname(estimate), se = unname(sqrt(diag(vcov))), vcov = unname(vcov), df = df,
    wald = list(term = terms, F = F, p = p), units = units)

for (name in names(designs)) for (spec in glms) for (where in c("", "meals > 20")) {
  d <- designs[[name]]
  if (where != "") d <- if (is_rep(d)) subset(d, meals > 20) else subset(d, meals > 20)
  if (spec$family == "logit" && grepl("fay|brr", name)) next # few Yes among sixty schools
  # in some bootstrap replicates all schools of a type say Yes: R returns where its iterations ended
  if (name == "bootstrap" && spec$family == "logit" && "stype" %in% spec$on) next
  if (is_rep(d) && "acs.k3" %in% spec$on) next # R takes the df of a replicate design before it drops rows
  m <- tryCatch(suppressWarnings(if (is_rep(d))
    svyglm(spec$formula, d, family = families[[spec$family]], control = tight, return.replicates = TRUE)
    else svyglm(spec$formula, d, family = families[[spec$family]], control = tight)), error = function(e) e)
  if (inherits(m, "error")) { message(name, " ", spec$family, ": ", conditionMessage(m)); next }
  tests <- lapply(spec$on, function(t) regTermTest(m, as.formula(paste0("~`", t, "`"))))
  refits <- if (is_rep(d)) m$replicates else NULL
  units <- if (where == "" && "stype" %in% spec$on) in_units(d, m, vcov(m), refits) else NULL
  note(name, spec$family, spec$of, spec$on, where, coef(m), matrix(vcov(m), length(coef(m))), m$df.residual,
    spec$on, sapply(tests, function(t) as.numeric(t$Ftest)), sapply(tests, function(t) as.numeric(t$p)), units)
}

# maximum of a likelihood by its gradient g(par, w) -> n x p matrix of weighted scores
polish <- function(par, g, w) {
  for (i in 1:8) {
    H <- jacobian(function(b) colSums(g(b, w)), par)
    step <- solve(H, colSums(g(par, w)))
    par <- par - step
    if (max(abs(step)) < 1e-13 * (1 + max(abs(par)))) break
  }
  list(par = par, H = -H)
}
hand <- function(name, family, of, on, d, start, g, k) {
  w <- weights(d, "sampling"); w0 <- w / mean(w)
  best <- polish(start, g, w0)
  if (is_rep(d)) {
    rw <- weights(d, "analysis")
    each <- t(sapply(seq_len(ncol(rw)), function(r) polish(best$par, g, rw[, r] / mean(rw[, r]))$par))
    V <- svrVar(each, d$scale, d$rscales, mse = TRUE, coef = best$par)
  } else V <- svyrecvar(g(best$par, w0) %*% solve(best$H), d$cluster, d$strata, d$fpc, postStrata = d$postStrata)
  note(name, family, of, on, "", best$par, matrix(V, length(best$par)), degf(d) + 1 - k, character(), numeric(), numeric())
}
for (name in names(designs)) {
  d <- designs[[name]]; v <- d$variables; w <- weights(d, "sampling")
  if (grepl("fay|brr", name)) next # sixty schools leave some cells empty
  # proportional odds: mealcat on stype and api00 (in hundreds: svyolr's own search needs it)
  X <- model.matrix(~stype + api00, v)[, -1]; y <- as.integer(v$mealcat); q <- 3; k <- ncol(X)
  g <- function(par, w) {
    eta <- drop(X %*% par[1:k]); cuts <- c(-Inf, par[k + 1:q], Inf)
    a <- cuts[y + 1] - eta; b <- cuts[y] - eta
    pr <- plogis(a) - plogis(b); fa <- dlogis(a); fb <- dlogis(b)
    cbind(-X * (w * (fa - fb) / pr), (outer(y, 1:q, "==") * fa - outer(y - 1, 1:q, "==") * fb) * (w / pr))
  }
  v$api100 <- v$api00 / 100
  first <- MASS::polr(mealcat ~ stype + api100, data = v, weights = w / mean(w))
  start <- c(coef(first), first$zeta); start["api100"] <- start["api100"] / 100
  hand(name, "proportional_odds", "mealcat", c("stype", "api00"), d, unname(start), g, k + 1)
  if (name == "clus1_nofpc") {
    s <- svyolr(mealcat ~ stype + api100, update(d, api100 = api00 / 100), control = list(reltol = 1e-15, maxit = 1000))
    out[[length(out)]]$svyolr <- list(coef = unname(c(s$coefficients, s$zeta)), se = unname(sqrt(diag(s$var))), df = s$df.residual)
  }
  # multinomial: mealcat on sch.wide and api00; in some bootstrap replicates sch.wide separates
  on <- if (name == "bootstrap") "api00" else c("sch.wide", "api00")
  X2 <- model.matrix(reformulate(on), v); J <- 4; k2 <- ncol(X2)
  g2 <- function(par, w) {
    eta <- cbind(0, X2 %*% matrix(par, k2)); P <- exp(eta - apply(eta, 1, max)); P <- P / rowSums(P)
    do.call(cbind, lapply(2:J, function(j) X2 * (w * ((y == j) - P[, j]))))
  }
  m <- nnet::multinom(reformulate(sub("api00", "I(api00 / 100)", on), "mealcat"), data = v, weights = w / mean(w), trace = FALSE, maxit = 2000, reltol = 1e-14)
  start <- t(coef(m)); start[k2, ] <- start[k2, ] / 100
  hand(name, "multinomial", "mealcat", on, d, as.vector(start), g2, k2)
}
# predicted means as R has them: the variance of coefficients plus that of the means, no covariance
d <- designs$strat_nofpc
pm <- svypredmeans(svyglm(api00 ~ meals, d, control = tight), ~stype)
# multiple imputation: five estimates of two numbers, mitools and the degrees of freedom of mice
imputed <- list(value = list(c(1.2, 30), c(1.5, 31), c(1.1, 30.5), c(1.4, 29), c(1.25, 30.2)),
  var = list(c(0.04, 4), c(0.05, 4.2), c(0.045, 3.9), c(0.039, 4.1), c(0.042, 4.05)))
mi <- mitools::MIcombine(imputed$value, lapply(imputed$var, diag))
B <- diag(var(do.call(rbind, imputed$value)))
total <- diag(mi$variance)
combined <- list(value = imputed$value, var = imputed$var, estimate = mi$coefficients, se = sqrt(total), df_infinite = mi$df,
  df_20 = unname(mapply(function(b, t) mice:::barnard.rubin(5, b, t, 20), B, total)), mitools = as.character(packageVersion("mitools")), mice = as.character(packageVersion("mice")))
meta <- list(command = "Rscript tests/reference/models.R", R = R.version.string,
  survey = as.character(packageVersion("survey")), nnet = as.character(packageVersion("nnet")),
  numDeriv = as.character(packageVersion("numDeriv")), date = as.character(Sys.Date()))
writeLines(toJSON(list(made_by = meta, cases = out, combined = combined,
  predmeans = list(level = names(pm), estimate = unname(coef(pm)), se = unname(sqrt(diag(vcov(pm)))))), auto_unbox = TRUE, digits = NA, null = "null", na = "null"),
  file.path(here, "models.json"))
cat(length(out), "cases\n")
