// Sets the interrupt signal of the session that sent its buffer.
onmessage = ({ data }) => {
  setTimeout(() => { data[0] = 2; }, 300);
};
postMessage('ready');
