// A photograph is made smaller before it is sent, and what the camera wrote beside the picture stays on the phone.
// What an office hands in (`data-most`: bytes) goes as it is while it fits.
const LONGEST = 1600;
const QUALITY = 0.8;

async function smaller(picture, longest) {
  const by = Math.min(1, longest / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * by);
  canvas.height = Math.round(picture.height * by);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
}

for (const asked of document.querySelectorAll("input[data-photo]")) {
  const button = asked.form.querySelector("button:not([type=button])");
  const told = asked.parentElement.querySelector("[aria-live]");
  const most = Number(asked.dataset.most ?? Infinity);
  const hint = told.textContent;
  asked.addEventListener("change", async () => {
    const [file] = asked.files;
    told.textContent = hint;
    if (!file || (asked.dataset.most && file.size <= most)) return;
    button.disabled = true;
    try {
      const picture = await createImageBitmap(file);
      let longest = LONGEST;
      let made = await smaller(picture, longest);
      while (made.size > most) made = await smaller(picture, (longest *= 0.75));
      const sent = new DataTransfer();
      sent.items.add(new File([made], "photo.jpg", { type: "image/jpeg" }));
      asked.files = sent.files;
      told.textContent = `照片已缩小到 ${Math.ceil(made.size / 1024)} KB。`;
    } catch {
      asked.value = "";
      told.textContent = asked.dataset.most
        ? "文件超过 1 MB，又不是能缩小的照片，请压缩后再选。"
        : "这个文件不是能识别的照片，请另选一张。";
    } finally {
      button.disabled = false;
    }
  });
}
