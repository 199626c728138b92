fetch("/api/page?path=" + encodeURIComponent(location.pathname))
  .then(function (answer) { return answer.text(); })
  .then(function (text) {
    var page = new DOMParser().parseFromString(text, "text/html");
    document.title = page.title;
    document.body.className = page.body.className;
    document.getElementById("app").innerHTML = page.body.innerHTML;
  });
