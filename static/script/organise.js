/* What the organisers' pages gain from script: choosing rows, with their number said in words. */
(function () {
  "use strict";

  Array.prototype.forEach.call(document.querySelectorAll("[data-select-all]"), function (all) {
    var form = all.form || document;
    var rows = Array.prototype.slice.call(form.querySelectorAll("input[type=checkbox][name=row]"));
    var counter = form.querySelector("[data-count]");
    var before = counter && counter.textContent;

    function count() {
      var chosen = rows.filter(function (row) { return row.checked; }).length;
      all.checked = chosen > 0 && chosen === rows.length;
      all.indeterminate = chosen > 0 && chosen < rows.length;
      if (counter) {
        counter.textContent = chosen ? counter.getAttribute("data-count").replace("%n", chosen) : before;
      }
    }

    all.hidden = false;
    if (counter) {
      counter.setAttribute("aria-live", "polite");
    }
    all.addEventListener("change", function () {
      rows.forEach(function (row) { row.checked = all.checked; });
      count();
    });
    rows.forEach(function (row) { row.addEventListener("change", count); });
    count();
  });
})();
