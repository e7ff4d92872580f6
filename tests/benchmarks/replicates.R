# Processor seconds of R survey: making bootstrap weights, and one question by eight breaks under them.
# Command: Rscript replicates.R TABLE.csv REPLICATES BREAKS   (columns h, w, q, b0 .. b7)
suppressMessages(library(survey))
args <- commandArgs(trailingOnly = TRUE)
table <- read.csv(args[1])
breaks <- paste0("b", seq_len(as.integer(args[3])) - 1)
for (name in c("q", breaks)) table[[name]] <- factor(table[[name]])
design <- svydesign(id = ~1, strata = ~h, weights = ~w, data = table)
set.seed(20211215)
spent <- function(what) { s <- proc.time(); what; e <- proc.time() - s; e[["user.self"]] + e[["sys.self"]] }
made <- spent(boot <- as.svrepdesign(design, type = "subbootstrap", replicates = as.integer(args[2])))
asked <- spent({
  svymean(~q, boot)
  for (name in breaks) svyby(~q, as.formula(paste0("~", name)), boot, svymean)
})
cat(sprintf("%.4f %.4f %s\n", made, asked, packageVersion("survey")))
