/* Counting words as people do; the same as `words` in blender_event/pitches/rules_sending.py. Without it, words are counted when saved. */
(function () {
  "use strict";

  var sign;
  try {
    sign = new RegExp("[\\p{L}\\p{N}]", "u");
  } catch (fault) {
    return; /* an old browser: the counter of the server stays */
  }
  var gaps = new RegExp("[\\s\\u0085\\u001c-\\u001f\\u200b\\ufeff]+");

  window.countWords = function (text) {
    return text.split(gaps).filter(function (part) { return sign.test(part); }).length;
  };

  Array.prototype.forEach.call(document.querySelectorAll("[data-count]"), function (line) {
    var field = document.getElementById(line.getAttribute("data-count"));
    var shown = line.querySelector("span");
    var told = document.createElement("span");
    var pause;
    if (!field || !shown) {
      return;
    }
    told.className = "unseen";
    told.setAttribute("aria-live", "polite");
    line.appendChild(told);

    function words() {
      var left = Number(line.getAttribute("data-limit")) - window.countWords(field.value);
      var kind = (left < 0 ? "data-over" : "data-left") + (Math.abs(left) === 1 ? "-one" : "");
      line.className = line.className.replace(" over", "") + (left < 0 ? " over" : "");
      return line.getAttribute(kind).replace("%n", Math.abs(left));
    }

    function count() {
      shown.textContent = words();
      window.clearTimeout(pause);
      pause = window.setTimeout(function () { told.textContent = shown.textContent; }, 1500);
    }

    field.addEventListener("input", count);
    field.addEventListener("restored", count);
    shown.textContent = words();
  });
})();
