/* The part of underscore that Backbone's events, models and views use. Collections and routers, which need more, are not
 * used by any widget. Same names, same meaning; comparing is lodash's, as everywhere in ipywidgets. */
var isEqual = require("lodash/isEqual");

var counter = 0;

function isFunction(value) { return typeof value === "function"; }
function isObject(value) { return isFunction(value) || (typeof value === "object" && value !== null); }
function keys(value) { return isObject(value) ? Object.keys(value) : []; }
function has(value, key) { return value !== null && value !== undefined && Object.prototype.hasOwnProperty.call(value, key); }

function extend(into) {
  for (var i = 1; i < arguments.length; i++) for (var key in arguments[i]) into[key] = arguments[i][key];
  return into;
}

function defaults(into) {
  for (var i = 1; i < arguments.length; i++) {
    for (var key in arguments[i]) if (into[key] === undefined) into[key] = arguments[i][key];
  }
  return into;
}

function each(list, visit, context) {
  if (Array.isArray(list)) list.forEach(visit, context);
  else keys(list).forEach(function (key) { visit.call(context, list[key], key, list); });
  return list;
}

function result(value, name, fallback) {
  var found = value === null || value === undefined ? undefined : value[name];
  if (found === undefined) found = fallback;
  return isFunction(found) ? found.call(value) : found;
}

function once(act) {
  var done = false;
  var said;
  return function () {
    if (done) return said;
    done = true;
    said = act.apply(this, arguments);
    act = null;
    return said;
  };
}

function pick(value, names) {
  var picked = {};
  (Array.isArray(names) ? names : Array.prototype.slice.call(arguments, 1)).forEach(function (name) {
    if (value && name in value) picked[name] = value[name];
  });
  return picked;
}

function omit(value) {
  var left = Array.prototype.concat.apply([], Array.prototype.slice.call(arguments, 1));
  return pick(value, keys(value).filter(function (key) { return left.indexOf(key) < 0; }));
}

function matches(wanted) {
  return function (value) { return keys(wanted).every(function (key) { return isObject(value) && value[key] === wanted[key]; }); };
}

function values(value) { return keys(value).map(function (key) { return value[key]; }); }

module.exports = {
  isEqual: isEqual, isFunction: isFunction, isObject: isObject, keys: keys, has: has, extend: extend, defaults: defaults, each: each,
  result: result, once: once, pick: pick, omit: omit, matches: matches, values: values,
  isArray: Array.isArray,
  isString: function (value) { return typeof value === "string"; },
  isRegExp: function (value) { return value instanceof RegExp; },
  isEmpty: function (value) { return value === null || value === undefined || (value.length !== undefined ? value.length : keys(value).length) === 0; },
  clone: function (value) { return !isObject(value) ? value : Array.isArray(value) ? value.slice() : extend({}, value); },
  create: function (prototype, own) { return Object.assign(Object.create(prototype), own); },
  some: function (list, test, context) { return (Array.isArray(list) ? list : values(list)).some(test, context); },
  map: function (list, turn, context) { return (Array.isArray(list) ? list : values(list)).map(turn, context); },
  reduce: function (list, fold, start) { return list.reduce(fold, start); },
  functions: function (value) { var names = []; for (var key in value) if (isFunction(value[key])) names.push(key); return names.sort(); },
  iteratee: function (wanted) { return isFunction(wanted) ? wanted : matches(wanted); },
  pairs: function (value) { return keys(value).map(function (key) { return [key, value[key]]; }); },
  invert: function (value) { var turned = {}; keys(value).forEach(function (key) { turned[value[key]] = key; }); return turned; },
  defer: function (act) { setTimeout(act, 1); },
  uniqueId: function (prefix) { counter += 1; return (prefix || "") + counter; },
  escape: function (text) { var el = document.createElement("i"); el.textContent = text; return el.innerHTML; }
};
