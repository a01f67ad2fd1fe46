/* What survives a reload: small things in localStorage, recordings and photos in IndexedDB. Without either, memory. */
const memory = new Map();
let kept = true;

try {
  localStorage.setItem("nx.probe", "1");
  localStorage.removeItem("nx.probe");
} catch (error) { kept = false; }

/** Whether this device keeps anything over a reload (a private window may not). */
export const keeps = () => kept;

export function get(key) {
  if (memory.has(key)) return memory.get(key);
  if (!kept) return null;
  return localStorage.getItem(key);
}

export function set(key, value) {
  if (kept) {
    try { localStorage.setItem(key, value); memory.delete(key); return true; } catch (error) { /* full: memory holds it */ }
  }
  memory.set(key, value);
  return false;
}

export function remove(key) {
  memory.delete(key);
  if (kept) localStorage.removeItem(key);
}

export function keys(prefix) {
  const found = new Set([...memory.keys()].filter((key) => key.startsWith(prefix)));
  if (kept) for (let i = 0; i < localStorage.length; i += 1) if (localStorage.key(i).startsWith(prefix)) found.add(localStorage.key(i));
  return [...found].sort();
}

const blobs = new Map();
let opening = null;

function database() {
  opening = opening || new Promise((resolve) => {
    try {
      const request = indexedDB.open("nuanxin", 1);
      request.onupgradeneeded = () => request.result.createObjectStore("media");
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => resolve(null);
    } catch (error) { resolve(null); }
  });
  return opening;
}

function run(mode, work) {
  return database().then((db) => db && new Promise((resolve) => {
    const request = work(db.transaction("media", mode).objectStore("media"));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
  }));
}

export async function putBlob(id, blob) {
  blobs.set(id, blob);
  // Safari's IndexedDB has lost blobs; bytes with their type are safe everywhere.
  const bytes = await blob.arrayBuffer();
  await run("readwrite", (store) => store.put({ bytes, type: blob.type }, id));
}

export async function getBlob(id) {
  if (blobs.has(id)) return blobs.get(id);
  const found = await run("readonly", (store) => store.get(id));
  return found ? new Blob([found.bytes], { type: found.type }) : null;
}

export function dropBlob(id) {
  blobs.delete(id);
  return run("readwrite", (store) => store.delete(id));
}
