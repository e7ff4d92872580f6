# What tests/benchmarks/firth.py runs: Rscript firth.R TABLE OUT TIMES LEVEL; prints seconds of one fit and version.
suppressMessages(library(brglm2))
given <- commandArgs(TRUE)
table <- unname(as.matrix(read.csv(given[1], header = FALSE))); y <- table[, 1]
X <- cbind(1, table[, -1]); colnames(X) <- paste0("x", seq_len(ncol(X)))
times <- as.integer(given[3]); need <- qchisq(as.numeric(given[4]), 1)
value <- function(b) {
  eta <- drop(X %*% b); p <- plogis(eta)
  sum(y * eta - log1p(exp(eta))) + 0.5 * as.numeric(determinant(crossprod(X * sqrt(p * (1 - p))))$modulus)
}
control <- brglmControl(type = "AS_mean", epsilon = 1e-9)
one <- function() {
  fit <- brglmFit(X, y, family = binomial(), control = control)
  b <- unname(coef(fit)); top <- value(b); p <- fit$fitted.values
  se <- sqrt(diag(solve(crossprod(X * sqrt(p * (1 - p))))))
  ends <- sapply(2:ncol(X), function(j) {
    drop_of <- function(t) {
      g <- b[j] + t * se[j]
      held <- brglmFit(X[, -j], y, family = binomial(), offset = X[, j] * g, control = control)
      at <- numeric(length(b)); at[j] <- g; at[-j] <- held$coefficients
      2 * (top - value(at)) - need
    }
    b[j] + se[j] * c(uniroot(drop_of, c(-5, -0.2), tol = 1e-6)$root, uniroot(drop_of, c(0.2, 5), tol = 1e-6)$root)
  })
  cbind(b[-1], t(ends))
}
invisible(one())
start <- proc.time(); for (i in seq_len(times)) found <- one(); spent <- sum((proc.time() - start)[1:2]) / times
write.table(format(found, digits = 17), given[2], sep = ",", row.names = FALSE, col.names = FALSE, quote = FALSE)
cat(spent, as.character(packageVersion("brglm2")))
