# Processor seconds of a banner book by R `survey`, for tests/benchmarks/banner.py.
# Command: Rscript banner.R TABLE.csv OUT.csv   (questions q0.., breaks b0.., weight w)
# For every question and break: svyby of svymean with its covariances, then all pairs of groups.
suppressMessages(library(survey))
args <- commandArgs(trailingOnly = TRUE)
table <- read.csv(args[1])
questions <- grep("^q[0-9]+$", names(table), value = TRUE)
breaks <- grep("^b[0-9]+$", names(table), value = TRUE)
for (name in c(questions, breaks)) table[[name]] <- factor(table[[name]])
start <- proc.time()
design <- svydesign(id = ~1, weights = ~w, data = table)
out <- list()
for (q in questions) {
  svymean(as.formula(paste0("~", q)), design)
  for (b in breaks) {
    found <- svyby(as.formula(paste0("~", q)), as.formula(paste0("~", b)), design, svymean, covmat = TRUE)
    value <- coef(found); v <- vcov(found)
    groups <- levels(table[[b]]); options <- levels(table[[q]]); g <- length(groups)
    for (k in seq_along(options)) {
      at <- (k - 1) * g + seq_len(g)
      pair <- combn(at, 2)
      gap <- value[pair[1, ]] - value[pair[2, ]]
      se <- sqrt(v[cbind(pair[1, ], pair[1, ])] + v[cbind(pair[2, ], pair[2, ])] - 2 * v[cbind(pair[1, ], pair[2, ])])
      p <- p.adjust(2 * pt(-abs(gap / se), degf(design)), "holm")
      out[[length(out) + 1]] <- cbind(gap, se, p)
    }
  }
}
spent <- proc.time() - start
found <- do.call(rbind, out)
write.table(format(found, digits = 17), args[2], row.names = FALSE, col.names = FALSE, quote = FALSE)
cat(sprintf("%.4f %.4f %s\n", spent[["elapsed"]], spent[["user.self"]] + spent[["sys.self"]], packageVersion("survey")))
