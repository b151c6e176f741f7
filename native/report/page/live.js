
// The page of runs that train, from `pumice train --watch`: loads anew when they have gone on. The last
// state stays when the process has ended.
const kPatience = 2000;  // milliseconds

async function follow(state) {
  const line = element("p", { className: "quiet" }, "training; this page follows");
  document.querySelector("header").append(line);
  for (;;) {
    await new Promise((done) => setTimeout(done, kPatience));
    const answer = await fetch("/state").catch(() => null);
    if (!answer?.ok) break;
    if (await answer.text() !== state) location.reload();
  }
  line.textContent = "no longer training; report.html in the run's folder has its last state";
}

follow(live);
