/* Briefs to take away: fetched so that the page can say how far they are, and stop them. */
(function () {
  "use strict";
  var running = null;
  function save(blob, name) {
    var link = document.createElement("a");
    link.href = window.URL.createObjectURL(blob);
    link.download = name;
    document.body.appendChild(link);
    link.click();
    link.remove();
    window.setTimeout(function () { window.URL.revokeObjectURL(link.href); }, 1000);
  }
  function size(bytes) {
    return bytes < 1e6 ? Math.ceil(bytes / 1e3) + " kB" : (bytes / 1e6).toFixed(1) + " MB";
  }
  function take(link) {
    var place = link.closest(".take"), status = place.querySelector("[role=status]");
    if (running) { running.abort(); }
    var mine = running = new AbortController();
    var started = Date.now();
    var words = document.createElement("span"), stop = document.createElement("button");
    stop.type = "button";
    stop.textContent = place.dataset.stop;
    stop.addEventListener("click", function () { mine.abort(); });
    status.textContent = "";
    status.append(words, " ", stop);
    function count() {
      var seconds = Math.round((Date.now() - started) / 1000);
      words.textContent = place.dataset.working.replace("…", seconds > 1 ? " " + seconds + " s" : "");
    }
    count();
    var clock = window.setInterval(count, 1000);
    window.fetch(link.href, { signal: mine.signal }).then(function (answer) {
      if (!answer.ok) { throw new Error(String(answer.status)); }
      var named = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") || "");
      return answer.blob().then(function (blob) {
        var name = named ? named[1] : "brief." + link.dataset.take;
        save(blob, name);
        status.textContent = place.dataset.done.replace("…", name + ", " + size(blob.size));
      });
    }).catch(function (error) {
      status.textContent = error.name === "AbortError" ? place.dataset.stopped : place.dataset.failed;
      link.focus();
    }).finally(function () {
      window.clearInterval(clock);
      if (running === mine) { running = null; }
    });
  }
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[data-take]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) { return; }
    event.preventDefault();
    take(link);
  });
})();
