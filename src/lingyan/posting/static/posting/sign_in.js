// One press asks the telephone once where it is, and sends what it says. Nothing is kept here.
"use strict";
for (const form of document.querySelectorAll("[data-locate]")) {
  form.addEventListener("submit", (event) => {
    if (form.elements.latitude.value || !navigator.geolocation) return;
    event.preventDefault();
    const told = form.querySelector("[role=status]");
    told.textContent = "正在取位置…";
    navigator.geolocation.getCurrentPosition(
      (place) => {
        form.elements.latitude.value = place.coords.latitude.toFixed(2);
        form.elements.longitude.value = place.coords.longitude.toFixed(2);
        form.submit();
      },
      () => { told.textContent = "没有取得位置。不登记也可以，写日志同样算在村。"; },
      { timeout: 15000, maximumAge: 60000 },
    );
  });
}
