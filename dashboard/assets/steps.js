/* Work in the background: the server tells its steps as it goes on; the reader sees them and can stop it. */
(function () {
  "use strict";
  var HEADER = "X-Crosspressure-Steps", AGAIN = 1500; /* milliseconds before a busy server is asked again */

  function pause(time, signal) {
    return new Promise(function (done, failed) {
      var clock = window.setTimeout(done, time);
      signal.addEventListener("abort", function () { window.clearTimeout(clock); failed(signal.reason); }, { once: true });
    });
  }
  function join(parts) {
    var whole = new Uint8Array(parts.reduce(function (sum, part) { return sum + part.length; }, 0)), at = 0;
    parts.forEach(function (part) { whole.set(part, at); at += part.length; });
    return whole;
  }
  /* Lines of JSON until one that says what came of it, then as many bytes as it names. */
  function read(answer, told) {
    var reader = answer.body.getReader(), rest = new Uint8Array(0), head = null, parts = [];
    function take(bytes) {
      if (head) { parts.push(bytes); return; }
      rest = join([rest, bytes]);
      for (var end = rest.indexOf(10); end >= 0 && !head; end = rest.indexOf(10)) {
        var line = JSON.parse(new TextDecoder().decode(rest.subarray(0, end)));
        rest = rest.slice(end + 1);
        if (line.failed) { throw new Error("failed"); }
        if ("size" in line) { head = line; parts.push(rest); } else { told(line); }
      }
    }
    function next() {
      return reader.read().then(function (piece) {
        if (!piece.done) { take(piece.value); return next(); }
        var whole = join(parts);
        if (!head || whole.length !== head.size) { throw new Error("cut off"); }
        return { name: head.name, blob: new Blob([whole], { type: head.type }) };
      });
    }
    return next();
  }
  function follow(url, signal, told, busy) {
    var headers = {};
    headers[HEADER] = "1";
    return window.fetch(url, { headers: headers, signal: signal }).then(function (answer) {
      if (answer.status === 503) {
        busy();
        return pause(AGAIN, signal).then(function () { return follow(url, signal, told, busy); });
      }
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return read(answer, told);
    });
  }

  /* Show the work in a place; the promise gives what was made, or null where it was stopped or failed. */
  function watch(place, said, url, back) {
    if (place.stop) { place.stop(); }
    var mine = new AbortController(), started = Date.now();
    var words = document.createElement("span"), clock = document.createElement("span");
    var bar = document.createElement("progress"), stop = document.createElement("button");
    bar.setAttribute("aria-label", said.working);
    clock.setAttribute("aria-hidden", "true");
    stop.type = "button";
    stop.textContent = said.stop;
    place.stop = function () { mine.abort(); };
    stop.addEventListener("click", place.stop);
    words.textContent = said.working;
    place.replaceChildren(words, " ", clock, " ", bar, " ", stop);
    function tell(text) { if (text && words.textContent !== text) { words.textContent = text; } }
    var ticking = window.setInterval(function () {
      clock.textContent = Math.round((Date.now() - started) / 1000) + " s";
    }, 1000);
    return follow(url, mine.signal, function (line) {
      tell(line.words);
      if (line.of) { bar.max = line.of; bar.value = line.at; } else { bar.removeAttribute("value"); }
    }, function () { tell(said.busy); bar.removeAttribute("value"); }).catch(function () {
      if (place.contains(stop)) { place.textContent = mine.signal.aborted ? said.stopped : said.failed; }
      if (back && mine.signal.aborted) { back.focus(); }
      return null;
    }).finally(function () { window.clearInterval(ticking); });
  }
  window.crosspressure = Object.assign(window.crosspressure || {}, { watch: watch });
})();
