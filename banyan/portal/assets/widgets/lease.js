/* A kernel is lent by the service for as long as it is used. Each answer is {is: a word, …}. */
import { NO_LINE, call } from "../lesson/line.js";
import { api, body, course, lesson } from "../lesson/page.js";
import { session } from "./wire.js";

const AWAY = [502, 503, 504]; // of the proxy, while the service itself is away
const AGAIN = 3; // seconds, where the service does not say

function asks() {
  return { course: course, lesson: lesson, snapshot: body.getAttribute("data-snapshot") };
}

const SAID = {
  201: function (said) { return { is: "lent", kernel: said.kernel, capability: said.capability }; },
  202: function (said) { return { is: "queued", place: said.place, again: Math.min(Math.max(Number(said.again) || AGAIN, 0.2), 60) }; },
  401: function () { return { is: "signed-out" }; },
  409: function () { return { is: "changed" }; }
};
SAID[200] = SAID[201];

export function ask() {
  return call("kernels", { method: "POST", body: JSON.stringify(asks()) }).then(function (reply) {
    if (reply.status === NO_LINE) return { is: "no-line" };
    const why = typeof reply.said.error === "string" ? reply.said.error : "";
    if (AWAY.indexOf(reply.status) >= 0 && !why) return { is: "no-line" };
    const read = SAID[reply.status];
    return read ? read(reply.said) : { is: "unavailable", why: why };
  });
}

/* Whether a kernel we had is still ours: "there", "gone", "signed-out", or "unknown" while nobody can say.
 * What is there brings a new capability: the old one is good for a short while only. */
export function see(lent) {
  return call("kernels/" + lent.kernel, {}).then(function (reply) {
    if (reply.status === 200 && reply.said.capability) lent.capability = reply.said.capability;
    return { 200: "there", 404: "gone", 410: "gone", 401: "signed-out", 403: "signed-out" }[reply.status] || "unknown";
  });
}

export function giveBack(kernel) {
  call("kernels/" + kernel, { method: "DELETE", keepalive: true });
}

export function address(lent) {
  const url = new URL(api + "kernels/" + lent.kernel + "/channels", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  url.search = "?capability=" + encodeURIComponent(lent.capability) + "&session_id=" + session;
  return url.href;
}
