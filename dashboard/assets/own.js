/* A scenario of one's own: its text is packed into the address, so that the address holds it and going back undoes it. */
(function () {
  "use strict";
  var MOST = 3400; /* characters of an address that every server and mail program lets through */

  function pack(text) {
    var packed = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate"));
    return new Response(packed).arrayBuffer().then(function (found) {
      var letters = Array.from(new Uint8Array(found), function (one) { return String.fromCharCode(one); }).join("");
      return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
    });
  }
  function state() { return document.getElementById("own-state"); }
  var isWaiting = false;
  function turn(word) {
    if (window.dash_clientside.crosspressure.go({ own: word, scenario: "" }) !== null) {
      state().textContent = state().dataset.working;
      isWaiting = true;
    }
  }
  /* Worked out in the background first, so that it can be stopped; what does not fit, the page says. */
  function begin(word) {
    if (!word) { turn(word); return; }
    var place = state(), lang = document.documentElement.lang;
    var url = "/scenario.steps?lang=" + lang + "&own=" + encodeURIComponent(word);
    window.crosspressure.watch(place, place.dataset, url, document.getElementById("own-compute")).then(function (made) {
      if (made || place.textContent === place.dataset.failed) { turn(word); }
    });
  }
  /* What came back is looked at where it stands: at the top, or under the text that does not fit. */
  function arrive() {
    if (!state()) { return; }
    fill();
    if (isWaiting && !state().textContent) {
      isWaiting = false;
      var wrong = document.querySelector(".own .fault");
      (wrong || document.getElementById("scenarios-claim")).scrollIntoView({ block: wrong ? "center" : "start" });
    }
  }
  function compute() {
    pack(document.getElementById("own-text").value).then(function (word) {
      if (word.length > MOST) { state().textContent = state().dataset.too_long; } else { begin(word); }
    });
  }
  document.addEventListener("click", function (event) {
    var at = event.target.closest("[data-own]");
    if (!at) { return; }
    if (at.dataset.own === "compute") { compute(); }
    if (at.dataset.own === "turn" && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
      event.preventDefault();
      begin(at.dataset.value);
    }
  });
  document.addEventListener("keydown", function (event) {
    if (event.target.id === "own-text" && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      compute();
    }
  });
  new MutationObserver(arrive).observe(document.documentElement, { childList: true, subtree: true });
  /* The field for a file is made here: components of the page have none. */
  function fill() {
    var room = document.getElementById("own-file");
    if (!room || room.firstChild) { return; }
    var field = document.createElement("input");
    field.setAttribute("aria-label", room.dataset.label);
    field.accept = ".toml,text/plain";
    field.addEventListener("change", function () {
      if (field.files.length) {
        field.files[0].text().then(function (text) { document.getElementById("own-text").value = text; compute(); });
      }
    });
    room.appendChild(window.crosspressure.fileField(field, room.dataset).room);
  }
})();
