import { useContext } from "preact/hooks";

import type { PageHead } from "../page.ts";
import { useSpeech } from "../speech/use-speech.tsx";
import { toScript } from "./to-script.ts";
import { PageContext } from "./page-context.ts";

/** The whole document around a body that is drawn already. Needs no inline script and no inline style. */
export function Document({ head, body }: { head: PageHead; body: string }) {
  const { language } = useSpeech();
  const { files, publicUrl, islands } = useContext(PageContext);
  const needed = [...islands].map((name) => files.islands[name] ?? { scripts: [], styles: [] });
  const styles = new Set([...files.styles, ...needed.flatMap((one) => one.styles)]);
  const scripts = new Set(needed.flatMap((one) => one.scripts));
  return (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{head.title}</title>
        <meta name="description" content={head.description} />
        <Identity head={head} publicUrl={publicUrl} />
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        {[...styles].map((href) => (
          <link key={href} rel="stylesheet" href={href} />
        ))}
        {islands.size > 0 && <script type="module" src={files.entry} />}
        {[...scripts].map((href) => (
          <link key={href} rel="modulepreload" href={href} />
        ))}
      </head>
      <body dangerouslySetInnerHTML={{ __html: body }} />
    </html>
  );
}

/** For search engines, and for those who are sent a link. */
function Identity({ head, publicUrl }: { head: PageHead; publicUrl: string }) {
  if (head.canonical === undefined) return <meta name="robots" content="noindex" />;
  const address = `${publicUrl}${head.canonical}`;
  return (
    <>
      <link rel="canonical" href={address} />
      <meta property="og:type" content="website" />
      <meta property="og:site_name" content="Marquee" />
      <meta property="og:title" content={head.title} />
      <meta property="og:description" content={head.description} />
      <meta property="og:url" content={address} />
      {head.structured !== undefined && (
        // A block of data: no policy has to let it run.
        <script
          type="application/ld+json"
          dangerouslySetInnerHTML={{ __html: toScript(head.structured(address)) }}
        />
      )}
      {head.image !== undefined && (
        <meta property="og:image" content={new URL(head.image, publicUrl).href} />
      )}
    </>
  );
}
