/**
 * Which of our languages a reader gets: what the address says (`?lang=de`), what they chose before (a cookie), what their browser
 * likes most of these; else the first.
 */
export function chooseLanguage<Language extends string>(
  request: Pick<Request, "headers" | "url">,
  languages: readonly Language[],
): Language {
  const known = (name: string | undefined) => languages.find((language) => language === name);
  const [first] = languages;
  if (first === undefined) throw new Error("There are no languages");
  return (
    known(languageInAddress(request.url)) ??
    known(/(?:^|;\s*)lang=(\w+)/.exec(request.headers.get("cookie") ?? "")?.[1]) ??
    likedLanguages(request.headers.get("accept-language") ?? "")
      .map(known)
      .find((language) => language !== undefined) ??
    first
  );
}

/** What a link of the shop has asked for, whether we have it or not. */
export function languageInAddress(url: string): string | undefined {
  return /[?&]lang=([^&#]*)/.exec(url)?.[1];
}

/** "de-AT,de;q=0.9,en;q=0.8" is ["de", "de", "en"]: most liked first, without their countries. */
function likedLanguages(header: string): string[] {
  return header
    .slice(0, headerLengthMax)
    .split(",")
    .map((part) => {
      const [tag = "", quality] = part.split(";q=");
      return {
        language: (tag.trim().split("-")[0] ?? "").toLowerCase(),
        quality: Number(quality ?? 1),
      };
    })
    .filter(({ quality }) => quality > 0)
    .toSorted((one, other) => other.quality - one.quality)
    .map(({ language }) => language);
}

const headerLengthMax = 300;
