# Limits that R survey itself gives to samples of a third of thirty groups, four of the ten firms in each.
# Command: Rscript coverage_peer.R TABLE.csv OUT.csv   (a column a sample, rows in groups of four)
suppressMessages(library(survey))
args <- commandArgs(trailingOnly = TRUE)
table <- read.csv(args[1])
rows <- seq_len(nrow(table))
frame <- data.frame(group = rep(seq_len(nrow(table) / 4), each = 4), row = rows, N1 = 3 * nrow(table) / 4, N2 = 10)
limits <- t(sapply(table, function(y) {
  frame$y <- y
  design <- svydesign(id = ~ group + row, fpc = ~ N1 + N2, data = frame)
  attr(svyciprop(~y, design, method = "beta", df = degf(design)), "ci")
}))
version <- as.character(packageVersion("survey"))
write.csv(data.frame(low = limits[, 1], high = limits[, 2], version), args[2], row.names = FALSE)
