/* What HTML a label may hold, in the words of sanitize-html: parsed into a document that runs and fetches nothing, then written
 * anew from a list of elements and attributes. Nothing is taken over as it came, and no element that changes how the rest
 * of the text is read (script, style, svg, math, template, textarea …) is ever written, so reading it again gives the same. */
const SILENT = ["script", "style", "template", "textarea", "title", "noscript", "noembed", "noframes", "iframe", "xmp", "plaintext", "option", "svg", "math"];
const PLAIN = ["a", "abbr", "b", "br", "code", "em", "i", "img", "li", "ol", "p", "small", "span", "strong", "sub", "sup", "u", "ul"];
const HREF = /^(?:https?:|mailto:|tel:|[^:]*$|[/?#.])/i;
const IMAGE = /^data:image\/(?:png|jpeg|gif|webp);base64,[a-z0-9+/=\s]*$/i;
const LOADS = /url|image|expression|import|attr|behavior|binding|[\\@<]|\/\*/i; // a style that may fetch, or hides that it does
const CONTROL = /[\u0000-\u0020\u007f-\u00a0\u00ad\u200b-\u200f\u2028\u2029\ufeff]/g; // what browsers skip inside "java script:"

function may(allowed, tag, name) {
  return (allowed[tag] || []).concat(allowed["*"] || []).some(function (rule) {
    return rule === name || (rule.slice(-1) === "*" && name.indexOf(rule.slice(0, -1)) === 0);
  });
}

function isHarmless(name, value) {
  const address = value.replace(CONTROL, "");
  if (name === "href") return HREF.test(address);
  if (name === "src") return IMAGE.test(value) || /^(?![a-z][a-z0-9+.-]*:|[/\\]{2})/i.test(address);
  return name !== "style" || !LOADS.test(value);
}

function copy(from, into, options) {
  Array.prototype.forEach.call(from.childNodes, function (node) {
    if (node.nodeType === Node.TEXT_NODE) into.appendChild(into.ownerDocument.createTextNode(node.data));
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    const tag = node.localName;
    if (SILENT.indexOf(tag) >= 0 || node.namespaceURI !== "http://www.w3.org/1999/xhtml") return;
    const kept = options.allowedTags.indexOf(tag) >= 0 && PLAIN.indexOf(tag) >= 0;
    copy(node, kept ? into.appendChild(same(node, into.ownerDocument, options.allowedAttributes)) : into, options);
  });
}

function same(node, inert, allowed) {
  const el = inert.createElement(node.localName);
  Array.prototype.forEach.call(node.attributes, function (attribute) {
    const name = attribute.name;
    if (/^on|^xlink|:/.test(name) || !may(allowed, node.localName, name) || !isHarmless(name, attribute.value)) return;
    el.setAttribute(name, attribute.value);
  });
  return el;
}

export default function sanitize(html, options) {
  const came = new DOMParser().parseFromString(String(html), "text/html");
  const goes = document.implementation.createHTMLDocument("").body;
  copy(came.body, goes, options);
  return goes.innerHTML;
}
