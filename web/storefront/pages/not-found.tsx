import type { Page } from "../page.ts";
import { useSpeech } from "../speech/use-speech.tsx";

/** In place of what is not there. */
export const notFoundPage: Page<"not-found"> = {
  head: (_, { words }) => ({ title: words.notFound.title, description: words.notFound.text }),
  Body: NotFoundBody,
};

function NotFoundBody() {
  const { notFound } = useSpeech().words;
  return (
    <div class="wide notice">
      <h1>{notFound.title}</h1>
      <p>{notFound.text}</p>
      <p>
        <a class="act" href="/">
          {notFound.home}
        </a>
      </p>
    </div>
  );
}
