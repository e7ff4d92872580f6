/* Whether the note for a first visit was put away: known before the page is drawn, so that nothing moves. The
   browser alone remembers; where it may not, the note comes back with each visit. */
(function () {
  "use strict";
  var seen = false;
  try { seen = window.localStorage.getItem("crosspressure-guide-seen") === "yes"; } catch (no) { /* as it is */ }
  document.documentElement.dataset.guide = seen ? "seen" : "first";
})();
