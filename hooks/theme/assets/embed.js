// Danh sách gương điển hình trên trang khác. Chỉ viết chữ và liên kết về trang gốc; không nhận HTML.
(function () {
  "use strict";
  var me = document.currentScript;
  if (!me) return;
  var base = new URL("../", me.src);
  var given = me.dataset;
  var home = /^((phong-trao|don-vi)\/[a-z0-9-]+\/)?$/.test(given.home || "") ? given.home || "" : "";
  var most = Math.min(Math.max(parseInt(given.n, 10) || 5, 1), 50);

  function ours(address) {
    try {
      var url = new URL(address);
      return url.origin === base.origin && url.pathname.indexOf(base.pathname) === 0 ? url.href : "";
    } catch (error) {
      return "";
    }
  }

  function element(name, text) {
    var made = document.createElement(name);
    made.appendChild(document.createTextNode(String(text)));
    return made;
  }

  function show(list) {
    var into = (given.into && document.getElementById(given.into)) || me.parentNode;
    var found = document.createElement("ul");
    found.className = "guong-sang";
    (Array.isArray(list.stories) ? list.stories : []).forEach(function (story) {
      var address = story && ours(story.url);
      if (!address || typeof story.title !== "string" || found.childNodes.length >= most) return;
      var row = document.createElement("li");
      var link = element("a", story.title);
      link.href = address;
      link.rel = "noopener";
      row.appendChild(link);
      var day = /^(\d{4})-(\d{2})-(\d{2})$/.exec(story.date);
      if (day) {
        // Nghị định 30/2020: ngày dưới 10 và tháng 1, 2 có số 0 ở trước
        var time = element("time", day[3] + "/" + (day[2] > 2 ? Number(day[2]) : day[2]) + "/" + day[1]);
        time.dateTime = story.date;
        row.appendChild(document.createTextNode(" "));
        row.appendChild(time);
      }
      if (story.sample === true) row.appendChild(document.createTextNode(" · Bài mẫu"));
      found.appendChild(row);
    });
    into.appendChild(found);
  }

  fetch(new URL(home + "stories.json", base), { credentials: "omit" })
    .then(function (answer) { if (!answer.ok) throw new Error(answer.status); return answer.json(); })
    .then(function (list) { if (list.version === 1) show(list); })
    .catch(function () { /* cổng vẫn như cũ khi trang gốc không trả lời */ });
})();
