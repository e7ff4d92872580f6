/* What has to be known before the page is drawn, so that nothing moves: whether the note for a first visit was put
   away. The browser alone remembers; where it may not, the note comes back with each visit. */
(function () {
  "use strict";
  var seen = false, nonce = document.currentScript.nonce, make = document.createElement;
  try { seen = window.localStorage.getItem("crosspressure-guide-seen") === "yes"; } catch (no) { /* as it is */ }
  document.documentElement.dataset.guide = seen ? "seen" : "first";
  /* Bundles of components bring sheets of style as text: those that scripts make bear the word of this answer. */
  document.createElement = function (name) {
    var one = make.apply(document, arguments);
    if (String(name).toLowerCase() === "style") { one.nonce = nonce; }
    return one;
  };
})();
