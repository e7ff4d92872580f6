# Processor seconds of R survey::svyglm over replicate weights, for tests/benchmarks/models.py.
# Command: Rscript models.R TABLE.csv WEIGHTS.bin REPLICATES OUT.csv   (columns y, size, sector, region, w)
suppressMessages(library(survey))
args <- commandArgs(trailingOnly = TRUE)
table <- read.csv(args[1])
table$sector <- factor(table$sector); table$region <- factor(table$region)
many <- as.integer(args[3])
weights <- matrix(readBin(args[2], "double", nrow(table) * many), nrow(table))
design <- svrepdesign(data = table, weights = ~w, repweights = weights, type = "bootstrap", combined.weights = TRUE,
  scale = 1 / (many - 1), rscales = rep(1, many), mse = TRUE)
start <- proc.time()
fit <- suppressWarnings(svyglm(y ~ size + sector + region, design, family = quasibinomial()))
spent <- proc.time() - start
tight <- if (many <= 60) suppressWarnings(svyglm(y ~ size + sector + region, design, family = quasibinomial(),
  control = glm.control(epsilon = 1e-14, maxit = 100))) else fit
write.table(sprintf("%.17g", c(coef(tight), SE(tight))), args[4], row.names = FALSE, col.names = FALSE, quote = FALSE)
cat(sprintf("%.4f %s\n", spent[["user.self"]] + spent[["sys.self"]], packageVersion("survey")))
