/* A photo made small on the phone, so that a slow line can carry it: drawn anew, which leaves behind where and when it was taken.
 *
 * An old browser draws a photo as its camera lay; of such a one that lay askew the photo goes as it is, and the server turns it.
 */
const LONGEST_EDGE = 1600; // pixels
const QUALITY = 0.82;
export const LARGEST = 10 * 1024 * 1024; // bytes, of what is sent
const HEAD = 128 * 1024; // bytes in which a camera says how it lay

/* Resolves to a Blob to send; rejects with an Error "unreadable" or "large". */
export function shrink(file) {
  return mayDraw(file).then(function (may) {
    if (may) return read(file).then(draw);
    if (file.size > LARGEST) throw new Error("large");
    return file;
  });
}

/* Resolves to an address that holds a Blob, to be shown. */
export function read(blob) {
  return new Promise(function (resolve, reject) {
    const reader = new FileReader();
    reader.onload = function () { resolve(reader.result); };
    reader.onerror = function () { reject(new Error("unreadable")); };
    reader.readAsDataURL(blob);
  });
}

function draw(address) {
  return new Promise(function (resolve, reject) {
    const image = new Image();
    image.onerror = function () { reject(new Error("unreadable")); };
    image.onload = function () {
      const scale = Math.min(1, LONGEST_EDGE / Math.max(image.naturalWidth, image.naturalHeight));
      const canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
      canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
      const paper = canvas.getContext("2d");
      paper.fillStyle = "#fff"; // behind what is see-through
      paper.fillRect(0, 0, canvas.width, canvas.height);
      paper.drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(function (blob) { if (blob) resolve(blob); else reject(new Error("unreadable")); }, "image/jpeg", QUALITY);
    };
    image.src = address;
  });
}

function mayDraw(file) {
  if (window.CSS && CSS.supports("image-orientation", "from-image")) return Promise.resolve(true);
  return lay(file).then(function (how) { return how <= 1; });
}

/* How the camera lay, as a JPEG's EXIF says: 1 upright, up to 8; 0 where it says nothing. */
function lay(file) {
  return new Promise(function (resolve) {
    const reader = new FileReader();
    reader.onload = function () {
      try {
        resolve(orientation(new DataView(reader.result)));
      } catch (fault) {
        resolve(0); // cut off in the middle of a number: no EXIF of a camera
      }
    };
    reader.onerror = function () { resolve(0); };
    reader.readAsArrayBuffer(file.slice(0, HEAD));
  });
}

function orientation(view) {
  if (view.getUint16(0) !== 0xffd8) return 0;
  let at = 2;
  while (view.getUint16(at) !== 0xffe1) {
    if ((view.getUint16(at) & 0xff00) !== 0xff00) return 0;
    at += 2 + view.getUint16(at + 2);
  }
  const tiff = at + 10; // after the marker, its length and "Exif"
  const little = view.getUint16(tiff) === 0x4949;
  const first = tiff + view.getUint32(tiff + 4, little);
  for (let n = 0; n < view.getUint16(first, little); n += 1) {
    const entry = first + 2 + 12 * n;
    if (view.getUint16(entry, little) === 0x0112) return view.getUint16(entry + 8, little);
  }
  return 0;
}
