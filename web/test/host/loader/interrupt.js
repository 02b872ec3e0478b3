// Sets the interrupt signal of the session that sent its buffers, as soon as its program runs.
onmessage = ({ data: { signal, running } }) => {
  // The session blocks its thread only when this one certainly has the message.
  postMessage('waiting');
  Atomics.wait(running, 0, 0);
  signal[0] = 2;
};
