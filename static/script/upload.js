/* What a form with a file gains from script: a look at the file before it is sent, progress in words, waiting when it is busy,
   and one button to try again when the line breaks. Without script the form is sent as it is. */
(function () {
  "use strict";
  var MOST_WAITS = 30;

  Array.prototype.forEach.call(document.querySelectorAll("[data-upload]"), function (box) {
    var form = box.querySelector("form");
    var field = form.querySelector("input[type=file]");
    var words = JSON.parse(box.getAttribute("data-words"));
    var state = form.querySelector(".upload-state");
    var bar = state.querySelector("progress");
    var line = state.querySelector(".upload-words");
    var said = form.querySelector("[data-said]");
    var button = form.querySelector("button[type=submit]");
    var stop = form.querySelector("[data-stop]");
    var label = button.textContent;
    var busy = false, request = null, waits = 0, timer = 0, told = 0;

    form.addEventListener("submit", function (event) {
      event.preventDefault();
      event.stopPropagation();
      if (!busy) {
        waits = 0;
        start();
      }
    });

    field.addEventListener("change", function () {
      if (!busy && field.files.length) {
        var problem = wrong(field.files[0]);
        if (problem) {
          fail(problem, label);
        } else {
          quiet();
        }
      }
    });

    stop.addEventListener("click", function () {
      window.clearTimeout(timer);
      if (request) {
        request.abort();
      }
      fail(words.cancelled, words.again);
    });

    /* Why this file cannot be sent, or nothing. The server looks at it again. */
    function wrong(file) {
      var handout = form.querySelector("[name=kind][value=handout]:checked");
      var kinds = handout ? "PDF" : box.getAttribute("data-kinds");
      var ending = (/\.([^.]+)$/.exec(file.name) || ["", ""])[1].toUpperCase();
      if (kinds.split(", ").indexOf(ending) < 0) {
        return fill(words.kind, {kinds: kinds});
      }
      return file.size > Number(box.getAttribute("data-most")) ? tooLarge(file) : "";
    }

    function tooLarge(file) {
      return fill(words.large, {size: megabytes(file.size) + " MB", most: box.getAttribute("data-most-words")});
    }

    function start() {
      var file = field.files[0];
      var problem = file ? wrong(file) : words.none;
      if (problem) {
        fail(problem, label);
        return;
      }
      busy = true;
      told = 0;
      quiet();
      state.hidden = false;
      stop.hidden = false;
      bar.hidden = false;
      sent(0, file.size);
      request = new XMLHttpRequest();
      request.open("POST", form.action || location.href);
      request.setRequestHeader("Accept", "application/json");
      request.upload.onprogress = function (event) {
        if (event.lengthComputable) {
          sent(event.loaded, event.total);
        }
      };
      request.upload.onload = function () {
        say(words.checking);
        line.textContent = words.checking;
      };
      request.onload = function () {
        answered(file);
      };
      request.onerror = request.ontimeout = function () {
        fail(words.lost, words.again);
      };
      request.send(new FormData(form));
    }

    function answered(file) {
      var status = request.status;
      if (status === 200) {
        var found = read();
        if (found.href) {
          location.assign(found.href);
          return;
        }
        fail(words.old, label);
      } else if (status === 503 && waits < MOST_WAITS) {
        waits += 1;
        wait(Number(request.getResponseHeader("Retry-After")) || 10);
      } else if (status === 422) {
        fail((read().problems || [words.fault]).join(" "), label);
      } else if (status === 413) {
        fail(tooLarge(file), label);
      } else if (status === 507) {
        fail(words.full, words.again);
      } else if (status === 400 || status === 404 || status === 409) {
        fail(words.old, words.again);
      } else {
        fail(words.fault, words.again);
      }
    }

    function read() {
      try {
        return JSON.parse(request.responseText);
      } catch (fault) {
        return {};
      }
    }

    /* The server has no hands free: count down and send again. */
    function wait(seconds) {
      var left = Math.min(seconds, 120);
      bar.hidden = true;
      line.textContent = fill(words.busy, {seconds: left});
      say(line.textContent);
      timer = window.setInterval(function () {
        left -= 1;
        line.textContent = fill(words.busy, {seconds: left});
        if (left <= 0) {
          window.clearInterval(timer);
          start();
        }
      }, 1000);
    }

    function sent(loaded, total) {
      var percent = total ? Math.floor(100 * loaded / total) : 0;
      bar.value = percent;
      line.textContent = fill(words.progress, {percent: percent, sent: megabytes(loaded), total: megabytes(total) + " MB"});
      if (percent >= told) {
        say(line.textContent);
        told = percent - percent % 25 + 25;
      }
    }

    /* Everything stays filled in; the words say what to do. */
    function fail(message, next) {
      window.clearInterval(timer);
      busy = false;
      request = null;
      state.hidden = false;
      bar.hidden = true;
      stop.hidden = true;
      line.className = "upload-words error";
      line.textContent = message;
      button.textContent = next;
      say(message);
      if (document.activeElement === stop || document.activeElement === document.body) {
        button.focus();
      }
    }

    function quiet() {
      line.className = "upload-words";
      line.textContent = "";
      state.hidden = true;
      button.textContent = label;
    }

    function say(message) {
      said.textContent = message;
    }

    function megabytes(size) {
      return size < 1048576 ? (size / 1048576).toFixed(1) : Math.round(size / 1048576);
    }

    function fill(message, values) {
      return message.replace(/\{(\w+)\}/g, function (whole, name) {
        return name in values ? values[name] : whole;
      });
    }
  });
})();
