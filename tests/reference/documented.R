# The examples of the help pages of R `survey` that we can ask as well: ?svymean, ?svytotal, ?svyratio,
# ?svyquantile, ?svyciprop, ?svyby, ?svrepdesign, ?withReplicates. For tests/analysis/test_documented.py.
# Command: Rscript tests/reference/documented.R   (from the top of the repository)
# Writes tests/reference/documented.json and tests/reference/documented_{clus1,scd}.csv.
suppressMessages(library(survey))
options(digits = 17)
here <- "tests/reference"
data(api); data(scd)
dclus1 <- svydesign(id = ~dnum, weights = ~pw, data = apiclus1, fpc = ~fpc)
rclus1 <- as.svrepdesign(dclus1)
keep <- c("dnum", "pw", "fpc", "stype", "comp.imp", "sch.wide", "api00", "api99", "enroll", "api.stu", "ell")
apiclus1$none <- as.integer(apiclus1$ell == 0)
write.csv(cbind(apiclus1[, keep], none = apiclus1$none), file.path(here, "documented_clus1.csv"), row.names = FALSE, na = "")
repweights <- 2 * cbind(c(1, 0, 1, 0, 1, 0), c(1, 0, 0, 1, 0, 1), c(0, 1, 1, 0, 0, 1), c(0, 1, 0, 1, 1, 0))
scdrep <- suppressWarnings(svrepdesign(data = scd, type = "BRR", repweights = repweights, combined.weights = FALSE))
colnames(repweights) <- paste0("rep", 1:4)
write.csv(cbind(scd, w = weights(scdrep, "sampling"), repweights * weights(scdrep, "sampling")),
  file.path(here, "documented_scd.csv"), row.names = FALSE)
num <- function(x) ifelse(is.finite(x), sprintf("%.17g", x), "null")
rows <- character()
put <- function(name, value, se, low = NaN, high = NaN) rows <<- c(rows,
  sprintf('"%s":{"estimate":%s,"se":%s,"low":%s,"high":%s}', name, num(value), num(se), num(low), num(high)))
plain <- function(name, s) put(name, as.numeric(coef(s))[1], as.numeric(SE(s))[1])
plain("svymean api00", svymean(~api00, dclus1))
plain("svymean api00 rclus1", svymean(~api00, rclus1))
s <- svymean(~stype, dclus1); for (i in 1:3) put(paste("svymean", names(coef(s))[i]), coef(s)[i], SE(s)[i])
plain("svytotal enroll", svytotal(~enroll, dclus1))
plain("svytotal enroll rclus1", svytotal(~enroll, rclus1))
plain("svyratio api.stu enroll", svyratio(~api.stu, ~enroll, dclus1))
for (p in c(0.25, 0.5, 0.75)) { q <- svyquantile(~api00, dclus1, p, ci = TRUE)[[1]]; put(paste("svyquantile", p), q[1, 1], q[1, 4], q[1, 2], q[1, 3]) }
p <- svyciprop(~I(ell == 0), dclus1, method = "beta"); put("svyciprop ell", as.numeric(p), sqrt(attr(p, "var")), attr(p, "ci")[1], attr(p, "ci")[2])
b <- svyby(~api99, ~stype, dclus1, svymean); for (i in 1:3) put(paste("svyby", b$stype[i]), b$api99[i], b$se[i])
plain("scd svyratio", svyratio(~alive, ~arrests, design = scdrep))
w <- withReplicates(scdrep, quote(sum(.weights * alive) / sum(.weights * arrests))); put("scd withReplicates", as.numeric(w), sqrt(as.numeric(attr(w, "var"))))
w <- withReplicates(rclus1, function(w, data) sum(w * data$api00) / sum(w)); put("withReplicates api00", as.numeric(w), sqrt(as.numeric(attr(w, "var"))))
meta <- sprintf('"made_by":{"command":"Rscript tests/reference/documented.R","R":"%s","survey":"%s","date":"%s"}', R.version.string, packageVersion("survey"), Sys.Date())
writeLines(sprintf("{%s,\n%s}", meta, paste(rows, collapse = ",\n")), file.path(here, "documented.json"))
