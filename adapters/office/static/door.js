// The way to the server: what lies on the desk, and what an officer asks. Only this file speaks to it.

let proof = "";

/** Someone is not, or not any more, signed in. */
export class Outside extends Error {}

/** It was tried too often. */
export class Later extends Error {}

async function fetched(path, options = {}) {
  const answer = await fetch(path, { credentials: "same-origin", ...options });
  if (answer.status === 401) throw new Outside();
  if (answer.status === 429) throw new Later();
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer;
}

/** Everything there is to look at. */
export async function desk() {
  const answer = await fetched("/desk");
  proof = answer.headers.get("X-Office-Proof");
  return answer.json();
}

/** The pairs that are proposed, or null. */
export const round = async () => (await fetched("/round")).json();

/** Uses up a one-time link. */
export const enter = (code) => fetched("/enter", { method: "POST", body: code });

export const leave = () => fetched("/leave", { method: "POST", headers: { "X-Office-Proof": proof } });

/** One request to the core; the answer is {is: "message" | "update" | "form" | "nothing", message?, form?}. */
export async function ask(what) {
  const headers = { "Content-Type": "application/json", "X-Office-Proof": proof };
  const body = JSON.stringify({ call: crypto.randomUUID(), ...what });
  return (await fetched("/ask", { method: "POST", headers, body })).json();
}
