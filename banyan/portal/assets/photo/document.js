/* A PDF as an answer: told by how it begins, whatever it is called, and sent as it is; the server puts it together anew. */
import { LARGEST } from "./shrink.js";

export const PDF = "application/pdf";
const MAGIC = "%PDF-";

/* Resolves to a Blob if a file is a PDF, to null if it is none; rejects with an Error "unreadable" or "large". */
export function pdf(file) {
  return begins(file).then((words) => {
    if (words !== MAGIC) return null;
    if (file.size > LARGEST) throw new Error("large");
    return new Blob([file], { type: PDF });
  });
}

function begins(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String.fromCharCode.apply(null, new Uint8Array(reader.result)));
    reader.onerror = () => reject(new Error("unreadable"));
    reader.readAsArrayBuffer(file.slice(0, MAGIC.length));
  });
}
