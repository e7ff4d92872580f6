# Pooled Wald tests of R mitml (its D1, as called by testModels) for tests/analysis/test_pooling.py.
# Command: Rscript tests/reference/pooled.R   (from the top of the repository); writes tests/reference/pooled.json.
suppressMessages({library(mitml); library(jsonlite)})
options(digits = 17)
Q <- cbind(c(0.40, -0.10), c(0.55, 0.02), c(0.31, -0.22), c(0.47, -0.05), c(0.36, -0.15))
U <- array(0, c(2, 2, 5))
for (i in 1:5) U[, , i] <- matrix(c(0.030 + i / 1000, 0.004, 0.004, 0.025 - i / 2000), 2)
one <- function(k, m, df) {
  q <- Q[1:k, 1:m, drop = FALSE]; u <- U[1:k, 1:k, 1:m, drop = FALSE]
  got <- mitml:::.D1(q, u, df)
  list(k = k, m = m, df = if (is.null(df)) "inf" else df, values = t(q), covariances = lapply(1:m, function(i) matrix(u[, , i], k)),
    F = as.numeric(got$F), v = as.numeric(got$v))
}
cases <- list(one(2, 5, 40), one(2, 5, 12), one(1, 3, NULL), one(2, 3, NULL), one(2, 5, 150))
meta <- list(command = "Rscript tests/reference/pooled.R", R = R.version.string, mitml = as.character(packageVersion("mitml")),
  date = as.character(Sys.Date()))
writeLines(toJSON(list(made_by = meta, cases = cases), auto_unbox = TRUE, digits = NA, matrix = "rowmajor"), "tests/reference/pooled.json")
