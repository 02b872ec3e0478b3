/** Runs one case in a worker of its own; a worker that does not answer in time is ended. */
globalThis.runCase = (task, seconds) => new Promise((done) => {
  const worker = new Worker('/tab/worker.mjs', { type: 'module' });
  const finish = (answer) => {
    clearTimeout(timer);
    worker.terminate();
    done(answer);
  };
  const timer = setTimeout(() => finish({ fatal: `no answer within ${seconds} s` }), seconds * 1000);
  worker.onmessage = (event) => finish(event.data);
  worker.onerror = (event) => finish({ fatal: event.message || 'the worker did not start' });
  worker.postMessage(task);
});
