// A file that is dropped is the one that would have been chosen.
for (const zone of document.querySelectorAll("[data-drop]")) {
  const input = zone.querySelector("input[type=file]");
  const told = zone.querySelector("[data-dropped]");
  const over = (on) => (event) => {
    event.preventDefault();
    zone.classList.toggle("over", on);
  };
  zone.addEventListener("dragenter", over(true));
  zone.addEventListener("dragover", over(true));
  zone.addEventListener("dragleave", over(false));
  zone.addEventListener("drop", (event) => {
    over(false)(event);
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change"));
  });
  input.addEventListener("change", () => {
    const [file] = input.files;
    if (!file) return;
    // What nobody takes isn't sent first: its answer would be a page without all that was filled in.
    const large = file.size > Number(input.dataset.most);
    if (large) input.value = "";
    told.textContent = large ? "文件超过 16 MB，没有选上，请换一个。" : `已选：${file.name}`;
  });
}
