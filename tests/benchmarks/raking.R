# Seconds of R survey::rake on a table, for tests/benchmarks/raking.py.
# Command: Rscript raking.R TABLE.csv OUT.csv   (columns m1 .. m5, w; totals_1.csv .. totals_5.csv beside it)
suppressMessages(library(survey))
args <- commandArgs(trailingOnly = TRUE)
table <- read.csv(args[1])
margins <- paste0("m", 1:5)
for (m in margins) table[[m]] <- factor(table[[m]])
totals <- lapply(margins, function(m) {
  t <- read.csv(file.path(dirname(args[1]), paste0("totals_", m, ".csv")))
  t[[m]] <- factor(t[[m]], levels = levels(table[[m]]))
  t
})
design <- svydesign(id = ~1, weights = ~w, data = table)
start <- proc.time()
raked <- rake(design, lapply(margins, function(m) as.formula(paste0("~", m))), totals,
  control = list(maxit = 200, epsilon = 1e-13, verbose = FALSE))
spent <- proc.time() - start
write.table(sprintf("%.17g", weights(raked)), args[2], row.names = FALSE, col.names = FALSE, quote = FALSE)
cat(sprintf("%.4f %.4f %s\n", spent[["elapsed"]], spent[["user.self"]] + spent[["sys.self"]], packageVersion("survey")))
