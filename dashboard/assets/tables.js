/* Tables sent as data: built here as plain rows, for a page of a thousand components takes seconds to draw. */
(function () {
  "use strict";
  function put(tag, value, kind) {
    var cell = document.createElement(tag);
    if (kind) { cell.className = kind; }
    if (value && typeof value === "object") {
      var inner = document.createElement(value.e === "code" ? "code" : "span");
      if (value.c) { inner.className = value.c; }
      if (value.l) { inner.lang = value.l; }
      inner.textContent = value.t;
      cell.appendChild(inner);
    } else {
      cell.textContent = value;
    }
    return cell;
  }
  function fill(place) {
    var told = JSON.parse(place.dataset.table), table = document.createElement("table");
    function kind(at) { return told.numbers.indexOf(at) < 0 ? "" : "number"; }
    table.createCaption().textContent = told.caption;
    var top = table.createTHead().insertRow();
    told.head.forEach(function (words, at) {
      var cell = put("th", words, kind(at));
      cell.scope = "col";
      top.appendChild(cell);
    });
    var body = table.createTBody();
    told.rows.forEach(function (row) {
      var line = body.insertRow();
      row.forEach(function (value, at) {
        var cell = put(at ? "td" : "th", value, kind(at));
        if (!at) { cell.scope = "row"; }
        line.appendChild(cell);
      });
    });
    place.replaceChildren(table);
  }
  new MutationObserver(function (changes) {
    changes.forEach(function (change) {
      if (change.type === "attributes") { fill(change.target); return; }
      change.addedNodes.forEach(function (node) {
        if (node.nodeType !== 1) { return; }
        if (node.dataset && node.dataset.table) { fill(node); }
        node.querySelectorAll("[data-table]").forEach(fill);
      });
    });
  }).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-table"] });
})();
