import type { TextPart } from "../page-data.ts";

/** A text, with the words in it that were looked for. */
export function Marked({ text, parts }: { text: string; parts: TextPart[] | undefined }) {
  if (parts === undefined) return <>{text}</>;
  return (
    <>
      {parts.map((part, index) => (part.marked ? <mark key={index}>{part.text}</mark> : part.text))}
    </>
  );
}
