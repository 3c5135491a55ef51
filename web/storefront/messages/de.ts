import type { Messages } from "./en.ts";
import { ownDe } from "./own/de.ts";

export const de: Messages = {
  name: "Deutsch",
  frame: {
    skip: "Zum Inhalt",
    home: "Marquee, was läuft",
    main: "Hauptmenü",
    languages: "Sprache",
    foot: "Jeder Platz wird einmal verkauft. Jede Zahlung wird zum Ticket oder kommt zurück.",
  },
  title: {
    kinds: {
      film: "Film",
      concert: "Konzert",
      theatre: "Theater",
      comedy: "Comedy",
      sport: "Sport",
    },
    shows: "Vorstellungen",
    noShows: "Zurzeit sind keine Vorstellungen geplant.",
    age: (rating) => `Ab ${rating}`,
    spoken: (language) => `Auf ${language}`,
    duration: "Dauer",
    with: (people) => `Mit ${people}`,
  },
  show: {
    from: (price) => `ab ${price}`,
    free: "Kostenlos",
    availability: {
      available: "Plätze frei",
      few: "Wenige Plätze",
      sold_out: "Ausverkauft",
      cancelled: "Abgesagt",
    },
  },
  search: {
    label: "Vorstellungen suchen",
    placeholder: "Film, Künstler, Haus, Stadt",
    go: "Suchen",
    suggestions: "Vorschläge",
    suggested: (count) => (count === 1 ? "1 Vorschlag" : `${count} Vorschläge`),
    kinds: { title: "Titel", person: "Person", venue: "Haus", city: "Stadt" },
  },
  own: ownDe,
  notFound: {
    title: "Diese Seite gibt es nicht",
    text: "Vielleicht ist die Vorstellung vorbei, oder in der Adresse steckt ein Fehler.",
    home: "Was läuft",
  },
  trouble: {
    title: "Das hat nicht geklappt",
    text: "Etwas ist gerade nicht erreichbar. Ihre Tickets und Ihr Geld sind sicher. Versuchen Sie es in einer Minute noch einmal.",
    again: "Noch einmal versuchen",
  },
};
