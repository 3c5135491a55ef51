import { useContext } from "preact/hooks";

import { PageContext } from "../components/page-context.ts";
import type { Page } from "../page.ts";
import type { PageData } from "../page-data.ts";
import { useSpeech } from "../speech/use-speech.tsx";

/** In place of a page that cannot be made just now. */
export const troublePage: Page<"trouble"> = {
  head: (_, { words }) => ({ title: words.trouble.title, description: words.trouble.text }),
  Body: TroubleBody,
};

function TroubleBody({ code, requestId }: PageData["trouble"]) {
  const { trouble } = useSpeech().words;
  const { address } = useContext(PageContext);
  return (
    <div class="wide notice">
      <h1>{trouble.title}</h1>
      <p>{trouble.text}</p>
      <p>
        <a class="act" href={address}>
          {trouble.again}
        </a>
      </p>
      <p class="small soft">{[code, requestId].filter((part) => part !== undefined).join(" · ")}</p>
    </div>
  );
}
