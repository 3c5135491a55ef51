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
    when: "Wann",
    where: "Wo",
    limit: (seats) => `Höchstens ${seats} je Person`,
    prices: "Preise",
    fee: (fee) => `darin ${fee} Gebühr`,
    price: "Preis",
    section: "Bereich",
    freeSeats: "Frei",
    soldOutHere: "Ausverkauft",
    choose: "Plätze wählen",
    nowFree: "Was frei ist",
    withoutScript:
      "Um Plätze zu wählen, braucht diese Seite JavaScript. Was frei ist, wurde vor wenigen Sekunden gezählt.",
    line: "Viele wollen diese Vorstellung: Es gibt eine Schlange, und alle kommen der Reihe nach dran.",
    toLine: "Anstellen",
    phases: {
      cancelled: {
        title: "Diese Vorstellung ist abgesagt",
        text: "Wer Tickets gekauft hat, bekommt den ganzen Preis samt Gebühren zurück. Eine Mail sagt, wann.",
      },
      past: { title: "Diese Vorstellung ist vorbei", text: "Vielleicht gibt es weitere." },
      closed: {
        title: "Online gibt es keine Tickets mehr",
        text: "Fragen Sie an der Kasse des Hauses.",
      },
      sold_out: {
        title: "Zurzeit ausverkauft",
        text: "Plätze werden wieder frei, wenn jemand nicht zahlt oder Tickets zurückgibt. Die Warteliste bietet sie der Reihe nach an, per Mail.",
      },
    },
    opensAt: (moment) => `Der Verkauf beginnt am ${moment}`,
    opensIn: (left) => `in ${left}`,
    presale: (names) => `Zurzeit nur für: ${names}. Sie brauchen einen Code.`,
    description: (title, venue, city, day, time) =>
      `${title}, ${venue}, ${city}, ${day} um ${time}. Plätze wählen und in einer Minute bezahlen.`,
    otherShows: "Alle Vorstellungen dieses Titels",
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
