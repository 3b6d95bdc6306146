/* Choosing the square of a portrait: shown while one drags, slides or uses the arrow keys. Without script one of three parts is chosen. */
(function () {
  "use strict";

  var form = document.getElementById("portrait");
  var canvas = form && form.querySelector("canvas");
  if (!canvas || !canvas.getContext || !window.createImageBitmap) {
    return;
  }
  var cut = form.querySelector(".cut");
  var parts = form.querySelector(".parts");
  var sliders = { side: document.getElementById("cut-side"), left: document.getElementById("cut-left"), top: document.getElementById("cut-top") };
  var SMALLEST = 0.2;
  var picture = null;

  /* The square in pixels of the picture: the sliders say how much of the room beside it lies before it. */
  function square() {
    var side = Math.min(picture.width, picture.height) * (1 - (1 - SMALLEST) * sliders.side.value / 100);
    return { side: side, left: (picture.width - side) * sliders.left.value / 100, top: (picture.height - side) * sliders.top.value / 100 };
  }

  function draw() {
    if (!picture) {
      return;
    }
    var found = square();
    canvas.getContext("2d").drawImage(picture, found.left, found.top, found.side, found.side, 0, 0, canvas.width, canvas.height);
    form.elements.left.value = (found.left / picture.width).toFixed(4);
    form.elements.top.value = (found.top / picture.height).toFixed(4);
    form.elements.side.value = (found.side / Math.min(picture.width, picture.height)).toFixed(4);
  }

  function show(found) {
    picture = found;
    cut.hidden = !found;
    parts.hidden = Boolean(found);
    if (!found) {
      form.elements.left.value = form.elements.top.value = form.elements.side.value = "";
    }
    draw();
  }

  form.elements.file.addEventListener("change", function () {
    var file = form.elements.file.files[0];
    if (!file || !/^image\/(jpeg|png)$/.test(file.type)) {
      show(null);
      return;
    }
    window.createImageBitmap(file, { imageOrientation: "from-image" }).then(show, function () {
      show(null);
    });
  });

  Object.keys(sliders).forEach(function (name) {
    sliders[name].addEventListener("input", draw);
  });

  /* Move by so many pixels of the canvas: the picture follows the hand. */
  function move(right, down) {
    var found = square();
    var scale = found.side / canvas.clientWidth;
    [["left", picture.width, right], ["top", picture.height, down]].forEach(function (one) {
      var room = one[1] - found.side;
      if (room > 0) {
        sliders[one[0]].value = Number(sliders[one[0]].value) - 100 * one[2] * scale / room;
      }
    });
    draw();
  }

  var held = null;
  canvas.addEventListener("pointerdown", function (event) {
    held = { x: event.clientX, y: event.clientY };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", function (event) {
    if (held && picture) {
      move(event.clientX - held.x, event.clientY - held.y);
      held = { x: event.clientX, y: event.clientY };
    }
  });
  ["pointerup", "pointercancel"].forEach(function (name) {
    canvas.addEventListener(name, function () {
      held = null;
    });
  });
  canvas.addEventListener("keydown", function (event) {
    var steps = { ArrowLeft: [8, 0], ArrowRight: [-8, 0], ArrowUp: [0, 8], ArrowDown: [0, -8] }[event.key];
    if (steps && picture) {
      event.preventDefault();
      move(steps[0], steps[1]);
    }
  });
})();
