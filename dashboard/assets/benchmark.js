/* Benchmark: builds the form, sends it once, shows what comes back; nothing of it goes into the address or a store. */
(function () {
  "use strict";
  function make(tag, kind, words) {
    var one = document.createElement(tag);
    if (kind) { one.className = kind; }
    if (words !== undefined) { one.textContent = words; }
    return one;
  }
  function under(parent) {
    Array.prototype.slice.call(arguments, 1).forEach(function (child) { parent.appendChild(child); });
    return parent;
  }
  function field(id, label, hint, input, room) {
    var name = make("label", "", label), told = make("span", "hint", hint);
    name.htmlFor = input.id = "bring-" + id;
    told.id = "bring-hint-" + id;
    input.setAttribute("aria-describedby", told.id);
    return under(make("div", "field"), name, room || input, told);
  }
  function ask(question, words) {
    var many = question.kind === "multiple", box = make(many ? "fieldset" : "div", "ask"), id = "ask-" + question.id;
    if (!many) {
      var label = make("label", "", question.label), list = make("select");
      label.htmlFor = list.id = id;
      list.dataset.question = question.id;
      list.appendChild(new Option(words.no_answer, ""));
      question.options.forEach(function (one) { list.appendChild(new Option(one[1], one[0])); });
      return under(box, label, list);
    }
    box.appendChild(make("legend", "", question.label));
    question.options.forEach(function (one) {
      var line = make("label", "tick"), tick = make("input");
      tick.type = "checkbox";
      tick.dataset.set = question.id;
      tick.value = one[0];
      box.appendChild(under(line, tick, make("span", "", one[1])));
    });
    return box;
  }
  function button(words, act, kind) {
    var one = make("button", kind, words);
    one.type = "button";
    one.addEventListener("click", act);
    return one;
  }

  function build(place) {
    var told = JSON.parse(place.dataset.form), words = told.words;
    var fault = document.getElementById("benchmark-fault"), result = document.getElementById("benchmark-result");
    var status = make("span");
    status.setAttribute("role", "status");
    var bring = make("div", "bring"), inputs = {}, names = {};
    told.files.forEach(function (file) {
      var input = inputs[file.id] = make("input");
      names[file.id] = window.crosspressure.fileField(input, words.file);
      bring.appendChild(field(file.id, file.label, file.hint, input, names[file.id].room));
    });
    var firm = make("input");
    firm.type = "text";
    firm.autocomplete = "off";
    bring.appendChild(field("firm", words.firm, words.firm_hint, firm));
    var form = make("details"), asks = make("div", "asks"), empty = make("a", "", words.form_csv);
    form.appendChild(make("summary", "", words.form));
    told.questions.forEach(function (question) { asks.appendChild(ask(question, words)); });
    form.appendChild(asks);
    empty.href = told.csv;
    empty.setAttribute("download", "");
    var compare = button(words.compare, send, "first"), clear = button(words.clear, wipe, "");
    under(place, bring, form, under(make("p", "links"), empty), under(make("div", "acts"), compare, clear, status));

    function answers() {
      var found = {};
      place.querySelectorAll("select[data-question]").forEach(function (list) {
        if (list.value) { found[list.dataset.question] = [list.value]; }
      });
      place.querySelectorAll("input[data-set]:checked").forEach(function (tick) {
        (found[tick.dataset.set] = found[tick.dataset.set] || []).push(tick.value);
      });
      return found;
    }
    function chosen() {
      return Object.keys(inputs).filter(function (id) { return inputs[id].files.length; });
    }
    function content(file) {
      return new Promise(function (done, broken) {
        var reader = new FileReader();
        reader.onload = function () { done({ name: file.name, content: String(reader.result).split(",")[1] || "" }); };
        reader.onerror = broken;
        reader.readAsDataURL(file);
      });
    }
    function brought() {
      var ids = chosen(), given = answers();
      if (!ids.length && !Object.keys(given).length) { return Promise.reject({ words: words.nothing }); }
      var size = ids.reduce(function (sum, id) { return sum + inputs[id].files[0].size; }, 0);
      if (size > told.most) { return Promise.reject({ words: words.too_large }); }
      return Promise.all(ids.map(function (id) { return content(inputs[id].files[0]); })).then(function (read) {
        var files = {};
        ids.forEach(function (id, at) { files[id] = read[at]; });
        return JSON.stringify({ lang: told.lang, firm: firm.value, answers: given, files: files });
      });
    }
    function post(path) {
      return brought().then(function (body) {
        return window.fetch(path, {
          method: "POST", body: body, cache: "no-store", credentials: "same-origin", headers: { "Content-Type": "application/json" }
        });
      }).then(function (answer) {
        if (answer.ok) { return answer; }
        if (answer.status === 413) { throw { words: words.too_large }; }
        return answer.json().catch(function () { return {}; }).then(function (said) {
          throw said.fault ? { fault: said.fault } : { words: said.failed || words.failed };
        });
      });
    }
    function busy(is) {
      compare.disabled = is;
      place.setAttribute("aria-busy", is ? "true" : "false");
      fault.textContent = "";
      status.textContent = is ? words.working : "";
    }
    function wrong(error) {
      busy(false);
      if (!error || !error.fault) { status.textContent = (error && error.words) || words.failed; return; }
      var list = make("dl");
      ["where", "found", "expected", "do"].forEach(function (key) {
        if (error.fault[key]) { under(list, make("dt", "", words["fault_" + key]), make("dd", "", error.fault[key])); }
      });
      fault.appendChild(under(make("div", "fault"), list));
      fault.scrollIntoView({ block: "nearest" });
    }
    function save(blob, name) {
      var link = make("a");
      link.href = window.URL.createObjectURL(blob);
      link.download = name;
      document.body.appendChild(link);
      link.click();
      link.remove();
      window.setTimeout(function () { window.URL.revokeObjectURL(link.href); }, 1000);
    }
    function send() {
      busy(true);
      result.textContent = "";
      post("/benchmark/compare").then(function (answer) { return answer.json(); }).then(function (said) {
        busy(false);
        status.textContent = words.done;
        /* Made by the server, every word from outside escaped. The policy lets no look in that comes as text. */
        result.innerHTML = said.html.replace(/ style="/g, ' data-look="');
        result.querySelectorAll("[data-look]").forEach(function (one) { one.style.cssText = one.dataset.look; });
        var acts = make("div", "acts");
        if (told.pdf) {
          acts.appendChild(button(words.take_pdf, function () {
            busy(true);
            post("/benchmark/report.pdf").then(function (answer) { return answer.blob(); }).then(function (blob) {
              busy(false);
              save(blob, "benchmark.pdf");
            }).catch(wrong);
          }, ""));
        }
        acts.appendChild(button(words.take_csv, function () {
          save(new Blob(["\ufeff" + said.csv], { type: "text/csv" }), "benchmark.csv");
        }, ""));
        acts.appendChild(button(words.take_print, function () { window.print(); }, ""));
        result.insertBefore(acts, result.children[1] || null);
        var claim = document.getElementById("benchmark-claim");
        if (claim) { claim.focus({ preventScroll: true }); claim.scrollIntoView({ block: "start" }); }
      }).catch(wrong);
    }
    function wipe() {
      busy(false);
      result.textContent = "";
      firm.value = "";
      Object.keys(inputs).forEach(function (id) { inputs[id].value = ""; names[id].tell(); });
      place.querySelectorAll("select").forEach(function (list) { list.value = ""; });
      place.querySelectorAll("input[data-set]").forEach(function (tick) { tick.checked = false; });
      status.textContent = words.cleared;
    }
  }
  function look() {
    var place = document.getElementById("benchmark-form");
    if (place && !place.firstChild) { build(place); }
  }
  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", look);
})();
