/* Keeping a pitch while it is written: from the first keystroke, over a broken line, and never over somebody else's words. */
(function () {
  "use strict";

  var place = document.getElementById("pitch-step");
  var form = document.getElementById("pitch-form");
  var line = document.getElementById("kept");
  if (!place || !form || !window.fetch || !window.FormData || !window.URLSearchParams) {
    return;
  }
  var keep = place.getAttribute("data-keep"); /* absent once the pitch was sent in: then only the button saves */
  var isNew = place.getAttribute("data-new") === "yes";
  var unsent = false, sending = false, stopped = !keep, tries = 0, timer;
  var PAUSE = 900, SLOWEST = 20000, WEEK = 7 * 24 * 3600 * 1000;
  var NOT_TYPED = ["csrf_token", "website", "whole"];

  /* What was typed and not kept yet, in this browser: an address with a token of its own outlives the window, a new pitch does not. */
  function shelf() {
    return isNew ? window.sessionStorage : window.localStorage;
  }

  function name() {
    return "pitch " + window.location.pathname;
  }

  function attempt(work) {
    try {
      return work();
    } catch (fault) {
      return null; /* a browser that keeps nothing, or is full */
    }
  }

  function answers() {
    return Array.from(new FormData(form)).filter(function (one) {
      return NOT_TYPED.indexOf(one[0]) < 0 && typeof one[1] === "string";
    });
  }

  function putAside(pressed) {
    attempt(function () {
      shelf().setItem(name(), JSON.stringify({ at: Date.now(), pressed: pressed === true, answers: answers() }));
    });
  }

  function forget(key) {
    attempt(function () { window.localStorage.removeItem(key); });
    attempt(function () { window.sessionStorage.removeItem(key); });
  }

  /* Another page of the form opened after the button was pressed: what stood on that page is kept by now. */
  function tidy() {
    [window.localStorage, window.sessionStorage].forEach(function (where) {
      attempt(function () {
        Object.keys(where).filter(function (key) { return key.indexOf("pitch /") === 0 && key !== name(); }).forEach(function (key) {
          var kept = JSON.parse(where.getItem(key));
          if (kept.pressed || Date.now() - kept.at > WEEK) {
            where.removeItem(key);
          }
        });
      });
    });
  }

  function fill(kept) {
    Array.prototype.forEach.call(form.elements, function (one) {
      if (!one.name || NOT_TYPED.indexOf(one.name) >= 0 || one.type === "submit") {
        return;
      }
      var values = kept.filter(function (pair) { return pair[0] === one.name; }).map(function (pair) { return pair[1]; });
      if (one.type === "checkbox" || one.type === "radio") {
        one.checked = values.indexOf(one.value) >= 0;
      } else if (values.length) {
        one.value = values[0];
        one.dispatchEvent(new Event("restored"));
      }
    });
  }

  function visible(list) {
    return JSON.stringify(list.filter(function (one) { return one[0] !== "key" && one[0] !== "seen"; }).map(function (one) {
      return [one[0], one[1].replace(/\r\n/g, "\n").trim()];
    }));
  }

  function putBack() {
    var kept = attempt(function () { return JSON.parse(shelf().getItem(name())); });
    if (!kept || !kept.answers) {
      return;
    }
    var refused = kept.pressed && document.querySelector(".error-summary"); /* the answer holds what was typed */
    if (refused || visible(kept.answers) === visible(answers())) {
      forget(name());
      return;
    }
    fill(kept.answers);
    say(place.getAttribute("data-back"), "");
    changed();
  }

  function say(words, kind) {
    line.className = "kept note " + kind;
    if (line.textContent !== words) {
      line.textContent = words;
    }
  }

  function changed() {
    unsent = true;
    putAside();
    if (!stopped) {
      later(PAUSE);
    }
  }

  function later(pause) {
    window.clearTimeout(timer);
    timer = window.setTimeout(send, pause);
  }

  function send() {
    if (sending || stopped || !unsent) {
      return;
    }
    if (isNew && !answers().some(function (one) { return one[0] !== "key" && one[0] !== "seen" && one[1].trim(); })) {
      return;
    }
    sending = true;
    unsent = false;
    window.fetch(keep, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { Accept: "application/json" },
      credentials: "same-origin",
      redirect: "error"
    }).then(function (answer) {
      if (answer.status === 400) {
        return renew();
      }
      if (answer.status === 404) { /* the link was withdrawn meanwhile: the words stay in the fields, asking on is in vain */
        sending = false;
        stopped = unsent = true;
        say(place.getAttribute("data-gone") || place.getAttribute("data-offline"), "over");
        return null;
      }
      return answer.json().then(function (found) { heard(answer.status, found); });
    }).catch(failed);
  }

  function heard(status, found) {
    sending = false;
    if (status === 200) {
      tries = 0;
      took(found);
    } else if (status === 409) {
      stopped = unsent = true;
      say(found.conflict + " ", "over");
      line.appendChild(bothVersions());
    } else if (status === 422) {
      stopped = unsent = true;
      say((found.problems || []).join(" "), "over");
    } else {
      failed();
    }
  }

  /* The page was open for so long that its proof ran out: a fresh one comes from the same page, the words stay. */
  function renew() {
    return window.fetch(window.location.href, { credentials: "same-origin", redirect: "error" }).then(function (answer) {
      return answer.text();
    }).then(function (words) {
      var token = new DOMParser().parseFromString(words, "text/html").querySelector("#pitch-form [name=csrf_token]");
      if (token) {
        form.elements.csrf_token.value = token.value;
      }
      failed();
    });
  }

  /* It is kept: from the first time on, this page has the address of the draft, so that opening it again finds it. */
  function took(found) {
    form.elements.seen.value = found.seen;
    keep = found.keep;
    if (isNew) {
      forget(name());
      isNew = false;
      attempt(function () { window.history.replaceState(null, "", found.address); });
      form.action = found.address;
    }
    if (unsent) {
      putAside();
      later(PAUSE);
    } else {
      forget(name());
      say(found.saved, "");
      document.dispatchEvent(new Event("pitch-kept"));
    }
  }

  function failed() {
    sending = false;
    unsent = true;
    tries += 1;
    say(place.getAttribute("data-offline"), "over");
    later(Math.min(SLOWEST, 1500 * Math.pow(2, Math.min(tries, 5))));
  }

  function bothVersions() {
    var button = document.createElement("button");
    button.type = "submit";
    button.className = "quiet";
    button.textContent = place.getAttribute("data-both");
    return button;
  }

  form.setAttribute("autocomplete", "off"); /* what is kept is the truth, not what the browser remembers of an older page */
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", function (event) {
    if (navigator.onLine === false) {
      event.preventDefault();
      event.stopPropagation();
      failed();
      return;
    }
    window.clearTimeout(timer);
    putAside(true);
  });
  window.addEventListener("online", function () {
    if (unsent) {
      later(0);
    }
  });
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden") {
      send();
    }
  });

  /* “Does this exist already?” is asked again when something new was kept. */
  var alike = document.querySelector("[data-similar]");
  if (alike) {
    document.addEventListener("pitch-kept", function () {
      window.fetch(alike.getAttribute("data-similar"), { credentials: "same-origin", redirect: "error" }).then(function (answer) {
        return answer.ok ? answer.text() : "";
      }).then(function (words) {
        var made = words && new DOMParser().parseFromString(words, "text/html").querySelector("[data-similar]");
        if (made) {
          alike.innerHTML = made.innerHTML;
        }
      }).catch(function () { return null; });
    });
  }

  tidy();
  putBack();
})();
