
// The page of runs that train, from `pumice train --watch`: loads anew when they have progressed. The last
// state stays when the process has ended.
const kPatience = 2000;  // milliseconds

async function follow(state) {
  const line = element("p", { className: "quiet" }, "training; this page follows");
  document.querySelector("header").append(line);
  // The server waits for all tabs to show the last state: each has a name, and says what it shows.
  const tab = sessionStorage.pumice ??= crypto.randomUUID();
  for (;;) {
    const answer = await fetch(`/state/${tab}/${encodeURIComponent(state)}`).catch(() => null);
    if (!answer?.ok) break;
    if (await answer.text() !== state) return location.reload();
    await new Promise((done) => setTimeout(done, kPatience));
  }
  line.textContent = "no longer training; report.html in the run's folder has its last state";
}

follow(live);
