/* What our packages use and Chrome 66 lacks; tests/lessons/test_front_floor.py finds what is missing here. */
if (!Element.prototype.replaceChildren) {
  Element.prototype.replaceChildren = function () {
    this.textContent = "";
    this.append.apply(this, arguments);
  };
}
