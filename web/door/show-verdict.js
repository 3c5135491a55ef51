import { byId } from "./page-parts.js";

/** What each verdict looks like, sounds like and says. Told by shape and word, and by colour only beside them. */
const looks = {
  entered: {
    shape: "M18 54 L42 78 L84 24",
    tones: [[880, 0.12]],
    vibration: [60],
  },
  refused: {
    shape: "M22 22 L78 78 M78 22 L22 78",
    tones: [
      [196, 0.22],
      [196, 0.3],
    ],
    vibration: [200, 80, 200],
  },
  careful: {
    shape: "M50 12 L92 88 L8 88 Z M50 42 L50 62 M50 75 L50 75",
    tones: [[440, 0.3]],
    vibration: [120, 60, 120],
  },
};

export const verdicts = {
  entered: { look: "entered", word: "Let in" },
  already_entered: { look: "refused", word: "Used before" },
  void: { look: "refused", word: "Not valid", why: "Given back, moved, or somebody else's now." },
  undone: { look: "careful", word: "Scan again", why: "A supervisor has taken this scan back." },
  unknown: { look: "refused", word: "No such ticket" },
  not_ours: { look: "refused", word: "Not a ticket" },
  wrong_show: { look: "refused", word: "Other show", why: "The ticket is for another show." },
  wrong_gate: { look: "careful", word: "Other gate", why: "This section comes in elsewhere." },
  unknown_key: {
    look: "careful",
    word: "Cannot tell",
    why: "Its key is newer than this list. Find the network, or ask a supervisor.",
  },
};

let audio;

/** Browsers let a page sound once it was touched. */
export function allowSound() {
  audio ??= new AudioContext();
}

export function showVerdict({ verdict, seat, why }) {
  const { look, word, why: ownWords = "" } = verdicts[verdict];
  const { shape, tones, vibration } = looks[look];
  byId("verdict").className = look;
  byId("shape").setAttribute("d", shape);
  byId("word").textContent = word;
  byId("seat").textContent = seat;
  byId("why").textContent = why || ownWords;
  navigator.vibrate?.(vibration);
  sound(tones);
}

function sound(tones) {
  if (audio === undefined) return;
  let at = audio.currentTime;
  for (const [hertz, seconds] of tones) {
    const tone = new OscillatorNode(audio, { frequency: hertz });
    tone.connect(audio.destination);
    tone.start(at);
    tone.stop(at + seconds);
    at += seconds + 0.06;
  }
}
