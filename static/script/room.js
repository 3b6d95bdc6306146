/* The page in a room knows which session goes on, and looks for newer slides by itself every three minutes. */
(function () {
  "use strict";
  function mark() {
    var now = Date.now();
    Array.prototype.forEach.call(document.querySelectorAll(".turn"), function (turn) {
      var starts = Date.parse(turn.getAttribute("data-starts"));
      var ends = Date.parse(turn.getAttribute("data-ends"));
      turn.classList.toggle("now", starts <= now && now < ends);
      turn.classList.toggle("over", ends <= now);
      turn.querySelector("[data-now]").hidden = !(starts <= now && now < ends);
    });
  }
  window.setInterval(mark, 20000);
  window.setInterval(function () {
    /* Whoever is busy on the page keeps their place. */
    if (!document.activeElement || document.activeElement === document.body) {
      location.reload();
    }
  }, 180000);
})();
