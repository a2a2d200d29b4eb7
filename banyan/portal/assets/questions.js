/* What a question needs beyond HTML: moving steps, counting characters, reading and restoring an answer, practising.
 *
 * No scorer lives here: practice looks its answer up in a table made on the server, or asks the server.
 * Every change of an answer is told by an event "banyan:answer" (bubbling, detail.value) on the question's element.
 * Values are those of grading/questions, by the shape that a type's partial names: "B" (choice), ["A","C"] (choices),
 * ["C","A","B"] (order), "24" (text), {when: "a"} (parts); null is blank. A type of another package may bring a shape of its
 * own, and how its question is made ready (shape). What another script makes of a question, such as
 * a photo, it keeps with the element as JSON (kept), and hears of what is filled in by an event "banyan:filled".
 */
(function () {
  "use strict";

  function all(el, selector) {
    return Array.prototype.slice.call(el.querySelectorAll(selector));
  }

  function questionsIn(el) {
    return el.matches("[data-question]") ? [el] : all(el, "[data-question]");
  }

  function questionOf(el) {
    return questionsIn(el)[0] || null;
  }

  function checked(el) {
    return all(el, "input:checked").filter(function (input) { return !input.hasAttribute("data-settled"); })
      .map(function (input) { return input.value; });
  }

  function check(el, values) {
    all(el, "input[type=radio], input[type=checkbox]").forEach(function (input) {
      if (!input.hasAttribute("data-settled")) input.checked = values.indexOf(input.value) >= 0;
    });
  }

  var FIELDS = "input[type=text], textarea, select";

  function fieldOf(el) {
    return el.matches(FIELDS) ? el : el.querySelector(FIELDS);
  }

  function readText(el) {
    var text = fieldOf(el).value;
    return text.trim() ? text : null;
  }

  function writeText(el, value) {
    fieldOf(el).value = value === null ? "" : String(value);
  }

  function stepsOf(el) {
    return all(el, "[data-item]");
  }

  function readChoice(el) {
    var chosen = checked(el);
    return chosen.length ? chosen[0] : null;
  }

  function writeChoice(el, value) {
    check(el, value === null ? [] : [value]);
  }

  /* A part is answered as a question of one choice or one line is. */
  function shapeOfPart(part) {
    return fieldOf(part) ? shapes.text : shapes.choice;
  }

  /* How a question's partial says that it is read (data-reads); a new type mostly has one of these shapes. */
  var shapes = {
    choice: {
      read: readChoice,
      write: writeChoice
    },
    choices: {
      read: function (el) { var chosen = checked(el).sort(); return chosen.length ? chosen : null; },
      write: function (el, value) { check(el, value || []); }
    },
    order: {
      read: function (el) {
        if (!el.querySelector("[data-settled]").checked) return null;
        return stepsOf(el).map(function (step) { return step.getAttribute("data-item"); });
      },
      write: function (el, value) {
        var list = el.querySelector("ol");
        (value || []).forEach(function (id) {
          stepsOf(el).forEach(function (step) { if (step.getAttribute("data-item") === id) list.appendChild(step); });
        });
        el.querySelector("[data-settled]").checked = value !== null;
        markEnds(el);
      }
    },
    kept: {
      read: function (el) { return JSON.parse(el.getAttribute("data-kept") || "null"); },
      write: function (el, value) {
        el.setAttribute("data-kept", JSON.stringify(value));
        el.dispatchEvent(new CustomEvent("banyan:filled", { bubbles: true, detail: { value: value } }));
      }
    },
    text: {
      read: readText,
      write: function (el, value) { writeText(el, value); if (el.querySelector(".open-count")) count(el); }
    },
    parts: {
      read: function (el) {
        var given = {};
        all(el, "[data-part]").forEach(function (part) {
          var value = shapeOfPart(part).read(part);
          if (value !== null) given[part.getAttribute("data-part")] = value;
        });
        return Object.keys(given).length ? given : null;
      },
      write: function (el, value) {
        all(el, "[data-part]").forEach(function (part) {
          var given = (value || {})[part.getAttribute("data-part")];
          shapeOfPart(part).write(part, given === undefined ? null : given);
        });
      }
    }
  };

  /* `made` is {read(el), write(el, value), enhance(el)}; the last may be missing. After a change of its own it calls tell(el). */
  function shape(name, made) {
    if (!Object.prototype.hasOwnProperty.call(shapes, name)) shapes[name] = made;
  }

  function shapeOf(el) {
    return shapes[el.getAttribute("data-reads")];
  }

  function value(el) {
    var question = questionOf(el);
    return question ? shapeOf(question).read(question) : null;
  }

  function fill(el, given) {
    var question = questionOf(el);
    if (!question) return;
    shapeOf(question).write(question, given === undefined ? null : given);
    paint(question);
  }

  function tell(question) {
    question.dispatchEvent(new CustomEvent("banyan:answer", { bubbles: true, detail: { value: value(question) } }));
  }

  /* --- order: two buttons a step, by keyboard and by touch; what happened is said aloud --- */

  function markEnds(el) {
    var steps = stepsOf(el);
    steps.forEach(function (step, place) {
      step.querySelector("[data-move=up]").disabled = place === 0;
      step.querySelector("[data-move=down]").disabled = place === steps.length - 1;
    });
  }

  function move(el, button) {
    var step = button.closest("[data-item]");
    var up = button.getAttribute("data-move") === "up";
    var other = up ? step.previousElementSibling : step.nextElementSibling;
    if (!other) return;
    step.parentNode.insertBefore(up ? step : other, up ? other : step);
    el.querySelector("[data-settled]").checked = true;
    markEnds(el);
    (button.disabled ? step.querySelector("button:not([disabled])") : button).focus();
    var place = stepsOf(el).indexOf(step) + 1;
    var said = step.parentNode.getAttribute("data-say-moved").replace("{place}", String(place));
    el.querySelector(".order-news").textContent = said.replace("{text}", function () {
      return step.querySelector(".order-text").textContent;
    });
    tell(el);
  }

  /* --- open: how many characters, counted as a reader counts them --- */

  function count(el) {
    var field = el.querySelector("textarea");
    var line = el.querySelector(".open-count");
    var written = Array.from(field.value.trim()).length;
    var least = Number(field.getAttribute("data-min"));
    var said = line.getAttribute(written < least ? "data-say-short" : "data-say-count");
    line.textContent = said.replace("{n}", String(written)).replace("{min}", String(least))
      .replace("{max}", field.getAttribute("data-max"));
  }

  /* --- hotspot: a tap on the picture is a tap on the choice of the same name below it, which is what counts --- */

  function inputOf(el, spot) {
    return all(el, "input").filter(function (input) { return input.value === spot.getAttribute("data-spot"); })[0];
  }

  function paint(el) {
    all(el, "[data-spot]").forEach(function (spot) {
      var input = inputOf(el, spot);
      spot.classList.toggle("chosen", input.checked);
      spot.classList.toggle("looked-at", input === document.activeElement);
    });
  }

  function pick(el, spot) {
    var input = inputOf(el, spot);
    input.click();
    input.focus({ preventScroll: true });
  }

  function enhance(el) {
    questionsIn(el).forEach(function (question) {
      if (question.hasAttribute("data-enhanced")) return;
      question.setAttribute("data-enhanced", "");
      if (stepsOf(question).length) markEnds(question);
      paint(question);
      var own = shapeOf(question);
      if (own && own.enhance) own.enhance(question);
      question.addEventListener("click", function (event) {
        var touched = event.target.closest ? event.target.closest("[data-move], [data-spot]") : null;
        if (touched) (touched.hasAttribute("data-spot") ? pick : move)(question, touched);
      });
      ["focusin", "focusout"].forEach(function (event) {
        question.addEventListener(event, function () { setTimeout(paint, 0, question); }); // once the focus has moved
      });
      question.addEventListener("input", function (event) {
        if (event.target.matches("textarea")) count(question);
        if (event.target.matches("input[type=text], textarea")) tell(question);
      });
      question.addEventListener("change", function (event) {
        paint(question);
        if (event.target.matches("input[type=radio], input[type=checkbox], select")) tell(question);
      });
    });
  }

  /* --- practice: one button, and what the answer teaches --- */

  function say(line, mark, lines) {
    line.textContent = "";
    line.className = "practice-said" + (mark ? " " + mark : "");
    lines.forEach(function (text, place) {
      var paragraph = document.createElement(place === 0 && mark ? "strong" : "p");
      paragraph.textContent = text;
      line.appendChild(paragraph);
    });
  }

  function showFeedback(question, line, feedback) {
    var first = question.getAttribute(feedback.right ? "data-say-right" : "data-say-wrong");
    say(line, feedback.right ? "right" : "wrong", [first].concat(feedback.text ? feedback.text.split("\n") : []));
  }

  /* `answers`: JSON of a value → {right, text}, or null. `post(value)` may be missing; it resolves to {right, text} or
   * nothing, and is called for every answer given. Without table and without a line the reader is told to wait. */
  function practise(el, answers, post) {
    var question = questionOf(el);
    if (!question || question.hasAttribute("data-practised")) return;
    question.setAttribute("data-practised", "");
    enhance(question);
    var button = document.createElement("button");
    button.type = "button";
    button.className = "button practice-check";
    button.textContent = question.getAttribute("data-say-check");
    var line = document.createElement("div");
    line.className = "practice-said";
    line.setAttribute("role", "status");
    question.appendChild(button);
    question.appendChild(line);
    question.addEventListener("banyan:answer", function () { say(line, "", []); });
    button.addEventListener("click", function () { answer(question, line, answers, post); });
  }

  function answer(question, line, answers, post) {
    var given = value(question);
    if (given === null) {
      say(line, "", [question.getAttribute("data-say-blank")]);
      return;
    }
    var known = answers ? answers[JSON.stringify(given)] : null;
    if (known) showFeedback(question, line, known);
    if (!post) return;
    new Promise(function (done) { done(post(given)); }).then(function (feedback) {
      if (!known && feedback && same(given, value(question))) showFeedback(question, line, feedback);
      if (!known && !feedback) say(line, "", [question.getAttribute("data-say-error")]);
    }).catch(function (fault) {
      var waits = fault.message === "later" || navigator.onLine === false;
      if (!known) say(line, "", [question.getAttribute(waits ? "data-say-wait" : "data-say-error")]);
    });
  }

  /* What an answer of an earlier visit teaches, once it is known; whoever has changed the answer is not told. */
  function teach(el, given, feedback) {
    var question = questionOf(el);
    var line = question && question.querySelector(".practice-said");
    if (line && feedback && same(given, value(question)) && !line.querySelector("strong")) showFeedback(question, line, feedback);
  }

  function same(a, b) {
    return JSON.stringify(a) === JSON.stringify(b);
  }

  window.BanyanQuestions = { enhance: enhance, value: value, fill: fill, practise: practise, teach: teach, tell: tell, shape: shape };
})();
