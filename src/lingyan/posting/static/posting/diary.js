// The diary without signal: what is written lies in the phone's own database until the server has answered for it.
// Sent in the order of writing; each thing carries a number of its own, so that sending it again changes nothing.
"use strict";
(() => {
  const home = document.getElementById("diary");
  if (!home || !window.indexedDB) return;
  const form = document.getElementById("diary-form");
  const EDGE = 1600;
  const FIELDS = ["happened_on", "duty", "text", "with_whom", "need", "households"];
  if (home.dataset.owner) localStorage.setItem("diary-owner", home.dataset.owner);
  const owner = home.dataset.owner || localStorage.getItem("diary-owner") || "";

  // --- the phone's own database ---------------------------------------------------------------

  const opened = new Promise((resolve, reject) => {
    const asked = indexedDB.open("lingyan-diary", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("queue", { keyPath: "seq", autoIncrement: true });
      asked.result.createObjectStore("kept");
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });

  // One transaction; resolved when it is on the disk, not when it was asked for.
  const within = async (stores, mode, work) => {
    const db = await opened;
    return new Promise((resolve, reject) => {
      const act = db.transaction(stores, mode, { durability: "strict" });
      let result;
      act.oncomplete = () => resolve(result && "result" in result ? result.result : undefined);
      act.onerror = act.onabort = () => reject(act.error);
      result = work(...stores.map((name) => act.objectStore(name)));
    });
  };
  const backlog = async () => {
    const all = await within(["queue"], "readonly", (queue) => queue.getAll());
    return all.filter((one) => one.owner === owner);
  };
  const keep = (name, value) => within(["kept"], "readwrite", (kept) => kept.put(value, `${owner}:${name}`));
  const kept = (name) => within(["kept"], "readonly", (store) => store.get(`${owner}:${name}`));

  const number = () => {
    if (crypto.randomUUID) return crypto.randomUUID();
    // Without https there is no randomUUID, but there is chance.
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
  };

  // --- writing ----------------------------------------------------------------------------------

  const smaller = async (file) => {
    if (!/^image\/(jpeg|png|webp)$/.test(file.type)) throw new Error(`${file.name} 不是照片（只收 JPG、PNG、WEBP 图片）`);
    let image;
    try {
      image = await createImageBitmap(file);
    } catch {
      throw new Error(`${file.name} 打不开，不是照片`);
    }
    const scale = Math.min(1, EDGE / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.8));
  };

  const read = () => {
    const said = new FormData(form);
    const values = Object.fromEntries(FIELDS.map((name) => [name, String(said.get(name) || "").trim()]));
    values.text = values.text.replace(/\r\n/g, "\n");
    values.households = Number.parseInt(values.households, 10) || 0;
    return values;
  };

  const tell = (text) => {
    let place = form.querySelector(".phone-says");
    if (!place) {
      place = document.createElement("p");
      place.setAttribute("role", "alert");
      form.prepend(place);
    }
    place.className = "note error phone-says";
    place.textContent = text;
    place.scrollIntoView({ block: "center" });
  };

  const today = () => new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10);

  let began = Date.now(); // for the burden meter: how long the form was open, and nothing else
  const write = async () => {
    const values = read();
    if (!values.text || !values.duty || !values.happened_on) return tell("请写做了什么，选一项职责任务，写上日期");
    if (values.happened_on > today()) return tell(`${values.happened_on} 还没有到，日志只记已经做过的事`);
    let photos;
    try {
      photos = await Promise.all([...form.photos.files].map(smaller));
    } catch (error) {
      return tell(error.message);
    }
    const base = form.base.value ? JSON.parse(form.base.value) : null;
    const entry = form.entry.value || number();
    const replaced = form.replaces && Number(form.replaces.value);
    // A page that was kept by the browser may send the same entry again: its number stays.
    const own = (form.number && form.number.value) || (base || replaced ? number() : entry);
    await within(["queue"], "readwrite", (queue) => {
      if (replaced) queue.delete(replaced);
      queue.add({ kind: "entry", owner, number: own, entry, values, base, seconds: Math.round((Date.now() - began) / 1000), at: Date.now() });
      for (const blob of photos) queue.add({ kind: "photo", owner, number: number(), entry, blob });
    });
    began = Date.now();
    await send();
    const left = (await backlog()).filter((one) => one.entry === entry);
    if (left.length && !form.dataset.after) {
      form.reset();
      ["entry", "base", "replaces"].forEach((name) => (form[name].value = ""));
      document.getElementById("diary-editing").hidden = true;
      form.happened_on.value = today();
      return document.getElementById("backlog").scrollIntoView();
    }
    if (left.length && !(navigator.serviceWorker && navigator.serviceWorker.controller)) {
      // No page without signal can be shown here: stay on this one.
      form.hidden = true;
      return;
    }
    location.href = form.dataset.after || home.dataset.sync.replace("sync/", "");
  };

  if (form) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const button = form.querySelector("button");
      button.disabled = true;
      write()
        .catch(() => tell("手机没有存下，请不要关掉这一页，再按一次"))
        .finally(() => {
          button.disabled = false;
          delete form.dataset.sent;
        });
    });
  }

  // --- sending ----------------------------------------------------------------------------------

  const token = () => (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1] || "";
  const post = (url, body, headers = {}) =>
    fetch(url, {
      method: "POST",
      body,
      headers: { "X-CSRFToken": token(), ...headers },
      credentials: "same-origin",
      redirect: "manual",
    });

  let state = "";
  const LATER = Symbol("later");

  // The answer as JSON, or LATER with the reason in `state`: nothing is taken out of the queue then.
  const answered = async (asked) => {
    let answer;
    try {
      answer = await asked;
    } catch {
      state = "没有信号，有了信号会自动发送";
      return LATER;
    }
    if (answer.type === "opaqueredirect" || answer.status === 403) {
      state = "请先登录，登录后自动发送";
      return LATER;
    }
    if (!(answer.headers.get("Content-Type") || "").includes("json")) {
      state = "服务器暂时没有收下，过一会儿再发";
      return answer.status === 409 || answer.status === 404 || answer.status === 413 ? { status: answer.status } : LATER;
    }
    const told = await answer.json();
    if (answer.ok) return told;
    state = told.text || "服务器暂时没有收下，过一会儿再发";
    return LATER;
  };

  const settle = (one, answer) =>
    within(["queue"], "readwrite", (queue) => {
      if (answer.outcome === "refused") queue.put({ ...one, refused: answer.refusals.map((reason) => reason.text) });
      else queue.delete(one.seq);
    });

  const sendEntry = async (one) => {
    const sent = [{ number: one.number, entry: one.entry, values: one.values, base: one.base, seconds: one.seconds }];
    const answer = await answered(
      post(home.dataset.sync, JSON.stringify({ owner, sent }), { "Content-Type": "application/json" }),
    );
    if (answer === LATER || !answer.answers) return false;
    await settle(one, answer.answers[0]);
    return true;
  };

  const sendPhoto = async (one) => {
    const body = new FormData();
    body.append("number", one.number);
    body.append("photo", one.blob, "photo.jpg");
    const answer = await answered(post(home.dataset.sync.replace("sync/", `${one.entry}/photos/`), body));
    if (answer === LATER) return false;
    await settle(one, answer.outcome ? answer : { outcome: "refused", refusals: [{ text: "照片没有收下" }] });
    return true;
  };

  // One after another, in the order of writing: what comes later of an entry waits for what came first.
  const sendAll = async () => {
    const waits = new Set();
    let last = 0;
    state = "";
    for (;;) {
      // Looked up each time: something may have been written meanwhile.
      const one = (await backlog()).find((next) => next.seq > last);
      if (!one) return;
      last = one.seq;
      if (one.refused) waits.add(one.entry);
      else if (waits.has(one.entry)) continue;
      else if (!(await (one.kind === "photo" ? sendPhoto(one) : sendEntry(one)))) return;
      else if ((await backlog()).some((left) => left.seq === last)) waits.add(one.entry);
    }
  };

  let under_way = null;
  const send = () => {
    under_way =
      under_way ||
      // Two pages of one phone take turns; where there are no locks the server sorts it out.
      (navigator.locks ? navigator.locks.request("lingyan-diary", sendAll) : sendAll()).finally(() => {
        under_way = null;
        return show();
      });
    return under_way;
  };

  // --- the visible backlog ----------------------------------------------------------------------

  const element = (name, text, more = {}) => Object.assign(document.createElement(name), { textContent: text }, more);

  const fill = (values, { entry, base, replaces = "", note }) => {
    FIELDS.forEach((name) => {
      if (name === "duty") form.querySelectorAll("[name=duty]").forEach((radio) => (radio.checked = radio.value === values.duty));
      else form[name].value = values[name] || "";
    });
    form.entry.value = entry;
    form.base.value = base ? JSON.stringify(base) : "";
    form.replaces.value = replaces;
    const place = document.getElementById("diary-editing");
    place.hidden = false;
    place.textContent = note;
    form.text.focus();
  };

  const line = (one, photos) => {
    const item = element("li", "");
    item.append(element("b", one.kind === "photo" ? "照片" : one.values.happened_on));
    item.append(` ${one.kind === "photo" ? "" : one.values.text.slice(0, 60)} `);
    if (photos) item.append(element("span", `${photos} 张照片`, { className: "tag" }), " ");
    item.append(element("span", one.refused ? "没有收下" : "等待发送", { className: one.refused ? "tag r" : "tag y" }));
    if (!one.refused) return item;
    item.append(element("p", one.refused.join("；"), { className: "em" }));
    if (one.kind === "entry") {
      const mend = element("button", "修改后再发", { type: "button", className: "btn small" });
      mend.onclick = () => {
        const note = `正在改 ${one.values.happened_on} 没有收下的这一条`;
        if (form && form.replaces) fill(one.values, { entry: one.entry, base: one.base, replaces: one.seq, note });
        else location.href = `${home.dataset.sync.replace("sync/", "offline/")}#${one.seq}`;
      };
      item.append(mend, " ");
    }
    const drop = element("button", "删去", { type: "button", className: "btn small plain" });
    drop.onclick = async () => {
      if (drop.dataset.sure) {
        const with_it = (await backlog()).filter((other) => other.seq === one.seq || (one.kind === "entry" && other.kind === "photo" && other.entry === one.entry));
        await within(["queue"], "readwrite", (queue) => with_it.forEach((other) => queue.delete(other.seq)));
        return show();
      }
      drop.dataset.sure = "yes";
      drop.textContent = "再按一次，确实删去";
    };
    item.append(drop);
    return item;
  };

  const show = async () => {
    const card = document.getElementById("backlog");
    if (!card) return;
    const all = await backlog();
    const written = all.filter((one) => one.kind === "entry");
    const entries = new Set(written.map((one) => one.entry));
    const alone = all.filter((one) => one.kind === "photo" && !entries.has(one.entry));
    const photos = (entry) => all.filter((one) => one.kind === "photo" && one.entry === entry).length;
    card.hidden = !all.length;
    document.getElementById("backlog-count").textContent = `${written.length + alone.length} 条`;
    document.getElementById("backlog-state").textContent = state;
    document
      .getElementById("backlog-list")
      .replaceChildren(...written.map((one) => line(one, photos(one.entry))), ...alone.map((one) => line(one, 0)));
  };

  const button = document.getElementById("backlog-send");
  const sendAndLook = async () => {
    const before = (await backlog()).length;
    await send();
    if (!before || (await backlog()).length) return;
    // What has come in is shown by the server; a form that is being filled is left alone.
    if (!form) location.reload();
    else if (form.hidden) location.href = form.dataset.after;
  };
  if (button) button.onclick = sendAndLook;
  window.addEventListener("online", sendAndLook);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && sendAndLook());
  setInterval(async () => (await backlog()).some((one) => !one.refused) && sendAndLook(), 30000);

  // --- what the page without signal needs -------------------------------------------------------

  const given = (id) => {
    const place = document.getElementById(id);
    return place ? JSON.parse(place.textContent) : null;
  };

  const furnish = async () => {
    if (given("diary-needs")) await keep("needs", given("diary-needs"));
    if (given("diary-copies")) await keep("copies", given("diary-copies"));
    if (!form || !form.replaces) return;
    form.happened_on.value = form.happened_on.value || today();
    form.happened_on.max = today();
    for (const one of (await kept("needs")) || []) form.need.append(element("option", one.text, { value: one.id }));
    const waiting = (await backlog()).filter((one) => one.kind === "entry");
    const copies = ((await kept("copies")) || []).map((copy) => {
      const last = waiting.filter((one) => one.entry === copy.id && !one.refused).pop();
      return last ? { id: copy.id, values: last.values } : copy;
    });
    const lines = copies.slice(0, 20).map((copy) => {
      const item = element("li", "", { className: "entry" });
      const mend = element("button", "修改", { type: "button", className: "btn small" });
      mend.onclick = () => fill(copy.values, { entry: copy.id, base: copy.values, note: `正在改 ${copy.values.happened_on} 的日志` });
      item.append(element("b", copy.values.happened_on), ` ${copy.values.text.slice(0, 80)} `, mend);
      return item;
    });
    document.getElementById("diary-recent").hidden = !lines.length;
    document.getElementById("diary-recent-list").replaceChildren(...lines);
    const asked = waiting.find((one) => String(one.seq) === location.hash.slice(1));
    if (asked) fill(asked.values, { entry: asked.entry, base: asked.base, replaces: asked.seq, note: "改好后再发送" });
  };

  furnish().then(show).then(sendAndLook);
  if (navigator.serviceWorker && home.dataset.worker) navigator.serviceWorker.register(home.dataset.worker);
})();
