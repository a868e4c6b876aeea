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

// Where the session ended while somebody wrote, the page that says so keeps what was written for this tab; after signing in
// the form has it again. The next page that is shown, whichever it is, takes it out of the tab's memory.
const keepWriting = () => {
  const written = document.getElementById("written");
  if (written) {
    sessionStorage.setItem("written", written.textContent);
    return;
  }
  const { path, fields } = JSON.parse(sessionStorage.getItem("written") || "{}");
  sessionStorage.removeItem("written");
  if (path !== location.pathname) return;
  const named = (form) => Object.keys(fields).filter((name) => form.elements.namedItem(name)).length;
  const forms = [...document.querySelectorAll("form[method=post]")].sort((a, b) => named(b) - named(a));
  if (!forms.length || !named(forms[0])) return;
  for (const field of forms[0].elements) {
    const values = fields[field.name];
    if (!values || ["hidden", "file", "password"].includes(field.type)) continue;
    if (["checkbox", "radio"].includes(field.type)) field.checked = values.includes(field.value);
    else if (field.multiple) [...field.options].forEach((one) => (one.selected = values.includes(one.value)));
    else field.value = values.length > 1 ? values.shift() : values[0];
  }
  forms[0].insertAdjacentHTML("beforebegin", '<p class="note" role="status">刚才写的已经填回，还没有保存，请核对后再提交。</p>');
};
window.addEventListener("DOMContentLoaded", keepWriting);
