/** A phone sees a code at arm's length in so many pixels; more cost time. */
const widthMax = 480;
/** A code that stays in front of the camera is one scan. */
const sameCodeMs = 3_000;
/** It comes out of a package: there is no such file beside this one, but the API serves it there. */
const ownReader = "./jsqr.js";

/**
 * Calls `onCode(text, seenAtMs)` for each code that the camera sees, one at a time; `seenAtMs` is when its picture was taken. Answers
 * with what ends it. Throws when there is no camera, or it may not be used.
 */
export async function watchCamera(video, onCode) {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: "environment", width: { ideal: 640 } },
  });
  video.srcObject = stream;
  await video.play();
  const read = await createReader();
  let isRunning = true;
  let last = { text: "", atMs: 0 };

  async function look() {
    if (!isRunning) return;
    const seenAtMs = performance.now();
    const text = video.readyState >= 2 ? await read(video).catch(() => undefined) : undefined;
    if (text !== undefined) {
      const isSame = text === last.text && seenAtMs - last.atMs < sameCodeMs;
      last = { text, atMs: seenAtMs };
      if (!isSame) await onCode(text, seenAtMs);
    }
    nextFrame(look);
  }
  nextFrame(look);

  return () => {
    isRunning = false;
    for (const track of stream.getTracks()) track.stop();
  };

  function nextFrame(work) {
    if ("requestVideoFrameCallback" in video) video.requestVideoFrameCallback(work);
    else requestAnimationFrame(work);
  }
}

/** The browser's own reader where it has one that knows QR codes, else ours. */
async function createReader() {
  const formats = await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => []);
  if (formats?.includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video))[0]?.rawValue;
  }
  await import(ownReader);
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    const scale = Math.min(1, widthMax / video.videoWidth);
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const found = self.jsQR(data, canvas.width, canvas.height, { inversionAttempts: "dontInvert" });
    return found?.data || undefined;
  };
}
