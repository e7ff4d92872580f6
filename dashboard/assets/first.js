/* The first answer of a page stands until scripts have drawn the page, which then takes its place unseen. */
(function () {
  "use strict";
  var first = document.getElementById("first"), root = document.getElementById("react-entry-point");
  /* Charts are drawn by the file the page names, not by the whole library. */
  Object.defineProperty(window, "_dashPlotlyJSURL", {
    get: function () { return document.body.dataset.charts; }, set: function () {}
  });
  if (!first || !root) { return; }
  function way(from, to) {
    var steps = [];
    for (; to && to !== from; to = to.parentElement) {
      steps.unshift(Array.prototype.indexOf.call(to.parentElement.children, to));
    }
    return to ? steps : null;
  }
  function follow(from, steps) {
    return steps.reduce(function (one, step) { return one && one.children[step]; }, from);
  }
  var watcher = new MutationObserver(function () {
    var page = root.querySelector(".page");
    if (!page || !page.querySelector("main")) { return; }
    watcher.disconnect();
    /* Folds that were opened stay open, and the focus stays where it was. */
    first.querySelectorAll("details[open]").forEach(function (fold) {
      var same = follow(page, way(first, fold));
      if (same && same.tagName === "DETAILS") { same.open = true; }
    });
    var here = first.contains(document.activeElement) ? way(first, document.activeElement) : null;
    /* A brief asked for already goes on being told of. */
    first.querySelectorAll(".take:has([role=status]:not(:empty))").forEach(function (line) {
      var same = follow(page, way(first, line));
      if (same && same.className === line.className) { same.replaceWith(line); }
    });
    first.remove();
    var there = here && follow(page, here);
    if (there) { there.focus({ preventScroll: true }); }
  });
  watcher.observe(root, { childList: true, subtree: true });
})();
