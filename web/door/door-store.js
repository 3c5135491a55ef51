/**
 * What a device keeps when it is closed: its own id and gate, the lists of shows, and the scans that nobody has heard of yet. Nothing in
 * it is about a person.
 */
export async function openStore() {
  const database = await settled(
    Object.assign(indexedDB.open("door", 1), {
      onupgradeneeded({ target }) {
        target.result.createObjectStore("kept");
        target.result.createObjectStore("scans", { keyPath: "scanId" });
      },
    }),
  );
  const at = (name, mode) => database.transaction(name, mode).objectStore(name);
  return {
    get: (key) => settled(at("kept", "readonly").get(key)),
    set: (key, value) => settled(at("kept", "readwrite").put(value, key)),
    waiting: () => settled(at("scans", "readonly").getAll()),
    wait: (scan) => settled(at("scans", "readwrite").put(scan)),
    sent: (scanId) => settled(at("scans", "readwrite").delete(scanId)),
  };
}

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
