// A clock for a page that may be hidden: browsers slow the timers of such a page, not those of its Web Workers.
setInterval(() => postMessage('tick'), 1000);
