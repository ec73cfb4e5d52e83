// A WebSocket that comes back. The server tells everything from the start on each connection, so nothing is missed.

export class Link {
  #socket = null;
  #waiting = [];
  #closed = false;
  #pause = 250;

  constructor(query, heard, state = () => {}) {
    // Calls are numbered within a session, so the same press can never count twice.
    const session = crypto.randomUUID();
    this.url = `ws://${location.host}/socket?${new URLSearchParams({ ...query, session })}`;
    this.heard = heard;
    this.state = state;
    this.#connect();
  }

  #connect() {
    const socket = new WebSocket(this.url);
    this.#socket = socket;
    socket.onopen = () => {
      this.#pause = 250;
      this.state(true);
      for (const line of this.#waiting.splice(0)) socket.send(line);
    };
    socket.onmessage = (event) => this.heard(JSON.parse(event.data));
    socket.onclose = () => {
      if (this.#closed) return;
      this.state(false);
      setTimeout(() => this.#closed || this.#connect(), this.#pause);
      this.#pause = Math.min(this.#pause * 2, 5000);
    };
  }

  say(what) {
    const line = JSON.stringify(what);
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(line);
    else this.#waiting.push(line);
  }

  close() {
    this.#closed = true;
    this.#socket.close();
  }
}
