import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

import { SignIn } from "../components/sign-in.tsx";
import { whoIsSignedIn } from "../session.ts";
import type { SignedIn as Who } from "../session.ts";
import { useSpeech } from "../speech/use-speech.tsx";

/**
 * What is for whoever is signed in; nobody else sees more than how to do that. `instead`: what is shown while nobody says who it is;
 * with `isAway` nobody can.
 */
export function SignedIn({
  children,
  instead,
}: {
  children: (who: Who) => ComponentChildren;
  instead?: (isAway: boolean) => ComponentChildren | false;
}) {
  const { own } = useSpeech().words;
  const [who, setWho] = useState<Who | "nobody" | "unknown">();
  useEffect(() => {
    whoIsSignedIn().then(
      (found) => setWho(found ?? "nobody"),
      () => setWho("unknown"),
    );
  }, []);
  if (who === undefined) return <>{instead?.(false) || <p class="soft">{own.loading}</p>}</>;
  if (who === "unknown") return <>{instead?.(true) || <p role="alert">{own.trouble}</p>}</>;
  if (who === "nobody") return <SignIn onSignedIn={setWho} />;
  return <>{children(who)}</>;
}
