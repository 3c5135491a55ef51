import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

import { SignIn } from "../components/sign-in.tsx";
import { whoIsSignedIn } from "../session.ts";
import type { SignedIn as Who } from "../session.ts";
import { useSpeech } from "../speech/use-speech.tsx";

/** What is for whoever is signed in; nobody else sees more than how to do that. */
export function SignedIn({ children }: { children: (who: Who) => ComponentChildren }) {
  const { own } = useSpeech().words;
  const [who, setWho] = useState<Who | "nobody" | "unknown">();
  useEffect(() => {
    whoIsSignedIn().then(
      (found) => setWho(found ?? "nobody"),
      () => setWho("unknown"),
    );
  }, []);
  if (who === undefined) return <p class="soft">{own.loading}</p>;
  if (who === "unknown") return <p role="alert">{own.trouble}</p>;
  if (who === "nobody") return <SignIn onSignedIn={setWho} />;
  return <>{children(who)}</>;
}
