// The server's clock in words. Every answer from the server sets it right again; ten, five and one minute are said aloud.
const LAST_MINUTES = 5;
const ALOUD = [10, 5, 1];

export class Clock {
  constructor(page, say) {
    this.shown = page.querySelector("[data-clock]");
    this.aloud = page.querySelector("[data-clock-aloud]");
    this.say = say;
    this.done = [];
    this.said = {};
    this.over = false;
    this.hear(page.getAttribute("data-now"), page.getAttribute("data-deadline"));
  }

  hear(now, deadline) {
    this.ahead = Number(now) - Date.now();
    if (deadline) this.deadline = Number(deadline);
  }

  // Milliseconds on the server's clock.
  now() {
    return Date.now() + this.ahead;
  }

  left() {
    return Math.max(0, this.deadline - this.now());
  }

  whenOver(callback) {
    this.done.push(callback);
  }

  begin() {
    this.tick();
    setInterval(() => this.tick(), 1000);
    document.addEventListener("visibilitychange", () => this.tick());
  }

  tick() {
    const seconds = Math.ceil(this.left() / 1000);
    const minutes = Math.ceil(seconds / 60);
    this.shown.textContent = this.words(seconds);
    this.shown.className = "exam-clock" + (seconds <= 60 ? " lost" : minutes <= LAST_MINUTES ? " due" : "");
    if (ALOUD.indexOf(minutes) >= 0 && !this.said[minutes] && seconds > 0) {
      this.said[minutes] = true;
      this.aloud.textContent = this.words(minutes * 60);
    }
    if (seconds === 0 && !this.over) {
      this.over = true;
      this.done.forEach((callback) => callback());
    }
  }

  // Time is left after all: wait for the end once more.
  goOn() {
    this.over = false;
    this.tick();
  }

  words(seconds) {
    const minutes = Math.floor(seconds / 60);
    if (seconds > LAST_MINUTES * 60) return fill(this.say.minutes_left, { m: Math.ceil(seconds / 60) });
    if (seconds >= 60) return fill(this.say.both_left, { m: minutes, s: ("0" + (seconds % 60)).slice(-2) });
    return fill(this.say.seconds_left, { s: seconds });
  }
}

export function fill(message, values) {
  return Object.keys(values).reduce((words, key) => words.split("{" + key + "}").join(String(values[key])), message);
}
