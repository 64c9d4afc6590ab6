// Where the device is, said only when it is asked for; without it the community is chosen from the list.
const asked = document.querySelector("[data-locate]");
if (asked && navigator.geolocation) {
  const told = asked.querySelector("[aria-live]");
  asked.hidden = false;
  asked.querySelector("button").addEventListener("click", () => {
    told.textContent = "正在取得位置……";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        document.querySelector("input[name=lat]").value = coords.latitude.toFixed(6);
        document.querySelector("input[name=long]").value = coords.longitude.toFixed(6);
        document.getElementById("place").required = false;
        told.textContent = "已取得位置，可以不选社区。";
      },
      () => { told.textContent = "没有取得位置，请选择社区。"; },
    );
  });
}
