/* The address bar holds the view: reads it, changes it, and lets going back undo it. */
(function () {
  "use strict";
  var MOST = 15;
  var PAUSE = 150; /* milliseconds after the last key before the rows are asked for */
  var SPREAD = {
    "pressure-page": { "asked-firm": ["firm"], "asked-filter": ["q", "sector", "tier"], "asked-compare": ["compare"], "asked-order": ["sort"],
      "asked-flow": ["flow"], "asked-turn": ["substitutability", "share", "dormant"] },
    "survey-page": { "asked-survey": ["question", "by", "option", "base"] },
    "suppliers-page": { "asked-suppliers": ["firm", "seed"] },
    "rules-page": { "asked-rules": ["day", "span", "side", "state", "instrument", "pair"] },
    "scenarios-page": { "asked-scenarios": ["scenario", "stat", "by", "own"] }
  };
  var SLIDERS = ["substitutability", "share", "dormant"];
  var FILTERS = ["q", "sector", "tier"];
  var AGAIN = 1200; /* milliseconds within which steps of one slider are one step of going back */
  var lastSearch = window.location.search;
  var opener = null;
  var wantsFocus = false;
  var pending = 0;

  function params(search) { return new URLSearchParams(search === undefined ? window.location.search : search); }
  function set(id, props) { window.dash_clientside.set_props(id, props); }
  function none() { return window.dash_clientside.no_update; }
  function isDark() {
    var theme = document.documentElement.dataset.theme;
    return theme === "dark" || (theme === "system" && window.matchMedia("(prefers-color-scheme: dark)").matches);
  }
  function ground() { return { ground: isDark() ? "dark" : "light", narrow: window.innerWidth < 600 }; }

  function relink() {
    document.querySelectorAll("a[data-part]").forEach(function (link) {
      var wanted = params();
      wanted.set(link.dataset.part, link.dataset.value);
      if (!link.dataset.value) { wanted.delete(link.dataset.part); }
      link.href = window.location.pathname + "?" + wanted.toString().replace(/%2C/g, ",");
    });
    document.querySelectorAll("a[data-path]").forEach(function (link) {
      var now = params(), wanted = new URLSearchParams();
      ["lang", "theme", "compare"].forEach(function (key) { if (now.get(key)) { wanted.set(key, now.get(key)); } });
      var text = wanted.toString().replace(/%2C/g, ",");
      link.href = link.dataset.path + (text ? "?" + text : "");
    });
  }

  /* Tell the stores whose part of the address changed; `except` has been told already. */
  function spread(before, after, except) {
    var was = params(before), is = params(after);
    var page = Object.keys(SPREAD).filter(function (id) { return document.getElementById(id); })[0];
    if (!page) { return; }
    window.clearTimeout(pending);
    var flowChanged = (was.get("flow") || "") !== (is.get("flow") || "");
    if (except !== "slider") { SLIDERS.forEach(function (name) { slideTo(name, is.get(name)); }); }
    Object.keys(SPREAD[page]).forEach(function (store) {
      var changed = SPREAD[page][store].some(function (key) { return (was.get(key) || "") !== (is.get(key) || ""); });
      if (store === "asked-firm" && (was.get("compare") || "") !== (is.get("compare") || "") && is.get("firm")) { changed = true; }
      if (store === "asked-turn" && flowChanged) { changed = false; }
      if (changed && store !== except) { set(store, { data: after }); }
    });
    if (document.getElementById("grid") && (was.get("firm") || "") !== (is.get("firm") || "")) {
      set("grid", { selectedRows: is.get("firm") ? [{ firm: is.get("firm") }] : [] });
    }
  }

  function go(changes, options) {
    var wanted = params();
    Object.keys(changes).forEach(function (key) {
      if (changes[key]) { wanted.set(key, changes[key]); } else { wanted.delete(key); }
    });
    var text = wanted.toString().replace(/%2C/g, ",");
    var search = text ? "?" + text : "";
    if (search === window.location.search) { return null; }
    var before = window.location.search;
    window.history[options && options.replace ? "replaceState" : "pushState"](null, "", window.location.pathname + search);
    lastSearch = search;
    relink();
    spread(before, search, options && options.except);
    return search;
  }

  /* Sliders of one firm's what-if: where they stand while nothing is turned is told beside them. */
  function gridApi() {
    try { return window.dash_ag_grid.getApi("grid"); } catch (missing) { return null; }
  }
  function orderGrid(sort) {
    var api = gridApi(), id = (sort || "").replace("-", "");
    if (!api) { return; }
    api.applyColumnState({
      state: id ? [{ colId: id, sort: sort[0] === "-" ? "desc" : "asc" }] : [], defaultState: { sort: null }
    });
  }
  function slideTo(name, text) {
    var slider = document.getElementById("slide-" + name);
    if (!slider) { return; }
    var value = Number(text || slider.dataset.rest);
    if (isFinite(value)) { slider.put(value); }
  }
  var slid = { name: "", at: 0 };
  function slide(slider, text) {
    var name = slider.dataset.turn, value = Number(text), changes = {};
    changes[name] = Math.abs(value - slider.dataset.rest) < 1e-9 ? "" : String(Math.round(value * 1000) / 1000);
    var now = Date.now(), again = slid.name === name && now - slid.at < AGAIN;
    if (go(changes, { replace: again, except: "slider" }) !== null) { slid = { name: name, at: now }; }
  }
  /* Filters stay as they are while rows come; keys in quick succession are one step of going back and one question. */
  function filter(control, value) {
    var part = control.dataset.turn, typing = part === "q", changes = {};
    changes[part] = value;
    var search = go(changes, { replace: typing && params().get("q"), except: "asked-filter" });
    if (search === null) { return; }
    window.clearTimeout(pending);
    pending = window.setTimeout(function () { set("asked-filter", { data: search }); }, typing ? PAUSE : 0);
  }
  function settleFilters() {
    FILTERS.forEach(function (part) {
      var control = document.querySelector(".filters [data-turn='" + part + "']"), wanted = params().get(part) || "";
      if (!control || control.value === wanted) { return; }
      control.value = wanted;
      if (control.selectedIndex < 0) { control.value = ""; }
    });
  }
  var REST = { flow: "", substitutability: "", share: "", dormant: "" };

  function open(firm, from) {
    opener = from || document.activeElement; wantsFocus = true;
    go(Object.assign({}, firm === params().get("firm") ? {} : REST, { firm: firm }));
  }
  function close() {
    if (!params().get("firm") && !params().get("instrument")) { return; }
    closedCard = params().get("instrument") || "";
    if (closedCard) { keepPlaces(); }
    go(Object.assign({}, REST, { firm: "", instrument: "" }));
    if (opener && document.contains(opener)) { opener.focus(); }
  }
  function compared() { return (params().get("compare") || "").split(",").filter(Boolean); }

  var ACTS = {
    close: close,
    clear: function () {
      go({ q: "", sector: "", tier: "" });
      settleFilters();
    },
    "reset-what-if": function () { go(REST); },
    compare: function (firm) {
      var many = compared();
      if (many.indexOf(firm) < 0 && many.length < MOST) { go({ compare: many.concat(firm).join(",") }); }
    },
    uncompare: function (firm) { go({ compare: compared().filter(function (one) { return one !== firm; }).join(",") }); },
    "uncompare-all": function () { go({ compare: "" }); }
  };

  /* A button that is drawn anew gives the focus to what now stands in its place. */
  var acted = null;
  function settleActed() {
    if (!acted || document.activeElement !== document.body) { return; }
    var again = document.querySelector(acted + " [data-act=compare], " + acted + " [data-act=uncompare]")
      || document.getElementById(acted === ".drawer" ? "drawer-title" : "content");
    if (again) { again.focus({ preventScroll: true }); }
  }

  /* A list or a link that turns one part of the view; the focus comes back once the view is there. */
  var turnedBy = "", turnedAt = "", closedCard = "", places = {};
  function keepPlaces() {
    places = { "": window.scrollY };
    document.querySelectorAll(".table-scroll").forEach(function (one) { places[one.getAttribute("aria-label")] = one.scrollTop; });
  }
  function giveBackPlaces() {
    document.querySelectorAll(".table-scroll").forEach(function (one) {
      if (places[one.getAttribute("aria-label")]) { one.scrollTop = places[one.getAttribute("aria-label")]; }
    });
    if (places[""] !== undefined) { window.scrollTo(0, places[""]); }
    places = {};
  }
  function turn(control, value) {
    var changes = {};
    if (FILTERS.indexOf(control.dataset.turn) >= 0) { filter(control, value); return; }
    if (SLIDERS.indexOf(control.dataset.turn) >= 0) { slide(control, value); return; }
    changes[control.dataset.turn] = value;
    (control.dataset.clears || "").split(",").filter(Boolean).forEach(function (part) { changes[part] = ""; });
    turnedBy = control.dataset.turn + (control.tagName === "A" ? "" : "#");
    turnedAt = document.activeElement && document.activeElement.tagName === "INPUT" ? document.activeElement.id : "";
    opener = control;
    keepPlaces();
    go(changes);
  }
  document.addEventListener("change", function (event) {
    var list = event.target.closest("select[data-turn], input[data-turn]");
    if (list && (list.value || list.tagName === "SELECT")) { turn(list, list.value); }
  });
  document.addEventListener("input", function (event) {
    if (event.target.matches("input[type=search][data-turn]")) { turn(event.target, event.target.value); }
  });
  function settleTurns() {
    var is = params();
    document.querySelectorAll("select[data-turn]").forEach(function (list) {
      var chosen = Array.prototype.filter.call(list.options, function (o) { return o.hasAttribute("data-chosen"); })[0];
      if (chosen) { list.value = chosen.value; }
    });
    settleFilters();
    giveBackPlaces();
    var link = closedCard && document.querySelector("a[data-turn='instrument'][data-value='" + CSS.escape(closedCard) + "']");
    closedCard = "";
    if (link) { link.focus({ preventScroll: true }); }
    /* A card or a pair that was opened takes the focus; one that was closed gives it back. */
    var title = turnedBy === "instrument" ? document.getElementById("drawer-title")
      : turnedBy === "pair" ? document.getElementById(is.get("pair") ? "pair-title" : "matrix-title") : null;
    if (title) { title.focus(); turnedBy = ""; return; }
    if (turnedBy && !(document.activeElement && document.activeElement.closest("[data-turn]"))) {
      var part = turnedBy.replace("#", "");
      var again = turnedBy.slice(-1) === "#" ? document.getElementById(turnedAt) || document.getElementById("turn-" + part)
        : document.querySelector("a[data-turn='" + part + "'][data-value='" + (is.get(part) || "") + "']") || document.getElementById("turn-" + part);
      if (again) { again.focus(); }
    }
    turnedBy = "";
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-act]");
    acted = !button || !/compare/.test(button.dataset.act) ? null : button.closest(".drawer") ? ".drawer" : ".compared";
    if (button) { ACTS[button.dataset.act](button.dataset.value); return; }
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) { return; }
    var turner = event.target.closest("a[data-turn]");
    if (turner) { event.preventDefault(); turn(turner, turner.dataset.value); return; }
    var link = event.target.closest("a[data-firm]");
    var row = event.target.closest("#grid .ag-row");
    var firm = link ? link.dataset.firm : row && row.getAttribute("row-id");
    if (firm) { event.preventDefault(); open(firm, link || event.target.closest(".ag-cell")); }
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && document.querySelector(".drawer")) { close(); return; }
    var cell = event.target.closest && event.target.closest("#grid .ag-cell");
    if (cell && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      open(cell.closest(".ag-row").getAttribute("row-id"), cell);
    }
  });
  /* Going back inside a page: the stores follow; Dash need not build the page anew. */
  window.addEventListener("popstate", function (event) {
    event.stopImmediatePropagation();
    var before = lastSearch;
    lastSearch = window.location.search;
    var was = params(before), is = params();
    if (was.get("lang") !== is.get("lang") || was.get("theme") !== is.get("theme")) { window.location.reload(); return; }
    relink();
    spread(before, lastSearch);
    if ((was.get("sort") || "") !== (is.get("sort") || "")) { orderGrid(is.get("sort")); }
    settleFilters();
  }, true);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", function () {
    if (document.documentElement.dataset.theme === "system" && document.getElementById("react-entry-point")) {
      set("ground", { data: ground() });
    }
  });

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    crosspressure: {
      ground: function () { return ground(); },
      go: go,
      /* Rows come from the server block by block: a new filter empties what was fetched. */
      refill: function () {
        var api = gridApi();
        if (api) { api.purgeInfiniteCache(); if (api.getDisplayedRowCount()) { api.ensureIndexVisible(0); } }
        return none();
      },
      chosen: function () {
        var firm = params().get("firm");
        window.setTimeout(function () { set("grid", { selectedRows: firm ? [{ firm: firm }] : [] }); }, 50);
        return none();
      },
      sorted: function (columns) {
        var by = (columns || []).filter(function (one) { return one.sort; })[0];
        go({ sort: by ? (by.sort === "desc" ? "-" : "") + by.colId : "" }, { except: "asked-filter" });
        return none();
      },
      turned: function () {
        window.setTimeout(function () { settleTurns(); relink(); }, 0);
        return none();
      },
      settle: function () {
        window.setTimeout(function () {
          var title = document.getElementById("drawer-title");
          if (title && wantsFocus) { title.focus(); }
          wantsFocus = false;
          settleActed();
          relink();
        }, 0);
        return none();
      }
    }
  });
})();
