/* Cells of the grid: a firm as a link, a measure as its number and its interval. */
(function () {
  "use strict";
  var parts = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  var ways = (window.dashAgGridFunctions = window.dashAgGridFunctions || {});
  /* One stop of Tab for all rows: arrows go from cell to cell, Tab goes on to what follows the grid. */
  ways.leaveByTab = function () { return false; };
  function make() { return window.React.createElement.apply(null, arguments); }
  function at(value, to) { return (100 * Math.min(Math.max(value / to, 0), 1)).toFixed(2) + "%"; }
  function span(kind, low, high, to) {
    return make("span", { className: kind, key: kind, style: { left: at(low, to), width: at(high - low, to) } });
  }
  parts.CrossFirm = function (props) {
    if (!props.data) { return null; } /* its block of rows is on its way */
    var wanted = new URLSearchParams(window.location.search);
    wanted.set("firm", props.data.firm);
    return make("span", { className: "cell-firm" },
      make("span", { className: "id" }, props.data.firm),
      make("a", { href: window.location.pathname + "?" + wanted.toString(), tabIndex: -1, "data-firm": props.data.firm },
        props.value || props.data.firm));
  };
  parts.CrossInterval = function (props) {
    if (!props.data) { return null; }
    var row = props.data, name = props.colDef.field, marks = [];
    if (props.value === null || props.value === undefined) {
      return make("span", { className: "cell-missing" }, props.missing);
    }
    var low = row[name + "_low"], high = row[name + "_high"];
    if (low !== null && high !== null) { marks.push(span("bar-wide", low, high, props.to)); }
    if (row[name + "_low50"] !== null && row[name + "_high50"] !== null) {
      marks.push(span("bar-half", row[name + "_low50"], row[name + "_high50"], props.to));
    }
    marks.push(make("span", { className: "bar-point", key: "point", style: { left: at(props.value, props.to) } }));
    var words = low !== null && high !== null ? low.toFixed(props.digits) + "–" + high.toFixed(props.digits) : "";
    if (props.plain) { return make("span", { className: "cell-plain", title: words }, props.value.toFixed(props.digits)); }
    return make("div", { className: "cell-measure", title: words },
      make("span", { className: "n" }, props.value.toFixed(props.digits)),
      make("span", { className: "bar " + props.side, role: "img", "aria-label": words }, marks));
  };
})();
