document.querySelectorAll("ul[data-column]").forEach(function (list) {
  fetch("/api/list.json?column=" + list.dataset.column + "&rows=" + list.dataset.rows)
    .then(function (answer) { return answer.json(); })
    .then(function (answer) {
      list.innerHTML = answer.rows.map(function (row) {
        return "<li><a href='" + row.url + "'>" + row.title + "</a><span>" + row.date + "</span></li>";
      }).join("");
    });
});
