# Golden values for tests/analysis/test_firth.py: Rscript tests/reference/firth.R > tests/reference/firth.json
# Coefficients, standard errors (plain information): brglm2. FLIC and FLAC: glm with offset and with weights.
# Penalised log-likelihood and profile limits: written out here with optimize and uniroot.
suppressMessages(library(brglm2))

pl <- function(b, X, y) {
  eta <- drop(X %*% b); p <- plogis(eta)
  sum(y * eta - ifelse(eta > 0, eta + log1p(exp(-eta)), log1p(exp(eta)))) +
    0.5 * as.numeric(determinant(crossprod(X * sqrt(p * (1 - p))))$modulus)
}
control <- list(epsilon = 1e-13, maxit = 100000, slowit = 0.5)
hats <- function(b, X) {
  v <- plogis(drop(X %*% b)); v <- v * (1 - v); R <- X * sqrt(v)
  rowSums((R %*% solve(crossprod(R))) * R)
}
# limits of a + b * at by profiling, over the slope inside
profile_limits <- function(b, V, X, y, at, level) {
  top <- pl(b, X, y); need <- qchisq(level, 1); centre <- sum(c(1, at) * b)
  se <- sqrt(drop(t(c(1, at)) %*% V %*% c(1, at)))
  prof <- function(g) {
    f <- function(s) pl(c(g - s * at, s), X, y)
    w <- 40 * sqrt(V[2, 2])
    grid <- seq(b[2] - w, b[2] + w, length.out = 401); i <- which.max(sapply(grid, f))
    optimize(f, grid[pmin(pmax(i + c(-1, 1), 1), 401)], maximum = TRUE, tol = 1e-12)$objective
  }
  side <- function(sign) {
    far <- 1; while (2 * (top - prof(centre + sign * far * se)) < need) far <- far * 2
    uniroot(function(t) 2 * (top - prof(centre + sign * t * se)) - need, c(1e-6, far), tol = 1e-12)$root * sign * se + centre
  }
  c(side(-1), side(1))
}
num <- function(v) paste0("[", paste(format(as.numeric(v), digits = 15, trim = TRUE, scientific = FALSE), collapse = ", "), "]")

one <- function(name, x, y, flac = TRUE) {
  X <- cbind(1, x)
  fit <- suppressWarnings(glm(y ~ x, family = binomial, method = "brglmFit", type = "AS_mean", control = control))
  b <- unname(coef(fit)); h <- hats(b, X); p <- plogis(drop(X %*% b))
  v <- p * (1 - p)
  plain <- solve(crossprod(X * sqrt(v)))
  augmented <- solve(crossprod(X * sqrt(v * (1 + h))))
  flic <- unname(coef(glm(y ~ 1 + offset(x * b[2]), family = binomial, control = list(epsilon = 1e-14, maxit = 200))))
  g <- rep(c(0, 1, 1), each = length(y))
  fl <- suppressWarnings(glm(c(y, y, 1 - y) ~ rep(x, 3) + g, family = binomial, weights = c(rep(1, length(y)), h / 2, h / 2),
            control = list(epsilon = 1e-14, maxit = 500)))
  at <- unname(quantile(x, c(0, 0.5, 1), type = 1))
  lims <- t(sapply(at, function(a) profile_limits(b, plain, X, y, a, 0.9)))
  paste0('  {"name": "', name, '", "x": ', num(x), ', "y": ', num(y), ',\n   "coefficients": ', num(b),
    ', "se": ', num(sqrt(diag(vcov(fit)))), ', "se_augmented": ', num(sqrt(diag(augmented))), ', "penalised": ', num(pl(b, X, y)),
    ',\n   "flic": ', num(flic), ', "flac": ', num(coef(fl)), ', "at": ', num(at), ', "low": ', num(lims[, 1]), ', "high": ', num(lims[, 2]), '}')
}
set.seed(2021)
x <- round(pmax(0, rnorm(96, 0.08, 0.12)), 4)
y <- as.numeric(rank(-(plogis(-2.6 + 7 * x) + runif(96) * 0.8), ties.method = "first") <= 12)
weak <- as.numeric(seq_along(x) %in% sample(96, 12))
step <- as.numeric(x > sort(x, decreasing = TRUE)[13])  # all twelve events above all others: complete separation
quasi <- as.numeric(x > 0.05); yq <- quasi * as.numeric(rank(-x * quasi + runif(96), ties.method = "first") <= 12)
cat('{"made_by": "Rscript tests/reference/firth.R", "date": "', format(Sys.Date()), '", "r": "', R.version.string,
    '", "brglm2": "', as.character(packageVersion("brglm2")), '",\n "cases": [\n', sep = "")
cat(paste(c(one("twelve events in 96", x, y), one("no relation", x, weak), one("complete separation", x, step),
    one("quasi-complete separation", quasi, yq)), collapse = ",\n"))
cat("\n]}\n")
