import type { Poster as Picture } from "../page-data.ts";

/** The picture of a title, or its first letter where there is none. Beside it stands the title: it says nothing of its own. */
export function Poster({
  poster,
  title,
  isFirst = false,
}: {
  poster: Picture | null | undefined;
  title: string;
  /** Seen at once: it is what the page's largest paint waits for. */
  isFirst?: boolean;
}) {
  if (!poster) {
    return (
      <div class={`poster plain tone-${toneOf(title)}`} aria-hidden="true">
        <span>{firstLetter(title)}</span>
      </div>
    );
  }
  const { url, width, height } = poster;
  return (
    <img
      class="poster"
      {...{ src: url, width, height, alt: "", decoding: "async" }}
      loading={isFirst ? "eager" : "lazy"}
      fetchpriority={isFirst ? "high" : "auto"}
    />
  );
}

const letters = new Intl.Segmenter();

function firstLetter(text: string): string {
  const [first] = letters.segment(text);
  return first?.segment ?? "";
}

const tones = 6;

/** Always the same for a title, so that it is known again. */
function toneOf(title: string): number {
  return (
    Array.from(title, (letter) => letter.codePointAt(0) ?? 0).reduce((a, b) => a + b, 0) % tones
  );
}
