/* A table of many links is one stop of the Tab key: arrow keys, Home and End go from link to link. */
(function () {
  "use strict";
  var kept = "";  /* the link last gone to: an answer draws the table anew, and the stop stays with it */
  function links(table) { return Array.from(table.querySelectorAll("tbody a")); }
  function stopAt(table, chosen) {
    links(table).forEach(function (link) { link.tabIndex = link === chosen ? 0 : -1; });
  }
  function oneStop(table) {
    var all = links(table);
    table.dataset.oneStop = "";
    stopAt(table, all.filter(function (link) { return link.dataset.value === kept; })[0] || all[0]);
  }
  function within(event) { return event.target.closest && event.target.closest("table[data-one-stop] tbody a"); }
  document.addEventListener("focusin", function (event) {
    var link = within(event);
    if (link) { kept = link.dataset.value || ""; stopAt(link.closest("table"), link); }
  });
  document.addEventListener("keydown", function (event) {
    var link = within(event), step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    if (!link || !step || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
    var all = links(link.closest("table"));
    event.preventDefault();
    all[Math.min(Math.max(all.indexOf(link) + step, 0), all.length - 1)].focus();
  });
  window.crosspressure = Object.assign(window.crosspressure || {}, { oneStop: oneStop });
})();
