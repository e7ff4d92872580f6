/* Tables sent as data: built here as plain rows, for a page of a thousand components takes seconds to draw. */
(function () {
  "use strict";
  function make(tag, kind, words) {
    var one = document.createElement(tag);
    if (kind) { one.className = kind; }
    if (words !== undefined) { one.textContent = words; }
    return one;
  }
  /* Words in which no line ends within a date or a number with its unit: one element still. */
  function write(cell, words, unbroken) {
    var found = unbroken && typeof words === "string" && words.length > 10 && words.match(unbroken);
    if (!found) { cell.textContent = words; return; }
    var all = make("span"), at = 0;
    found.forEach(function (one) {
      var start = words.indexOf(one, at);
      all.append(words.slice(at, start), make("span", "unbroken", one));
      at = start + one.length;
    });
    all.append(words.slice(at));
    cell.appendChild(all);
  }
  /* A strip along time: pieces and a line for the day, or the years above them. */
  function strip(value) {
    var track = make("span", "track " + (value.c || ""));
    (value.bars || []).forEach(function (bar) {
      var piece = make("span", "piece " + bar[2]);
      piece.style.left = bar[0] + "%";
      piece.style.width = bar[1] + "%";
      track.appendChild(piece);
    });
    (value.ticks || []).forEach(function (tick) {
      var mark = make("span", "tick", tick[1]);
      mark.style.left = tick[0] + "%";
      track.appendChild(mark);
    });
    var day = make("span", "day-line");
    day.style.left = value.day + "%";
    track.appendChild(day);
    if (value.t) { track.setAttribute("role", "img"); track.setAttribute("aria-label", value.t); }
    return track;
  }
  function inner(value, unbroken) {
    if (value.e === "strip") { return strip(value); }
    var one = make(value.e === "code" ? "code" : value.e === "a" ? "a" : "span", value.c);
    write(one, value.t, value.e !== "code" && unbroken);
    if (value.l) { one.lang = value.l; }
    if (value.e === "a") {
      one.href = value.h;
      one.dataset.turn = one.dataset.part = value.turn;
      one.dataset.value = value.v;
    }
    return one;
  }
  /* Few letters are never broken, many keep room on a narrow screen: as `_room` of pages/marks.py. */
  function room(value) {
    if (typeof value !== "string") { return ""; }
    var size = 0;
    for (var at = 0; at < value.length; at += 1) { size += value.charCodeAt(at) > 0x2E80 ? 2 : 1; }
    return size <= 14 ? " brief" : size > 24 ? " long" : " fair";
  }
  function put(tag, value, kind, unbroken) {
    var cell = make(tag, (kind + room(value)).trim());
    if (Array.isArray(value)) { value.forEach(function (one) { cell.appendChild(inner(one, unbroken)); }); }
    else if (value && typeof value === "object") { cell.appendChild(inner(value, unbroken)); }
    else { write(cell, value, unbroken); }
    return cell;
  }
  function fill(place) {
    var told = JSON.parse(place.dataset.table), table = document.createElement("table");
    var unbroken = document.body.dataset.unbroken && new RegExp(document.body.dataset.unbroken, "g");
    function kind(at) { return told.numbers.indexOf(at) < 0 ? "" : "number"; }
    table.createCaption().textContent = told.caption;
    var top = table.createTHead().insertRow();
    told.head.forEach(function (words, at) {
      var cell = put("th", words, kind(at));
      cell.scope = "col";
      top.appendChild(cell);
    });
    (told.widths || []).forEach(function (width, at) {
      if (!at) { table.insertBefore(make("colgroup"), table.tHead); }
      table.querySelector("colgroup").appendChild(make("col")).style.width = width;
    });
    var body = null;
    told.rows.forEach(function (row) {
      if (!body || row.group) { body = table.createTBody(); }
      var line = body.insertRow();
      if (row.group) {
        var head = put("th", row.group, "group", unbroken);
        head.scope = "rowgroup";
        head.colSpan = told.head.length;
        line.appendChild(head);
        return;
      }
      row.forEach(function (value, at) {
        var cell = put(at ? "td" : "th", value, kind(at), unbroken);
        if (!at) { cell.scope = "row"; } else { cell.dataset.head = told.head[at]; }
        line.appendChild(cell);
      });
    });
    if (told.oneStop) { window.crosspressure.oneStop(table); }
    place.replaceChildren(table);
  }
  /* On a narrow screen, or in a narrow column where it asks for it, a table that does not fit is stacked: look.css sets each cell beside its head.
     One whose rows and columns are the same stays crossed, and is moved sideways.
     All are measured before one is changed, and where they come in, before they are seen: what stands below stays. */
  function isWide(place) {
    var table = place.querySelector("table");
    if (!table || !place.clientWidth || place.classList.contains("stacked")) { return false; }
    return place.dataset.stack || table.scrollWidth > place.clientWidth + 16;
  }
  function stack(place) {
    var table = place.querySelector("table");
    var heads = Array.prototype.map.call(table.tHead.rows[0].cells, function (cell) { return cell.textContent; });
    table.querySelectorAll("tbody tr").forEach(function (row) {
      Array.prototype.forEach.call(row.cells, function (cell, at) { if (at) { cell.dataset.head = heads[at] || ""; } });
    });
    place.classList.add("stacked");
  }
  function isNarrow(place) {
    return window.matchMedia("(max-width: 600px)").matches || (place.dataset.stack && place.clientWidth < 480);
  }
  function fit(places) {
    var wide = places.filter(function (place) { return isNarrow(place) && isWide(place); });
    places.forEach(function (place) { if (!isNarrow(place)) { place.classList.remove("stacked"); } });
    wide.forEach(stack);
  }
  var sized = new ResizeObserver(function (seen) { fit(seen.map(function (one) { return one.target; })); });
  function watch(node) {
    var places = Array.from(node.querySelectorAll(".table-scroll:not(.crossed)"));
    if (node.matches(".table-scroll:not(.crossed)")) { places.push(node); }
    fit(places);
    places.forEach(function (one) { sized.observe(one); });
  }
  new MutationObserver(function (changes) {
    changes.forEach(function (change) {
      if (change.type === "attributes") { fill(change.target); return; }
      change.addedNodes.forEach(function (node) {
        if (node.nodeType !== 1) { return; }
        if (node.dataset && node.dataset.table) { fill(node); }
        node.querySelectorAll("[data-table]").forEach(fill);
        watch(node);
      });
    });
  }).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-table"] });
})();
