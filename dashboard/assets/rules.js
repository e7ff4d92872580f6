/* The day of the timeline: a field to type it in and a slider over the days, both turn the same part of the view. */
(function () {
  "use strict";
  var DAY = 86400000, PAUSE = 300, later = 0;
  /* The day last asked for, and what was written in the field after it: an answer draws the field anew and keeps that. */
  var asked = "", since = null;
  function days(text) { return Math.round(Date.parse(text + "T00:00:00Z") / DAY); }
  function text(count) { return new Date(count * DAY).toISOString().slice(0, 10); }
  function labelled(words, input) {
    var label = document.createElement("label"), span = document.createElement("span");
    span.textContent = words;
    label.append(span, input);
    return label;
  }
  function build(place, told) {
    var slider = document.createElement("input"), day = window.crosspressure.dayField(told), field = day.field;
    field.id = "turn-day"; field.dataset.turn = "day";
    function keep() {
      var isWrong = field.getAttribute("aria-invalid") === "true";
      if (!isWrong && field.value === window.crosspressure.asDay(field.value)) { asked = field.value; since = null; } else { since = { text: field.value, isWrong: isWrong }; }
    }
    field.addEventListener("input", keep); field.addEventListener("change", keep);
    slider.type = "range"; slider.id = "slide-day"; slider.step = 1;
    slider.addEventListener("input", function () { field.value = text(Number(slider.value)); slider.setAttribute("aria-valuetext", field.value); });
    slider.addEventListener("change", function () {  // an arrow key is a change each time it is pressed
      window.clearTimeout(later);
      later = window.setTimeout(function () { field.dispatchEvent(new Event("change", { bubbles: true })); }, PAUSE);
    });
    var first = document.createElement("div");
    first.append(labelled(told.field, field), day.told);
    place.replaceChildren(first, labelled(told.slider, slider));
  }
  function settle(place) {
    var told = JSON.parse(place.dataset.day);
    if (!place.querySelector("#slide-day")) { build(place, told); }
    var slider = place.querySelector("#slide-day");
    slider.min = days(told.first); slider.max = days(told.last);
    slider.value = days(told.day);
    slider.setAttribute("aria-valuetext", told.day);
    var field = place.querySelector("#turn-day");
    if (told.day !== asked) { asked = told.day; since = null; }
    if (since) {
      field.value = since.text;
      if (since.isWrong) { field.dispatchEvent(new Event("change")); }
    } else if (field.value !== told.day) { field.value = told.day; field.dispatchEvent(new Event("input")); }
  }
  window.crosspressure.whereTold("data-day", settle);
})();
