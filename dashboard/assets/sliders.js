/* Sliders of what-if: native ones that move from stop to stop; one stop is where the firm stands now. */
(function () {
  "use strict";
  var FINE = 10000; /* parts of one that a place on the track is told in */
  var ALIKE = 0.001; /* stops nearer than this would read the same */
  var PUT = "{put}";
  var held = false;
  function make(tag, kind, words) {
    var one = document.createElement(tag);
    if (kind) { one.className = kind; }
    if (words !== undefined) { one.textContent = words; }
    return one;
  }
  function round(value) { return Math.round(value * FINE) / FINE; }
  function stopsOf(told) {
    var found = [told.rest];
    for (var at = 0; at * told.step < told.most; at += 1) { found.push(round(at * told.step)); }
    found.push(told.most);
    return found.filter(function (one, at) { return !at || Math.abs(one - told.rest) >= ALIKE; })
      .sort(function (a, b) { return a - b; });
  }
  function nearest(stops, value) {
    return stops.reduce(function (best, one) { return Math.abs(one - value) < Math.abs(best - value) ? one : best; });
  }
  /* The next stop on the way from one value to another a little beside it, as an arrow key goes. */
  function next(stops, from, to) {
    var beyond = stops.filter(function (one) { return to > from ? one > from : one < from; });
    return beyond.length ? beyond[to > from ? 0 : beyond.length - 1] : from;
  }
  function build(place) {
    var told = JSON.parse(place.dataset.slider), stops = stopsOf(told), hadFocus = place.contains(document.activeElement);
    var input = make("input"), label = make("label", "", told.label), stands = make("span"), line = make("div", "sector-line");
    var room = make("div", "slider-room"), mark = make("span", "slider-rest"), ends = make("div", "bar-ends"), at = told.rest;
    input.type = "range"; input.id = label.htmlFor = "slide-" + told.part;
    input.min = 0; input.max = told.most; input.step = 1 / FINE;
    input.dataset.turn = told.part; input.dataset.rest = told.rest;
    /* Shows a value; called from outside too, where the address is what changed. */
    input.put = function (value) {
      at = Math.min(Math.max(value, 0), told.most);
      input.value = at;
      input.style.setProperty("--at", at / told.most);
      var isMoved = Math.abs(at - told.rest) > 1e-9, words = told.moved.split(PUT), shown = at.toFixed(3);
      stands.textContent = isMoved ? words[0] : told.stands;
      if (isMoved) { stands.append(make("strong", "", shown), words[1]); }
      input.setAttribute("aria-valuetext", isMoved ? told.said.replace(PUT, shown) : told.stands);
    };
    input.addEventListener("pointerdown", function () { held = true; });
    input.addEventListener("input", function () {
      var to = Number(input.value), isStep = !held && to > 0 && to < told.most && Math.abs(to - at) < told.step;
      input.put(isStep ? next(stops, at, to) : nearest(stops, to));
    });
    mark.style.setProperty("--at", told.rest / told.most);
    [mark, ends].forEach(function (one) { one.setAttribute("aria-hidden", "true"); });
    line.append(label, stands);
    room.append(mark, input);
    told.ends.forEach(function (words) { ends.append(make("span", "", words)); });
    place.replaceChildren(line, room, ends);
    input.put(told.value);
    if (hadFocus) { input.focus(); }
  }
  /* A browser may tell of one more place as the pointer is let go. */
  ["pointerup", "pointercancel"].forEach(function (name) {
    window.addEventListener(name, function () { window.setTimeout(function () { held = false; }, 0); });
  });
  window.crosspressure.whereTold("data-slider", build);
})();
