// The hub's page while a JupyterLab starts or stops: asks again by itself, and goes on once there is something else to show.
const PAUSE = 1500; // milliseconds

function ask() {
  setTimeout(() => {
    fetch(location.href, { credentials: "same-origin", redirect: "manual" }).then((answer) => {
      if (answer.ok) ask();
      else location.reload(); // it leads somewhere, or did not go well: the page says which
    }, ask);
  }, PAUSE);
}

ask();
