/* Fields built here: they speak the language of the page, where a browser would label those for files and days in its own. */
(function () {
  "use strict";
  function make(tag, kind, words) {
    var one = document.createElement(tag);
    one.className = kind;
    one.textContent = words;
    return one;
  }
  /* The field lies unseen over a button and the name of the file: clicks, keys and dropped files reach it. */
  function fileField(input, words) {
    var room = make("span", "file-room", ""), name = make("span", "file-name", words.none);
    var button = make("span", "file-button", words.choose);
    function tell() {
      name.textContent = input.files.length ? input.files[0].name : words.none;
      room.classList.toggle("has-file", input.files.length > 0);
    }
    input.type = "file";
    input.addEventListener("change", tell);
    [button, name].forEach(function (one) { one.setAttribute("aria-hidden", "true"); });
    room.append(input, button, name);
    return { room: room, tell: tell };
  }
  /* A day as a reader may write it (2026/4/3, 2026年4月3日, 20260403) as 2026-04-03; "" where it is none. */
  function asDay(text) {
    var plain = text.trim().replace(/[０-９]/g, function (one) { return String.fromCharCode(one.charCodeAt(0) - 0xFEE0); });
    var found = /^(\d{4})\D?(\d{1,2})\D?(\d{1,2})日?$/.exec(plain);
    if (!found) { return ""; }
    var iso = [found[1], found[2].padStart(2, "0"), found[3].padStart(2, "0")].join("-"), read = new Date(iso + "T00:00:00Z");
    return !isNaN(read) && read.toISOString().slice(0, 10) === iso ? iso : "";
  }
  /* A day written by hand; one that is none stays, is marked and said to be none, and turns nothing. */
  function dayField(words) {
    var field = document.createElement("input"), told = make("span", "day-told", words.how);
    field.type = "text";
    field.inputMode = "numeric";
    field.autocomplete = "off";
    field.maxLength = 12;
    told.id = "turn-day-told";
    field.setAttribute("aria-describedby", told.id);
    function mark(isWrong) {
      field.setAttribute("aria-invalid", isWrong ? "true" : "false");
      told.textContent = isWrong ? words.wrong : words.how;
    }
    /* A whole day counts as soon as it stands there, as in a browser's own field. */
    field.addEventListener("input", function (event) {
      if (field.value === asDay(field.value)) {
        mark(false);
        if (event.isTrusted) { field.dispatchEvent(new Event("change", { bubbles: true })); }
      }
    });
    field.addEventListener("change", function (event) {
      var day = asDay(field.value);
      if (day) { field.value = day; } else { event.stopPropagation(); }
      mark(!day);
    });
    return { field: field, told: told };
  }
  /* A field to search in; what is written there turns a part of the view as it is written. */
  function searchField(place) {
    var told = JSON.parse(place.dataset.search), label = make("label", "turn", ""), field = document.createElement("input");
    field.type = "search";
    field.id = field.dataset.turn = told.part;
    field.placeholder = told.hint;
    field.autocomplete = "off";
    field.spellcheck = false;
    field.value = told.value;
    label.append(make("span", "", told.label), field);
    place.replaceChildren(label);
  }
  /* Calls for each place that bears an attribute, once it comes in and whenever it tells something else. */
  function whereTold(attribute, settle) {
    new MutationObserver(function (changes) {
      changes.forEach(function (change) {
        if (change.type === "attributes") { if (change.target.hasAttribute(attribute)) { settle(change.target); } return; }
        change.addedNodes.forEach(function (node) {
          if (node.nodeType !== 1) { return; }
          if (node.hasAttribute(attribute)) { settle(node); }
          node.querySelectorAll("[" + attribute + "]").forEach(settle);
        });
      });
    }).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: [attribute] });
  }
  whereTold("data-search", searchField);
  window.crosspressure = Object.assign(window.crosspressure || {}, {
    fileField: fileField, dayField: dayField, asDay: asDay, whereTold: whereTold
  });
})();
