// Sets the interrupt signal of the session that sent its buffers, as soon as its program runs.
onmessage = ({ data: { signal, running } }) => {
  Atomics.wait(running, 0, 0);
  signal[0] = 2;
};
postMessage('ready');
