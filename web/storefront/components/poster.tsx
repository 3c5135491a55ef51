import type { Poster as Picture } from "../page-data.ts";

/**
 * The picture of a title, over its first letter: that is what is seen until the picture is there, and where there is none or it fails.
 * Beside it stands the title: it says nothing of its own.
 */
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
  return (
    <div class={`poster tone-${toneOf(title)}`} aria-hidden="true">
      <span>{firstLetter(title)}</span>
      {poster && (
        <img
          {...{ src: poster.url, width: poster.width, height: poster.height, alt: "" }}
          decoding="async"
          loading={isFirst ? "eager" : "lazy"}
          fetchpriority={isFirst ? "high" : "auto"}
        />
      )}
    </div>
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
