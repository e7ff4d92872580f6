/* Briefs to take away: made in the background, then saved. */
(function () {
  "use strict";
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
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[data-take]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) { return; }
    event.preventDefault();
    var place = link.closest(".take"), status = place.querySelector("[role=status]");
    window.crosspressure.watch(status, place.dataset, link.href, link).then(function (made) {
      if (!made) { return; }
      save(made.blob, made.name);
      status.textContent = place.dataset.done.replace("…", made.name + ", " + size(made.blob.size));
    });
  });
})();
