// A photograph is made smaller before it is sent, and what the camera wrote beside the picture stays on the phone.
const LONGEST = 1600;
const QUALITY = 0.8;
for (const asked of document.querySelectorAll("input[data-photo]")) {
  const button = asked.form.querySelector("button:not([type=button])");
  const told = asked.parentElement.querySelector("[aria-live]");
  asked.addEventListener("change", async () => {
    const [file] = asked.files;
    if (!file) return;
    button.disabled = true;
    try {
      const picture = await createImageBitmap(file);
      const by = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * by);
      canvas.height = Math.round(picture.height * by);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      const smaller = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
      const sent = new DataTransfer();
      sent.items.add(new File([smaller], "photo.jpg", { type: "image/jpeg" }));
      asked.files = sent.files;
      told.textContent = `照片已缩小到 ${Math.ceil(smaller.size / 1024)} KB。`;
    } catch {
      asked.value = "";
      told.textContent = "这个文件不是能识别的照片，请另选一张。";
    } finally {
      button.disabled = false;
    }
  });
}
