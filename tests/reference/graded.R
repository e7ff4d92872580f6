# Golden values for tests/analysis/test_graded.py: Rscript tests/reference/graded.R > tests/reference/graded.json
# Maximum likelihood: MASS::polr. Jeffreys penalty: written out here (expected information by hand, nlm on it).
# Also weighted Firth fits of several slopes by brglm2, their penalised ratio tests and limits by direct search.
suppressMessages({library(brglm2); library(MASS)})
num <- function(v) paste0("[", paste(format(as.numeric(v), digits = 15, trim = TRUE, scientific = FALSE), collapse = ", "), "]")

# proportional odds, P(y >= j) = plogis(a_j + x b); parameters a_1 .. a_(J-1), b
pen <- function(t, x, y, J, penalty) {
  a <- t[1:(J - 1)]; eta <- outer(drop(x %*% t[J:length(t)]), a, "+")
  up <- cbind(1, plogis(eta), 0); p <- up[, 1:J] - up[, 2:(J + 1)]
  if (any(p <= 0)) return(-1e10)
  l <- sum(log(p[cbind(seq_along(y), y + 1)]))
  if (penalty == 0) return(l)
  I <- matrix(0, length(t), length(t))
  for (i in seq_along(y)) {
    D <- matrix(0, J, length(t)) # derivative of each chance in each parameter
    for (j in 1:(J - 1)) {
      g <- plogis(eta[i, j]); g <- g * (1 - g)
      z <- c(as.numeric(1:(J - 1) == j), x[i, ])
      D[j + 1, ] <- D[j + 1, ] + g * z; D[j, ] <- D[j, ] - g * z
    }
    I <- I + crossprod(D / sqrt(p[i, ]))
  }
  l + penalty * as.numeric(determinant(I)$modulus)
}
best <- function(f, start, scale) {
  for (k in 1:6) start <- nlm(function(t) -f(t), start, gradtol = 1e-12, steptol = 1e-14, iterlim = 2000, typsize = scale)$estimate
  start
}
set.seed(2021)
n <- 70
x <- cbind(round(rnorm(n), 3), round(rexp(n), 3))
y <- pmin(3, pmax(0, floor(1.2 * x[, 1] + 0.4 * x[, 2] + rlogis(n))))
J <- 4
ml <- polr(factor(y) ~ x, method = "logistic", Hess = TRUE, control = list(reltol = 1e-14, maxit = 5000))
start <- c(-ml$zeta, coef(ml))
jef <- best(function(t) pen(t, x, y, J, 0.5), start, rep(1, 5))
# fewest in the top grade, which one column separates: maximum likelihood has no finite slope
xs <- matrix(as.numeric(seq_len(40) > 34) + 0 * (1:40), 40, 1); ys <- c(rep(c(0, 1), 17), rep(2, 6))
sep <- best(function(t) pen(t, xs, ys, 3, 0.5), c(0.5, -2, 2), rep(1, 3))

# weighted Firth, three slopes
w <- sample(1:3, n, replace = TRUE)
X <- cbind(1, x, round(rnorm(n), 3)); e <- as.numeric(y >= 2)
control <- list(epsilon = 1e-13, maxit = 100000, slowit = 0.5)
fit <- suppressWarnings(glm(e ~ X[, -1], family = binomial, weights = w, method = "brglmFit", type = "AS_mean", control = control))
pl <- function(b) {
  eta <- drop(X %*% b); p <- plogis(eta)
  sum(w * (e * eta - ifelse(eta > 0, eta + log1p(exp(-eta)), log1p(exp(eta))))) +
    0.5 * as.numeric(determinant(crossprod(X * sqrt(w * p * (1 - p))))$modulus)
}
b <- unname(coef(fit)); top <- pl(b)
given <- function(j, g) { # highest value with coefficient j at g
  f <- function(r) { t <- numeric(4); t[-j] <- r; t[j] <- g; -pl(t) }
  r <- b[-j] + vcov(fit)[-j, j] / vcov(fit)[j, j] * (g - b[j])
  for (k in 1:4) r <- optim(r, f, method = "BFGS", control = list(reltol = 1e-15, maxit = 500))$par
  -f(r)
}
limits <- sapply(2:4, function(j) {
  se <- sqrt(vcov(fit)[j, j]); h <- function(t) 2 * (top - given(j, b[j] + t * se)) - qchisq(0.9, 1)
  c(uniroot(h, c(-4, -0.3), tol = 1e-10)$root, uniroot(h, c(0.3, 4), tol = 1e-10)$root) * se + b[j]
})
one <- 2 * (top - given(2, 0))
f2 <- function(r) -pl(c(r[1], 0, 0, r[2])); r <- b[c(1, 4)]; for (k in 1:4) r <- optim(r, f2, method = "BFGS", control = list(reltol = 1e-15))$par
two <- 2 * (top + f2(r))
cat('{"made_by": "Rscript tests/reference/graded.R", "date": "', format(Sys.Date()), '", "r": "', R.version.string,
  '", "brglm2": "', as.character(packageVersion("brglm2")), '", "MASS": "', as.character(packageVersion("MASS")), '",\n',
  '"x": ', num(t(x)), ',\n"y": ', num(y), ',\n"ml": ', num(start), ', "ml_se": ', num(sqrt(diag(vcov(ml)))),
  ', "ml_value": ', num(logLik(ml)), ',\n"jeffreys": ', num(jef), ', "jeffreys_value": ', num(pen(jef, x, y, J, 0.5)),
  ',\n"separated_x": ', num(xs), ', "separated_y": ', num(ys), ', "separated": ', num(sep),
  ',\n"weights": ', num(w), ',\n"third": ', num(X[, 4]), ',\n"firth": ', num(b), ', "firth_se": ', num(sqrt(diag(vcov(fit)))),
  ', "firth_value": ', num(top), ', "limits": ', num(limits), ', "one": ', num(one), ', "two": ', num(two), '}\n', sep = "")
