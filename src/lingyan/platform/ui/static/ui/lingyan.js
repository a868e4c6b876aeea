// What the pages gain with JavaScript: no double sending, dialogs that ask, focus after a swap. Everything works without it.
"use strict";

// A form is sent once: a second press while the answer is under way does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 8000);
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

// <button data-dialog="id"> opens a <dialog>; without JavaScript its own address (href or form) does the same on a page.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (dialog && dialog.showModal) {
      event.preventDefault();
      dialog.showModal();
    }
  }
  if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
  if (!event.target.closest("details.who")) {
    document.querySelectorAll("details.who[open]").forEach((menu) => menu.removeAttribute("open"));
  }
});

// <button data-print> prints the page.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// After an error answer the reader must hear of it: say so where refusals stand.
document.addEventListener("htmx:responseError", () => {
  const place = document.getElementById("refusals");
  if (place) place.innerHTML = '<div class="note error"><p>没有完成，请刷新页面后再试。</p></div>';
});

// In a list marked data-current the row whose page is shown stays marked, also after htmx has put it in.
document.addEventListener("htmx:pushedIntoHistory", () => {
  document.querySelectorAll("[data-current] a").forEach((row) => {
    if (row.pathname === location.pathname) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  });
});

// A table wider than its card is a stop of the keyboard, so that the arrow keys scroll it.
const markScrolling = () =>
  document.querySelectorAll(".wrap").forEach((wrap) => {
    if (wrap.scrollWidth <= wrap.clientWidth || wrap.tabIndex === 0) return;
    wrap.tabIndex = 0;
    wrap.setAttribute("role", "region");
    wrap.setAttribute("aria-label", "表格，可左右滚动");
  });
["DOMContentLoaded", "resize", "htmx:afterSettle"].forEach((moment) =>
  window.addEventListener(moment, markScrolling),
);
