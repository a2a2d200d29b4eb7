/* ipywidgets wraps a view's element in jQuery and uses the wrapper for nothing else; these few methods are for a view's author. */
function $(el) {
  if (!(this instanceof $)) return new $(el);
  var found = typeof el === "string" ? Array.prototype.slice.call(document.querySelectorAll(el)) : el ? [el] : [];
  this.length = found.length;
  Object.assign(this, found);
}

function onEach(act) {
  return function () {
    for (var i = 0; i < this.length; i++) act.apply(this[i], arguments);
    return this;
  };
}

$.prototype.empty = onEach(function () { this.textContent = ""; });
$.prototype.append = onEach(function (child) { this.appendChild(child[0] || child); });
$.prototype.addClass = onEach(function (name) { this.classList.add(name); });
$.prototype.removeClass = onEach(function (name) { this.classList.remove(name); });
$.prototype.remove = onEach(function () { if (this.parentNode) this.parentNode.removeChild(this); });
$.prototype.find = function (selector) {
  var found = $();
  var all = this[0] ? this[0].querySelectorAll(selector) : [];
  found.length = all.length;
  for (var i = 0; i < all.length; i++) found[i] = all[i];
  return found;
};

module.exports = $;
