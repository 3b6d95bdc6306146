/* What the public pages gain from script; all of them work without it. */
(function () {
  "use strict";

  function each(selector, work) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), work);
  }

  /* After a refused form, start at what has to be mended. */
  var summary = document.querySelector(".error-summary");
  if (summary) {
    summary.focus();
  }

  /* The open menu closes with Escape, and focus returns to its button. */
  document.addEventListener("keydown", function (event) {
    var menu = document.querySelector("details.menu[open]");
    if (event.key === "Escape" && menu) {
      menu.removeAttribute("open");
      menu.querySelector("summary").focus();
    }
  });

  /* A button that copies the field beside it; it is hidden where copying is impossible. */
  each("[data-copy]", function (button) {
    if (!navigator.clipboard) {
      return;
    }
    button.hidden = false;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", function () {
      var field = document.getElementById(button.getAttribute("data-copy"));
      navigator.clipboard.writeText(field.value).then(function () {
        button.textContent = button.getAttribute("data-done");
      });
    });
  });

  /* A form is sent once; its button says so and keeps its width. It stays alive, so nothing is lost when the line breaks. */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post") {
      return;
    }
    if (form.getAttribute("data-sent")) {
      event.preventDefault();
      return;
    }
    form.setAttribute("data-sent", "yes");
    var button = event.submitter || form.querySelector("[data-busy]");
    var words = button && button.innerHTML;
    if (button && button.getAttribute("data-busy")) {
      button.style.minWidth = button.offsetWidth + "px";
      button.textContent = button.getAttribute("data-busy");
    }
    window.setTimeout(function () {
      form.removeAttribute("data-sent");
      if (button && button.getAttribute("data-busy")) {
        button.innerHTML = words;
      }
    }, 8000);
  });

  /* Coming back with the browser's button must not find a form that thinks it was sent. */
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) {
      each("[data-sent]", function (form) {
        form.removeAttribute("data-sent");
      });
    }
  });
})();
