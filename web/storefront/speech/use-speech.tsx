import { createContext } from "preact";
import type { ComponentChildren } from "preact";
import { useContext } from "preact/hooks";

import type { Speech } from "./create-speech.ts";

const SpeechContext = createContext<Speech | undefined>(undefined);

/** How the page around a component speaks. */
export function useSpeech(): Speech {
  const speech = useContext(SpeechContext);
  if (speech === undefined) throw new Error("Nobody has said in which language");
  return speech;
}

export function SpeechProvider({
  speech,
  children,
}: {
  speech: Speech;
  children: ComponentChildren;
}) {
  return <SpeechContext.Provider value={speech}>{children}</SpeechContext.Provider>;
}
