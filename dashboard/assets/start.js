/* The note for a first visit is put away and shown again; a release that was replaced is told of; the start page waits for one. */
(function () {
  "use strict";
  var HEADER = "X-Crosspressure-Release", SEEN = "crosspressure-guide-seen", PAUSE = 5000;
  var root = document.documentElement;

  function remember(seen) {
    try { if (seen) { window.localStorage.setItem(SEEN, "yes"); } else { window.localStorage.removeItem(SEEN); } } catch (no) { /* as it is */ }
    root.dataset.guide = seen ? "seen" : "first";
  }
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-guide]");
    if (!button || button === root) { return; }
    var closes = button.dataset.guide === "close";
    remember(closes);
    var next = closes ? document.getElementById("content") : document.querySelector("#guide button");
    if (next) { next.focus({ preventScroll: closes }); }
    if (!closes) { document.getElementById("guide").scrollIntoView({ block: "center" }); }
  });

  /* Answers say which release they are of: once that changes, parts of the page are of two. */
  var first = "", plain = window.fetch;
  function tell() {
    var room = document.getElementById("newer");
    if (!room || room.firstChild) { return; }
    var words = document.createElement("span"), link = document.createElement("a");
    words.textContent = room.dataset.words;
    link.textContent = room.dataset.act;
    link.href = window.location.href;
    link.addEventListener("click", function (event) { event.preventDefault(); window.location.reload(); });
    room.append(words, " ", link);
  }
  window.fetch = function () {
    return plain.apply(this, arguments).then(function (answer) {
      var now = answer.headers.get(HEADER);
      if (now && first && now !== first) { tell(); }
      first = first || now || "";
      return answer;
    });
  };

  /* Without a release: look for one, and turn into it. */
  function look() {
    plain("/", { method: "HEAD", cache: "no-store" }).then(function (answer) {
      if (answer.headers.get(HEADER)) { window.location.reload(); }
    }).catch(function () { /* stopped for a moment: look again */ });
  }
  if (document.getElementById("waiting-for-release")) { window.setInterval(look, PAUSE); }
})();
