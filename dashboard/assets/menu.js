/* On a narrow screen the pages are a menu: one button opens and closes it, Escape closes it. */
(function () {
  "use strict";
  function put(button, isOpen) {
    button.setAttribute("aria-expanded", isOpen ? "true" : "false");
    button.closest(".rail").classList.toggle("open", isOpen);
  }
  document.addEventListener("click", function (event) {
    var button = event.target.closest(".rail-menu");
    if (button) { put(button, button.getAttribute("aria-expanded") !== "true"); }
  });
  document.addEventListener("keydown", function (event) {
    var button = document.querySelector(".rail.open .rail-menu");
    if (event.key !== "Escape" || !button || document.querySelector(".drawer")) { return; }
    put(button, false);
    button.focus();
  });
})();
