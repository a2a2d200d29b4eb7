// Photos in a form are made small before they are sent; where a browser cannot exchange what was chosen, they go as they are.
import { shrink } from "./shrink.js";

export function start() {
  Array.prototype.forEach.call(document.querySelectorAll("input[data-shrink]"), (input) => {
    input.addEventListener("change", () => exchange(input));
  });
}

function exchange(input) {
  const button = input.form.querySelector("button:not([type=button])");
  const again = () => { button.disabled = false; };
  button.disabled = true;
  Promise.all(Array.prototype.map.call(input.files, (file) => shrink(file).then((blob) => new File([blob], "photo.jpg", { type: blob.type }))))
    .then((files) => {
      const chosen = new DataTransfer();
      files.forEach((file) => chosen.items.add(file));
      input.files = chosen.files;
    })
    .then(again, again);
}
