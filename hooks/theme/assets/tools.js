// Nghe, Cỡ chữ, Chia sẻ, In: comforts on a page that is complete without them. No button is shown that cannot work.
"use strict";
(() => {
  const bar = document.querySelector(".bar"), story = document.querySelector(".story");
  if (!bar) return;
  const tools = bar.appendChild(document.createElement("div")), said = document.createElement("p");
  tools.className = "tools";
  said.className = "said";
  said.setAttribute("role", "status");
  const tell = words => { bar.after(said); said.textContent = words; };
  const add = (name, drawing, act) => {
    const button = document.createElement("button");
    button.type = "button";
    button.title = name;
    button.setAttribute("aria-label", name);
    button.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${drawing}"/></svg>`;
    button.onclick = () => act(button);
    return tools.appendChild(button);
  };

  const sizes = ["", "larger", "largest"], key = "guong-sang-co-chu";
  const grow = size => { story.className = `story ${size}`; };
  let kept = "";
  try { kept = localStorage.getItem(key) || ""; } catch { /* no storage: the size holds for this page */ }
  if (sizes.includes(kept)) grow(kept); else kept = "";
  add("Cỡ chữ", "M2 19 8 5l6 14M4 15h8M15 19l3.5-8 3.5 8M16 17h5", () => {
    kept = sizes[(sizes.indexOf(kept) + 1) % 3];
    grow(kept);
    tell(`Cỡ chữ: ${{ larger: "lớn", largest: "rất lớn" }[kept] || "thường"}.`);
    try { localStorage.setItem(key, kept); } catch { /* as above */ }
  });

  add("Chia sẻ", "M12 15V3M8 7l4-4 4 4M5 12v8h14v-8", async () => {
    const link = document.querySelector("link[rel=canonical]").href;
    try {
      if (navigator.share) await navigator.share({ title: document.title, url: link });
      else { await navigator.clipboard.writeText(link); tell("Đã sao chép liên kết."); }
    } catch (error) { if (error.name !== "AbortError") tell(link); }
  });
  add("In", "M7 9V3h10v6M7 17H4V9h16v8h-3M7 14h10v7H7z", () => print());

  const speech = window.speechSynthesis;
  let listen;
  const offer = () => {
    const voice = speech.getVoices().find(one => /^vi\b/i.test(one.lang));
    if (!voice || listen) return;
    listen = add("Nghe", "M4 9v6h4l5 4V5L8 9zM16 8.5a5 5 0 0 1 0 7M19 6a9 9 0 0 1 0 12", button => {
      const on = !speech.speaking;
      speech.cancel();
      button.setAttribute("aria-pressed", on);
      if (!on) return;
      // a paragraph at a time: some engines fall silent in a long text
      const parts = [...story.querySelectorAll(".prose :is(h2,p:not([aria-hidden]),li)")].map(one => new SpeechSynthesisUtterance(one.textContent));
      for (const part of parts) { part.lang = "vi-VN"; part.voice = voice; speech.speak(part); }
      parts.at(-1).onend = () => button.setAttribute("aria-pressed", false);
    });
    tools.prepend(listen);
  };
  if (speech) { offer(); speech.addEventListener?.("voiceschanged", offer); addEventListener("pagehide", () => speech.cancel()); }
})();
