/* The note for a first visit is put away and shown again; a release that was replaced and a server that does not
   answer are told of; the start page waits for a release. */
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
  function tell(id, said) {
    var room = document.getElementById(id);
    if (!room || room.firstChild) { return; }
    var words = document.createElement("span"), link = document.createElement("a");
    words.textContent = room.dataset[said];
    link.textContent = room.dataset.act;
    link.href = window.location.href;
    link.addEventListener("click", function (event) { event.preventDefault(); window.location.reload(); });
    room.append(words, " ", link);
  }
  /* A choice that was not answered: the page still shows what was chosen before. */
  function answered(status) {
    var room = document.getElementById("unanswered");
    if (room && status < 400) { room.replaceChildren(); }
    if (status >= 400) { tell("unanswered", status === 401 ? "signedOut" : "words"); }
  }
  var leaves = false;
  window.addEventListener("beforeunload", function () {
    leaves = true;  // what is under way ends unanswered then; a download ends nothing
    window.setTimeout(function () { leaves = false; }, 2000);
  });
  window.fetch = function (asked) {
    var chosen = String((asked && asked.url) || asked).indexOf("_dash-update-component") >= 0;
    return plain.apply(this, arguments).then(function (answer) {
      var now = answer.headers.get(HEADER);
      if (now && first && now !== first) { tell("newer", "words"); }
      first = first || now || "";
      if (chosen) { answered(answer.status); }
      return answer;
    }, function (error) {
      if (chosen && !leaves && error.name !== "AbortError") { answered(503); }
      throw error;
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
